import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A part of strong views that moves pixels; the numbers are those of Soft Teacher's release.
public protocol GeometryPart: Augmentation {
  /// How likely the part acts, 0...1.
  var probability: Double { get }
  /// The value of all channels where no pixel comes from.
  var fill: UInt8 { get }
  /// Draws the change of a view of this size.
  func change(height: Int, width: Int, using generator: inout SeededGenerator) -> GeometricChange
}

extension GeometryPart {
  /// Moves the pixels, or not.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    let change = change(height: plan.geometry.height, width: plan.geometry.width, using: &generator)
    plan.append(.geometry(change, fill: fill))
  }
}

/// Moves to the left or right.
public struct RandomTranslateX: GeometryPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The value of all channels where no pixel comes from.
  public let fill: UInt8
  /// At most, in either direction, as a share of the width.
  public let extent: Double

  /// Up to a tenth of the width.
  public init(extent: Double = 0.1, probability: Double = 1, fill: UInt8 = 125) {
    self.extent = extent
    self.probability = probability
    self.fill = fill
  }

  /// Draws the change.
  public func change(height: Int, width: Int, using generator: inout SeededGenerator) -> GeometricChange {
    .translateX(generator.uniform(-extent...extent) * Double(width))
  }
}

/// Moves up or down.
public struct RandomTranslateY: GeometryPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The value of all channels where no pixel comes from.
  public let fill: UInt8
  /// At most, in either direction, as a share of the height.
  public let extent: Double

  /// Up to a tenth of the height.
  public init(extent: Double = 0.1, probability: Double = 1, fill: UInt8 = 125) {
    self.extent = extent
    self.probability = probability
    self.fill = fill
  }

  /// Draws the change.
  public func change(height: Int, width: Int, using generator: inout SeededGenerator) -> GeometricChange {
    .translateY(generator.uniform(-extent...extent) * Double(height))
  }
}

/// Turns about the centre.
public struct RandomRotate: GeometryPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The value of all channels where no pixel comes from.
  public let fill: UInt8
  /// At most, in either direction.
  public let degrees: Double

  /// Up to 30°.
  public init(degrees: Double = 30, probability: Double = 1, fill: UInt8 = 125) {
    self.degrees = degrees
    self.probability = probability
    self.fill = fill
  }

  /// Draws the change.
  public func change(height: Int, width: Int, using generator: inout SeededGenerator) -> GeometricChange {
    .rotate(degrees: generator.uniform(-degrees...degrees))
  }
}

/// Shears along x and then along y, each by a draw of its own.
///
/// The factor is the angle's hyperbolic tangent, at most 0.48 for 30°: as in Soft Teacher's release, whose published figures
/// come from it. Both shears are one resampling here and two in the release; the same pixels are filled.
public struct RandomShear: GeometryPart {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// The value of all channels where no pixel comes from.
  public let fill: UInt8
  /// At most, in either direction.
  public let degrees: Double

  /// Up to 30°.
  public init(degrees: Double = 30, probability: Double = 1, fill: UInt8 = 125) {
    self.degrees = degrees
    self.probability = probability
    self.fill = fill
  }

  /// Draws the change.
  public func change(height: Int, width: Int, using generator: inout SeededGenerator) -> GeometricChange {
    let x = tanh(generator.uniform(-degrees...degrees) * Double.pi / 180)
    let y = tanh(generator.uniform(-degrees...degrees) * Double.pi / 180)
    return .shear(x: x, y: y)
  }
}
