import Randomness

/// Covers a square whose centre may be any pixel, and takes its labels away: what RandAugment and CTAugment of FixMatch end with.
///
/// What lies beyond the view is cut off.
public struct SquareCutout: Augmentation {
  /// The side as a share of the view's shorter side.
  public let size: Double
  /// The value of all channels.
  public let fill: UInt8

  /// A square.
  ///
  /// - Precondition: a size of 0…1.
  public init(size: Double = 0.5, fill: UInt8 = 127) {
    precondition((0...1).contains(size), "SquareCutout: expected a size of 0...1, got \(size)")
    self.size = size
    self.fill = fill
  }

  /// Covers.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    let side = Int(size * Double(min(plan.geometry.height, plan.geometry.width)))
    plan.append(Self.step(side: side, of: plan.geometry, fill: fill, using: &generator))
  }

  /// A square of so many pixels, halved and rounded down to either side of its centre.
  static func step(
    side: Int, of view: ViewGeometry, fill: UInt8, using generator: inout SeededGenerator
  ) -> ViewStep {
    let (y, x) = (generator.integer(below: view.height), generator.integer(below: view.width))
    let (rows, columns) = (
      max(0, y - side / 2)..<min(view.height, y + side / 2), max(0, x - side / 2)..<min(view.width, x + side / 2)
    )
    guard !rows.isEmpty, !columns.isEmpty else { return .erase([], fill: fill) }
    return .erase(
      [.init(y: rows.lowerBound, x: columns.lowerBound, height: rows.count, width: columns.count)], fill: fill)
  }
}
