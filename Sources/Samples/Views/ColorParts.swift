import Imaging
import Randomness

/// A part of strong views that changes colours; the numbers are those of Soft Teacher's release.
///
/// Magnitudes are whole numbers of 1...9, all equally likely.
public protocol ColorPart: Augmentation {
  /// How likely the part acts, 0...1.
  var probability: Double { get }
  /// Draws the operation.
  func operation(using generator: inout SeededGenerator) -> ColorOperation
}

extension ColorPart {
  /// Changes the colours, or not.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    plan.append(.color(operation(using: &generator)))
  }

  /// One of the magnitudes.
  func magnitude(_ range: ClosedRange<Int>, _ generator: inout SeededGenerator) -> Int {
    precondition(
      1 <= range.lowerBound && range.upperBound <= 9, "ColorPart: expected magnitudes in 1...9, got \(range)")
    return range.lowerBound + generator.integer(below: range.count)
  }

  /// The factor of the operations that mix two images, 0.28 to 1.72.
  func factor(_ range: ClosedRange<Int>, _ generator: inout SeededGenerator) -> Double {
    0.18 * Double(magnitude(range, &generator)) + 0.1
  }
}

/// Changes nothing; recorded all the same, since it is one of the nine that are drawn.
public struct RandomIdentity: ColorPart {
  /// How likely the part acts, 0...1.
  public let probability: Double

  /// Always, unless said otherwise.
  public init(probability: Double = 1) { self.probability = probability }

  /// Draws the operation.
  public func operation(using generator: inout SeededGenerator) -> ColorOperation { .identity }
}

/// Stretches each channel to its full range.
public struct RandomAutoContrast: ColorPart {
  /// How likely the part acts, 0...1.
  public let probability: Double

  /// Always, unless said otherwise.
  public init(probability: Double = 1) { self.probability = probability }

  /// Draws the operation.
  public func operation(using generator: inout SeededGenerator) -> ColorOperation { .autoContrast }
}

/// Spreads each channel's values evenly.
public struct RandomEqualize: ColorPart {
  /// How likely the part acts, 0...1.
  public let probability: Double

  /// Always, unless said otherwise.
  public init(probability: Double = 1) { self.probability = probability }

  /// Draws the operation.
  public func operation(using generator: inout SeededGenerator) -> ColorOperation { .equalize }
}

/// Inverts bright values, from 25.6 times the magnitude on.
public struct RandomSolarize: ColorPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The magnitudes to draw from.
  public let magnitudes: ClosedRange<Int>

  /// All magnitudes.
  public init(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) {
    self.magnitudes = magnitudes
    self.probability = probability
  }

  /// Draws the operation.
  public func operation(using generator: inout SeededGenerator) -> ColorOperation {
    .solarize(threshold: min(Int(25.6 * Double(magnitude(magnitudes, &generator))), 255))
  }
}

/// Keeps four bits of each value at small magnitudes, one at large ones.
public struct RandomPosterize: ColorPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The magnitudes to draw from.
  public let magnitudes: ClosedRange<Int>

  /// All magnitudes.
  public init(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) {
    self.magnitudes = magnitudes
    self.probability = probability
  }

  /// Draws the operation.
  public func operation(using generator: inout SeededGenerator) -> ColorOperation {
    .posterize(bits: 4 - Int(0.4 * Double(magnitude(magnitudes, &generator))))
  }
}

/// Makes the image greyer or more colourful.
public struct RandomColor: ColorPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The magnitudes to draw from.
  public let magnitudes: ClosedRange<Int>

  /// All magnitudes.
  public init(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) {
    self.magnitudes = magnitudes
    self.probability = probability
  }

  /// Draws the operation.
  public func operation(using generator: inout SeededGenerator) -> ColorOperation {
    .color(factor: factor(magnitudes, &generator))
  }
}

/// Lowers or raises the contrast.
public struct RandomContrast: ColorPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The magnitudes to draw from.
  public let magnitudes: ClosedRange<Int>

  /// All magnitudes.
  public init(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) {
    self.magnitudes = magnitudes
    self.probability = probability
  }

  /// Draws the operation.
  public func operation(using generator: inout SeededGenerator) -> ColorOperation {
    .contrast(factor: factor(magnitudes, &generator))
  }
}

/// Darkens or brightens.
public struct RandomBrightness: ColorPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The magnitudes to draw from.
  public let magnitudes: ClosedRange<Int>

  /// All magnitudes.
  public init(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) {
    self.magnitudes = magnitudes
    self.probability = probability
  }

  /// Draws the operation.
  public func operation(using generator: inout SeededGenerator) -> ColorOperation {
    .brightness(factor: factor(magnitudes, &generator))
  }
}

/// Smooths or sharpens.
public struct RandomSharpness: ColorPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The magnitudes to draw from.
  public let magnitudes: ClosedRange<Int>

  /// All magnitudes.
  public init(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) {
    self.magnitudes = magnitudes
    self.probability = probability
  }

  /// Draws the operation.
  public func operation(using generator: inout SeededGenerator) -> ColorOperation {
    .sharpness(factor: factor(magnitudes, &generator))
  }
}
