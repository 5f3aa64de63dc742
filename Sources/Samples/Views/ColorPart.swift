import Imaging
import Randomness

/// A part of strong views that changes colours; the numbers are those of Soft Teacher's release.
///
/// Magnitudes are whole numbers of 1...9, all equally likely.
public struct ColorPart: Augmentation {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// Draws the operation.
  private let draw: @Sendable (inout SeededGenerator) -> ColorOperation

  private init(_ probability: Double, _ draw: @escaping @Sendable (inout SeededGenerator) -> ColorOperation) {
    self.probability = probability
    self.draw = draw
  }

  /// Changes the colours, or not.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    plan.append(.color(draw(&generator)))
  }

  // MARK: Without a magnitude

  /// Changes nothing; recorded all the same, since it is one of the nine that are drawn.
  public static func identity(probability: Double = 1) -> ColorPart { ColorPart(probability) { _ in .identity } }

  /// Stretches each channel to its full range.
  public static func autoContrast(probability: Double = 1) -> ColorPart {
    ColorPart(probability) { _ in .autoContrast }
  }

  /// Spreads each channel's values evenly.
  public static func equalize(probability: Double = 1) -> ColorPart { ColorPart(probability) { _ in .equalize } }

  // MARK: By magnitude

  /// Inverts bright values, from 25.6 times the magnitude on.
  public static func solarize(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) -> ColorPart {
    byMagnitude(magnitudes, probability) { .solarize(threshold: min(Int(25.6 * Double($0)), 255)) }
  }

  /// Keeps four bits of each value at small magnitudes, one at large ones.
  public static func posterize(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) -> ColorPart {
    byMagnitude(magnitudes, probability) { .posterize(bits: 4 - Int(0.4 * Double($0))) }
  }

  /// Makes the image greyer or more colourful.
  public static func color(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) -> ColorPart {
    byMagnitude(magnitudes, probability) { .color(factor: factor($0)) }
  }

  /// Lowers or raises the contrast.
  public static func contrast(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) -> ColorPart {
    byMagnitude(magnitudes, probability) { .contrast(factor: factor($0)) }
  }

  /// Darkens or brightens.
  public static func brightness(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) -> ColorPart {
    byMagnitude(magnitudes, probability) { .brightness(factor: factor($0)) }
  }

  /// Smooths or sharpens.
  public static func sharpness(magnitudes: ClosedRange<Int> = 1...9, probability: Double = 1) -> ColorPart {
    byMagnitude(magnitudes, probability) { .sharpness(factor: factor($0)) }
  }

  private static func byMagnitude(
    _ range: ClosedRange<Int>, _ probability: Double, _ operation: @escaping @Sendable (Int) -> ColorOperation
  ) -> ColorPart {
    precondition(
      1 <= range.lowerBound && range.upperBound <= 9, "ColorPart: expected magnitudes in 1...9, got \(range)")
    return ColorPart(probability) { operation(range.lowerBound + $0.integer(below: range.count)) }
  }

  /// The factor of the operations that mix two images, 0.28 to 1.72.
  private static func factor(_ magnitude: Int) -> Double { 0.18 * Double(magnitude) + 0.1 }
}
