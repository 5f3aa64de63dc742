import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A part of strong views that moves pixels; the numbers are those of Soft Teacher's release, or of mmdetection 3.3 with magnitudes in
/// tenths.
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
  public static func translateX(
    extent: Double = 0.1, magnitudes: GeometryMagnitudes = .exact, probability: Double = 1, fill: UInt8 = 125
  ) -> GeometryPart {
    GeometryPart(probability, fill) { _, width, generator in
      .translateX(move(magnitudes.draw(upTo: extent, using: &generator), of: width, magnitudes))
    }
  }

  /// Moves up or down, at most by a share of the height.
  public static func translateY(
    extent: Double = 0.1, magnitudes: GeometryMagnitudes = .exact, probability: Double = 1, fill: UInt8 = 125
  ) -> GeometryPart {
    GeometryPart(probability, fill) { height, _, generator in
      .translateY(move(magnitudes.draw(upTo: extent, using: &generator), of: height, magnitudes))
    }
  }

  /// Turns about the centre.
  public static func rotate(
    degrees: Double = 30, magnitudes: GeometryMagnitudes = .exact, probability: Double = 1, fill: UInt8 = 125
  ) -> GeometryPart {
    GeometryPart(probability, fill) { _, _, generator in
      .rotate(degrees: magnitudes.draw(upTo: degrees, using: &generator))
    }
  }

  /// Shears along x and then along y, each by a draw of its own.
  ///
  /// Both shears are one resampling here and two in Soft Teacher's release; the same pixels are filled.
  public static func shear(
    degrees: Double = 30, factor: ShearFactor = .tanh, magnitudes: GeometryMagnitudes = .exact, probability: Double = 1,
    fill: UInt8 = 125
  ) -> GeometryPart {
    GeometryPart(probability, fill) { _, _, generator in
      let x = slope(magnitudes.draw(upTo: degrees, using: &generator), factor)
      let y = slope(magnitudes.draw(upTo: degrees, using: &generator), factor)
      return .shear(x: x, y: y)
    }
  }

  /// Shears along x alone.
  public static func shearX(
    degrees: Double = 30, factor: ShearFactor = .tanh, magnitudes: GeometryMagnitudes = .exact, probability: Double = 1,
    fill: UInt8 = 125
  ) -> GeometryPart {
    GeometryPart(probability, fill) { _, _, generator in
      .shear(x: slope(magnitudes.draw(upTo: degrees, using: &generator), factor), y: 0)
    }
  }

  /// Shears along y alone.
  public static func shearY(
    degrees: Double = 30, factor: ShearFactor = .tanh, magnitudes: GeometryMagnitudes = .exact, probability: Double = 1,
    fill: UInt8 = 125
  ) -> GeometryPart {
    GeometryPart(probability, fill) { _, _, generator in
      .shear(x: 0, y: slope(magnitudes.draw(upTo: degrees, using: &generator), factor))
    }
  }

  /// What an angle in degrees shears by.
  private static func slope(_ degrees: Double, _ factor: ShearFactor) -> Double {
    let angle = degrees * Double.pi / 180
    return factor == .tan ? tan(angle) : tanh(angle)
  }

  /// A share of a side in pixels.
  private static func move(_ share: Double, of side: Int, _ magnitudes: GeometryMagnitudes) -> Double {
    let pixels = share * Double(side)
    return magnitudes == .tenths ? pixels.rounded(.towardZero) : pixels
  }
}

extension GeometryMagnitudes {
  /// A number between a limit and its opposite.
  fileprivate func draw(upTo limit: Double, using generator: inout SeededGenerator) -> Double {
    guard self == .tenths else { return generator.uniform(-limit...limit) }
    let size = generator.uniform(0...limit).roundedToTenths
    return generator.chance(0.5) ? -size : size
  }
}
