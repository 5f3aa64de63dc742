import Imaging
import Randomness

/// Brightness, contrast, saturation and hue, each by a draw of its own, in an order that is drawn anew for each view: torchvision's
/// `ColorJitter` of a Pillow image, byte for byte.
public struct ColorJitter: Augmentation {
  /// How far the brightness may differ from 1, either way.
  public let brightness: Double
  /// How far the contrast may differ from 1.
  public let contrast: Double
  /// How far the saturation may differ from 1.
  public let saturation: Double
  /// How far the hue is turned at most, as a share of the colour circle.
  public let hue: Double
  /// How likely the part acts, 0...1.
  public let probability: Double

  /// Changes of all four; one of 0 is left out.
  ///
  /// - Precondition: numbers of 0...1, of the hue 0...0.5.
  public init(brightness: Double, contrast: Double, saturation: Double, hue: Double, probability: Double = 1) {
    precondition(
      [brightness, contrast, saturation, 2 * hue, probability].allSatisfy((0...1).contains),
      "ColorJitter: expected changes and a probability of 0...1, of the hue 0...0.5")
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
    self.probability = probability
  }

  /// Changes the colours, or not.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    func factor(_ strength: Double) -> Double { generator.uniform(1 - strength...1 + strength) }
    for number in generator.permutation(4) {
      switch number {
      case 0: if brightness > 0 { plan.append(.color(.brightness(factor: factor(brightness)))) }
      case 1: if contrast > 0 { plan.append(.color(.contrast(factor: factor(contrast)))) }
      case 2: if saturation > 0 { plan.append(.color(.color(factor: factor(saturation)))) }
      default: if hue > 0 { plan.append(.color(.hue(turn: generator.uniform(-hue...hue)))) }
      }
    }
  }
}
