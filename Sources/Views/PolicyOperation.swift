// The operations of RandAugment and CTAugment as FixMatch has them, each with one level of 0…1.
//
// Source: FixMatch (Sohn et al., NeurIPS 2020), its lists of transformations; those of CTAugment with the numbers of the release
// (github.com/google-research/fixmatch, `libml/ctaugment.py`).
//
// Differences from the source:
// - A move is a share of the side. The release gives its ±0.3 to Pillow as pixels, so that there nothing moves.
// - What comes from outside the view, and what is cut out, is filled with one grey value; Pillow's moves leave black.
// - Angles are any number of degrees, in the release whole ones; moved pixels are bilinear, there the nearest.
// - `identity` has bins as the others have, by which is seen how probes fare that nothing has changed.
// - `rescale` enlarges the middle of a view by the bilinear rule of all geometric changes. The release draws one of six of Pillow's filters
//   as a second parameter.

import Imaging
import Randomness

/// One operation of RandAugment or CTAugment: what it does to a view at a level.
public struct PolicyOperation: Sendable {
  /// A step for a level and a view; the generator is for what no level decides, such as a place.
  typealias Step =
    @Sendable (_ level: Double, _ view: ViewGeometry, _ generator: inout SeededGenerator) -> ViewStep

  /// A word or two, in ASCII.
  public let name: String
  /// How many bins CTAugment divides the levels into.
  public let bins: Int
  private let step: Step

  private init(_ name: String, bins: Int = 17, _ step: @escaping Step) {
    self.name = name
    self.bins = bins
    self.step = step
  }

  /// Adds the operation to a view at a level of 0…1.
  public func append(at level: Double, to plan: inout ViewPlan, using generator: inout SeededGenerator) {
    plan.append(step(level, plan.geometry, &generator))
  }

  /// An operation on colours.
  private static func color(
    _ name: String, bins: Int = 17, _ operation: @escaping @Sendable (_ level: Double) -> ColorOperation
  ) -> PolicyOperation {
    PolicyOperation(name, bins: bins) { level, _, _ in .color(operation(level)) }
  }

  /// A move of pixels.
  private static func geometry(
    _ name: String, fill: UInt8,
    _ change: @escaping @Sendable (_ level: Double, _ height: Double, _ width: Double) -> GeometricChange
  ) -> PolicyOperation {
    PolicyOperation(name) { level, view, _ in
      .geometry(change(level, Double(view.height), Double(view.width)), fill: fill)
    }
  }

  /// The four operations that mix two images, by factors between two limits.
  private static func enhancements(from low: Double, to high: Double) -> [PolicyOperation] {
    @Sendable func factor(_ level: Double) -> Double { low * (1 - level) + high * level }
    return [
      color("brightness") { .brightness(factor: factor($0)) }, color("color") { .color(factor: factor($0)) },
      color("contrast") { .contrast(factor: factor($0)) }, color("sharpness") { .sharpness(factor: factor($0)) },
    ]
  }

  /// Turns, shears and moves; turns up to an angle in degrees either way.
  private static func moves(rotation: Double, fill: UInt8) -> [PolicyOperation] {
    @Sendable func either(_ level: Double, _ most: Double) -> Double { (2 * level - 1) * most }
    return [
      geometry("rotate", fill: fill) { level, _, _ in .rotate(degrees: either(level, rotation)) },
      geometry("shear x", fill: fill) { level, _, _ in .shear(x: either(level, 0.3), y: 0) },
      geometry("shear y", fill: fill) { level, _, _ in .shear(x: 0, y: either(level, 0.3)) },
      geometry("translate x", fill: fill) { level, _, width in .translateX(either(level, 0.3) * width) },
      geometry("translate y", fill: fill) { level, height, _ in .translateY(either(level, 0.3) * height) },
    ]
  }

  /// The fourteen operations of RandAugment.
  public static func randAugment(fill: UInt8) -> [PolicyOperation] {
    [
      color("identity") { _ in .identity }, color("auto contrast") { _ in .autoContrast },
      color("equalize") { _ in .equalize },
      color("posterize") { .posterize(bits: min(4 + Int(5 * $0), 8)) },
      color("solarize") { .solarize(threshold: Int(256 * $0)) },
    ] + enhancements(from: 0.05, to: 0.95) + moves(rotation: 30, fill: fill)
  }

  /// The nineteen operations of CTAugment.
  public static func ctAugment(fill: UInt8) -> [PolicyOperation] {
    [
      color("identity") { _ in .identity }, color("auto contrast") { .mixed(.autoContrast, share: $0) },
      color("equalize") { .mixed(.equalize, share: $0) },
      color("invert") { .mixed(.solarize(threshold: 0), share: $0) },
      color("ring blur") { .mixed(.ringBlur, share: $0) }, color("smooth") { .mixed(.sharpness(factor: 0), share: $0) },
      color("posterize", bins: 8) { .posterize(bits: 1 + Int(7.999 * $0)) },
      color("solarize") { .solarize(threshold: Int(255.999 * $0)) },
    ] + enhancements(from: 0.1, to: 2) + moves(rotation: 45, fill: fill) + [
      // A quarter of the view less at each side, at most.
      geometry("rescale", fill: fill) { level, _, _ in .zoom(factor: 1 / (1 - 0.5 * level)) },
      PolicyOperation("cutout") { level, view, generator in
        let side = 1 + Int(0.499 * level * Double(min(view.height, view.width)))
        return SquareCutout.step(side: side, of: view, fill: fill, using: &generator)
      },
    ]
  }
}

/// One operation at a level drawn evenly: for pictures of each.
struct SingleOperation: Augmentation {
  let operation: PolicyOperation

  func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    let level = generator.uniform()
    operation.append(at: level, to: &plan, using: &generator)
  }
}
