import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A part of strong views that moves pixels; the numbers are those of Soft Teacher's release.
public struct GeometryPart: Augmentation {
  private typealias Draw =
    @Sendable (_ height: Int, _ width: Int, _ generator: inout SeededGenerator) -> GeometricChange

  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The value of all channels where no pixel comes from.
  public let fill: UInt8
  /// Draws the change of a view of a size.
  private let draw: Draw

  private init(_ probability: Double, _ fill: UInt8, _ draw: @escaping Draw) {
    self.probability = probability
    self.fill = fill
    self.draw = draw
  }

  /// Moves the pixels, or not.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    plan.append(.geometry(draw(plan.geometry.height, plan.geometry.width, &generator), fill: fill))
  }

  /// Moves to the left or right, at most by a share of the width.
  public static func translateX(extent: Double = 0.1, probability: Double = 1, fill: UInt8 = 125) -> GeometryPart {
    GeometryPart(probability, fill) { _, width, generator in
      .translateX(generator.uniform(-extent...extent) * Double(width))
    }
  }

  /// Moves up or down, at most by a share of the height.
  public static func translateY(extent: Double = 0.1, probability: Double = 1, fill: UInt8 = 125) -> GeometryPart {
    GeometryPart(probability, fill) { height, _, generator in
      .translateY(generator.uniform(-extent...extent) * Double(height))
    }
  }

  /// Turns about the centre.
  public static func rotate(degrees: Double = 30, probability: Double = 1, fill: UInt8 = 125) -> GeometryPart {
    GeometryPart(probability, fill) { _, _, generator in .rotate(degrees: generator.uniform(-degrees...degrees)) }
  }

  /// Shears along x and then along y, each by a draw of its own.
  ///
  /// The factor is the angle's hyperbolic tangent, at most 0.48 for 30°: as in Soft Teacher's release, whose published
  /// figures come from it. Both shears are one resampling here and two in the release; the same pixels are filled.
  public static func shear(degrees: Double = 30, probability: Double = 1, fill: UInt8 = 125) -> GeometryPart {
    GeometryPart(probability, fill) { _, _, generator in
      let x = tanh(generator.uniform(-degrees...degrees) * Double.pi / 180)
      let y = tanh(generator.uniform(-degrees...degrees) * Double.pi / 180)
      return .shear(x: x, y: y)
    }
  }
}
