/// What strong views get beside resize and mirror; the defaults are those of Soft Teacher's release.
///
/// One of nine colour operations and one of four geometric changes, in random order; then, where they are wanted, colour jitter, grey
/// and blur; then erased rectangles; then, where they are wanted, rectangles of noise. What differs in mmdetection 3.3 are settings of
/// their own, which its preset of Soft Teacher sets together.
public struct StrongAugmentationSettings: Codable, Sendable, Equatable {
  /// How likely one of the nine colour operations is taken; one of the nine changes nothing.
  public var colorProbability = 1.0
  /// What magnitudes of colour operations are drawn from.
  public var colorMagnitudes = MagnitudeKind.whole
  /// The least magnitude of colour operations, of 1...9; of 0...10 where they are tenths.
  public var colorMagnitudeFrom = 1
  /// The greatest magnitude of colour operations, of 1...9; of 0...10 where they are tenths.
  public var colorMagnitudeTo = 9
  /// How likely one of the geometric changes is taken.
  public var geometryProbability = 1.0
  /// How far geometric changes go, of 0 to their limits.
  public var geometryMagnitudes = GeometryMagnitudes.exact
  /// How far a view is moved at most, as a share of its width or height.
  public var translation = 0.1
  /// How far a view is turned at most, in degrees.
  public var rotation = 30.0
  /// How far a view is sheared at most along an axis, in degrees.
  public var shear = 30.0
  /// What a shear by an angle multiplies coordinates by.
  public var shearFactor = ShearFactor.tanh
  /// Along which axes a sheared view is sheared.
  public var shearAxes = ShearAxes.both
  /// Brightness, contrast, saturation and hue, changed in random order.
  public var jitter = ColorJitterSettings()
  /// How likely all colour is taken away.
  public var greyProbability = 0.0
  /// A Gaussian blur.
  public var blur = BlurSettings()
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
  /// Rectangles that are filled with noise.
  public var noise = NoiseSettings()

  /// What magnitudes of colour operations are drawn from.
  public enum MagnitudeKind: String, Codable, CaseIterable, Sendable {
    /// Whole numbers, as in Soft Teacher's release.
    case whole
    /// Any number; what it gives is rounded to one decimal, as in mmdetection 3.3.
    case tenths
  }

  /// Along which axes a sheared view is sheared.
  public enum ShearAxes: String, Codable, CaseIterable, Sendable {
    /// Along both: one of four changes, as in Soft Teacher's release.
    case both
    /// Along one of the two: two of five changes, as in mmdetection 3.3.
    case one
  }

  /// The defaults.
  public init() {}

  /// The nine colour operations.
  var colors: [NamedPart] {
    let range = colorMagnitudeFrom...max(colorMagnitudeFrom, colorMagnitudeTo)
    let magnitudes: ColorMagnitudes =
      colorMagnitudes == .whole ? .whole(range) : .tenths(Double(range.lowerBound)...Double(range.upperBound))
    return [
      NamedPart("identity", ColorPart.identity()), NamedPart("auto contrast", ColorPart.autoContrast()),
      NamedPart("equalize", ColorPart.equalize()), NamedPart("solarize", ColorPart.solarize(magnitudes: magnitudes)),
      NamedPart("color", ColorPart.color(magnitudes: magnitudes)),
      NamedPart("contrast", ColorPart.contrast(magnitudes: magnitudes)),
      NamedPart("brightness", ColorPart.brightness(magnitudes: magnitudes)),
      NamedPart("sharpness", ColorPart.sharpness(magnitudes: magnitudes)),
      NamedPart("posterize", ColorPart.posterize(magnitudes: magnitudes)),
    ]
  }

  /// The four geometric changes, or five where a shear is along one axis.
  var geometries: [NamedPart] {
    let (fill, magnitudes, factor) = (UInt8(clamping: fill), geometryMagnitudes, shearFactor)
    let shears =
      switch shearAxes {
      case .both:
        [NamedPart("shear", GeometryPart.shear(degrees: shear, factor: factor, magnitudes: magnitudes, fill: fill))]
      case .one:
        [
          NamedPart("shear x", GeometryPart.shearX(degrees: shear, factor: factor, magnitudes: magnitudes, fill: fill)),
          NamedPart("shear y", GeometryPart.shearY(degrees: shear, factor: factor, magnitudes: magnitudes, fill: fill)),
        ]
      }
    return [
      NamedPart("translate x", GeometryPart.translateX(extent: translation, magnitudes: magnitudes, fill: fill)),
      NamedPart("translate y", GeometryPart.translateY(extent: translation, magnitudes: magnitudes, fill: fill)),
      NamedPart("rotate", GeometryPart.rotate(degrees: rotation, magnitudes: magnitudes, fill: fill)),
    ] + shears
  }

  /// Rectangles that are filled with one value.
  var erasing: NamedPart {
    NamedPart(
      "erase",
      RandomErase(
        count: eraseCountFrom...max(eraseCountFrom, eraseCountTo), size: eraseSize, probability: eraseProbability,
        fill: UInt8(clamping: fill)))
  }

  /// One of the nine colour operations.
  public var color: any Augmentation { OneOf(colors.flatMap(\.parts), probability: colorProbability) }

  /// One of the geometric changes.
  public var geometry: any Augmentation { OneOf(geometries.flatMap(\.parts), probability: geometryProbability) }

  /// All parts in order; they come after resize and mirror.
  ///
  /// Parts that the release does not have are not there at all where they are off, so that what the others draw stays the same.
  public var parts: [any Augmentation] {
    [InRandomOrder([color, geometry])] + (jitter.probability > 0 ? [jitter.part] : [])
      + (greyProbability > 0 ? [ColorPart.grey(probability: greyProbability)] : [])
      + (blur.probability > 0 ? [blur.part] : []) + erasing.parts + noise.parts
  }
}
