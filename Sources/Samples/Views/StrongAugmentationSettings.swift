/// What strong views get beside resize and mirror; the defaults are those of Soft Teacher's release.
///
/// One of nine colour operations and one of four geometric changes, in random order, then erased rectangles.
public struct StrongAugmentationSettings: Codable, Sendable, Equatable {
  /// How likely one of the nine colour operations is taken; one of the nine changes nothing.
  public var colorProbability = 1.0
  /// The least magnitude of colour operations, of 1...9.
  public var colorMagnitudeFrom = 1
  /// The greatest magnitude of colour operations, of 1...9.
  public var colorMagnitudeTo = 9
  /// How likely one of the four geometric changes is taken.
  public var geometryProbability = 1.0
  /// How far a view is moved at most, as a share of its width or height.
  public var translation = 0.1
  /// How far a view is turned at most, in degrees.
  public var rotation = 30.0
  /// How far a view is sheared at most along each axis, in degrees; the factor is the angle's hyperbolic tangent.
  public var shear = 30.0
  /// How likely rectangles are erased.
  public var eraseProbability = 1.0
  /// The least number of erased rectangles.
  public var eraseCountFrom = 1
  /// The greatest number of erased rectangles.
  public var eraseCountTo = 4
  /// The sides of erased rectangles at most, as a share of the view's.
  public var eraseSize = 0.2
  /// The value of all channels, 0...255, where pixels are erased or come from outside the image.
  public var fill = 125

  /// The defaults.
  public init() {}

  /// One of the nine colour operations.
  public var color: any Augmentation {
    let magnitudes = colorMagnitudeFrom...max(colorMagnitudeFrom, colorMagnitudeTo)
    return OneOf(
      [
        ColorPart.identity(), ColorPart.autoContrast(), ColorPart.equalize(),
        ColorPart.solarize(magnitudes: magnitudes),
        ColorPart.color(magnitudes: magnitudes), ColorPart.contrast(magnitudes: magnitudes),
        ColorPart.brightness(magnitudes: magnitudes), ColorPart.sharpness(magnitudes: magnitudes),
        ColorPart.posterize(magnitudes: magnitudes),
      ], probability: colorProbability)
  }

  /// One of the four geometric changes.
  public var geometry: any Augmentation {
    let fill = UInt8(clamping: fill)
    return OneOf(
      [
        GeometryPart.translateX(extent: translation, fill: fill),
        GeometryPart.translateY(extent: translation, fill: fill),
        GeometryPart.rotate(degrees: rotation, fill: fill), GeometryPart.shear(degrees: shear, fill: fill),
      ], probability: geometryProbability)
  }

  /// All parts in order; they come after resize and mirror.
  public var parts: [any Augmentation] {
    [
      InRandomOrder([color, geometry]),
      RandomErase(
        count: eraseCountFrom...max(eraseCountFrom, eraseCountTo), size: eraseSize, probability: eraseProbability,
        fill: UInt8(clamping: fill)),
    ]
  }
}
