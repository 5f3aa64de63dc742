import Imaging
import Randomness

/// A part of strong views that changes colours; the numbers are those of Soft Teacher's release, or of mmdetection 3.3 with
/// magnitudes in tenths.
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

  /// Takes all colour away (torchvision's `RandomGrayscale`).
  public static func grey(probability: Double = 1) -> ColorPart { ColorPart(probability) { _ in .color(factor: 0) } }

  // MARK: By magnitude

  /// Inverts bright values, from 25.6 times the magnitude on.
  public static func solarize(magnitudes: ColorMagnitudes = .whole(1...9), probability: Double = 1) -> ColorPart {
    byMagnitude(
      magnitudes, probability, whole: { .solarize(threshold: min(Int(25.6 * Double($0)), 255)) },
      tenths: { .solarize(threshold: Int((25.6 * $0).roundedToTenths.rounded(.up))) })
  }

  /// Keeps four bits of each value at small magnitudes, one at large ones; with magnitudes in tenths the more the larger they are, and
  /// none near 0.
  public static func posterize(magnitudes: ColorMagnitudes = .whole(1...9), probability: Double = 1) -> ColorPart {
    byMagnitude(
      magnitudes, probability, whole: { .posterize(bits: 4 - Int(0.4 * Double($0))) },
      tenths: { .posterize(bits: Int((0.4 * $0).roundedToTenths.rounded(.up))) })
  }

  /// Makes the image greyer or more colourful.
  public static func color(magnitudes: ColorMagnitudes = .whole(1...9), probability: Double = 1) -> ColorPart {
    byFactor(magnitudes, probability) { .color(factor: $0) }
  }

  /// Lowers or raises the contrast.
  public static func contrast(magnitudes: ColorMagnitudes = .whole(1...9), probability: Double = 1) -> ColorPart {
    byFactor(magnitudes, probability) { .contrast(factor: $0) }
  }

  /// Darkens or brightens.
  public static func brightness(magnitudes: ColorMagnitudes = .whole(1...9), probability: Double = 1) -> ColorPart {
    byFactor(magnitudes, probability) { .brightness(factor: $0) }
  }

  /// Smooths or sharpens.
  public static func sharpness(magnitudes: ColorMagnitudes = .whole(1...9), probability: Double = 1) -> ColorPart {
    byFactor(magnitudes, probability) { .sharpness(factor: $0) }
  }

  /// An operation that mixes two images: by a factor of 0.28 to 1.72, or in tenths of 0.1 to 1.9.
  private static func byFactor(
    _ magnitudes: ColorMagnitudes, _ probability: Double, _ operation: @escaping @Sendable (Double) -> ColorOperation
  ) -> ColorPart {
    byMagnitude(
      magnitudes, probability, whole: { operation(0.18 * Double($0) + 0.1) },
      tenths: { operation((0.18 * $0 + 0.1).roundedToTenths) })
  }

  private static func byMagnitude(
    _ magnitudes: ColorMagnitudes, _ probability: Double, whole: @escaping @Sendable (Int) -> ColorOperation,
    tenths: @escaping @Sendable (Double) -> ColorOperation
  ) -> ColorPart {
    switch magnitudes {
    case .whole(let range):
      precondition(
        1 <= range.lowerBound && range.upperBound <= 9, "ColorPart: expected magnitudes in 1...9, got \(range)")
      return ColorPart(probability) { whole(range.lowerBound + $0.integer(below: range.count)) }
    case .tenths(let range):
      precondition(
        0 <= range.lowerBound && range.upperBound <= 10, "ColorPart: expected magnitudes in 0...10, got \(range)")
      return ColorPart(probability) { tenths($0.uniform(range)) }
    }
  }
}
