import Randomness

/// Covers one rectangle, and takes its labels away: the last of ST++'s strong changes (SDA).
///
/// Area and proportion are drawn evenly (the proportion's logarithm is not), and drawn again until the rectangle lies inside the
/// view, as in the release of ST++; there each pixel of it gets a random value.
public struct Cutout: Augmentation {
  /// The rectangle as a share of the view, drawn evenly.
  public let areas: ClosedRange<Double>
  /// Its height over its width, drawn evenly.
  public let ratios: ClosedRange<Double>
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The value of all channels; nil for noise.
  public let fill: UInt8?
  /// How often a rectangle is drawn, before the view stays as it is; with the release's numbers one fits long before.
  private static let trials = 100

  /// A rectangle.
  ///
  /// - Precondition: areas and a probability of 0...1, ratios above 0.
  public init(
    areas: ClosedRange<Double> = 0.02...0.4, ratios: ClosedRange<Double> = 0.3...(1 / 0.3), probability: Double = 0.5,
    fill: UInt8? = nil
  ) {
    precondition(
      areas.lowerBound >= 0 && areas.upperBound <= 1 && ratios.lowerBound > 0 && (0...1).contains(probability),
      "Cutout: expected areas and a probability of 0...1 and ratios above 0, got \(areas), \(probability), \(ratios)")
    self.areas = areas
    self.ratios = ratios
    self.probability = probability
    self.fill = fill
  }

  /// Covers, or not.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    let patch = Self.patch(
      height: plan.geometry.height, width: plan.geometry.width, areas: areas, ratios: ratios, using: &generator)
    guard let patch else { return }
    plan.append(fill.map { .erase([patch], fill: $0) } ?? .noise(patch, seed: generator.next()))
  }

  /// A rectangle inside a view, drawn as ST++ and UniMatch draw theirs; nil where none fits in a hundred trials.
  ///
  /// - Parameters:
  ///   - areas: Its share of the view, drawn evenly.
  ///   - ratios: Its height over its width, drawn evenly.
  public static func patch(
    height: Int, width: Int, areas: ClosedRange<Double>, ratios: ClosedRange<Double>,
    using generator: inout SeededGenerator
  ) -> ViewStep.Patch? {
    for _ in 0..<trials {
      let area = Double(height * width) * generator.uniform(areas)
      let ratio = generator.uniform(ratios)
      let (rows, columns) = (Int((area * ratio).squareRoot()), Int((area / ratio).squareRoot()))
      let y = generator.integer(below: height)
      let x = generator.integer(below: width)
      guard y + rows <= height, x + columns <= width else { continue }
      return ViewStep.Patch(y: y, x: x, height: rows, width: columns)
    }
    return nil
  }
}
