// Groups of `StrongAugmentationSettings` that are off by default: parts that other releases than Soft Teacher's have.

/// Brightness, contrast, saturation and hue changed in random order; the numbers are those of Unbiased Teacher's release.
public struct ColorJitterSettings: Codable, Sendable, Equatable {
  /// How likely a strong view is changed so (released: 0.8).
  public var probability = 0.0
  /// How far the factor of the brightness may differ from 1.
  public var brightness = 0.4
  /// How far the factor of the contrast may differ from 1.
  public var contrast = 0.4
  /// How far the factor of the saturation may differ from 1.
  public var saturation = 0.4
  /// How far the hue is turned at most, as a share of the colour circle.
  public var hue = 0.1

  /// The defaults: none.
  public init() {}

  /// One change for brightness, contrast and saturation.
  public init(probability: Double, change: Double, hue: Double) {
    (brightness, contrast, saturation) = (change, change, change)
    (self.probability, self.hue) = (probability, hue)
  }

  /// The part.
  var part: any Augmentation {
    ColorJitter(brightness: brightness, contrast: contrast, saturation: saturation, hue: hue, probability: probability)
  }
}

/// A Gaussian blur; the numbers are those of Unbiased Teacher's release.
public struct BlurSettings: Codable, Sendable, Equatable {
  /// How likely a strong view is blurred (released: 0.5).
  public var probability = 0.0
  /// The least standard deviation, in pixels of the view.
  public var deviationFrom = 0.1
  /// The greatest standard deviation.
  public var deviationTo = 2.0

  /// The defaults: none.
  public init() {}

  /// The released deviations, with a probability.
  public init(probability: Double) { self.probability = probability }

  /// The part.
  var part: any Augmentation {
    RandomBlur(deviations: deviationFrom...max(deviationFrom, deviationTo), probability: probability)
  }
}

/// Rectangles of noise, one after the other; the ranges are those of Unbiased Teacher's release. The first numbers of all lists are
/// those of the first rectangle, and so on.
public struct NoiseSettings: Codable, Sendable, Equatable {
  /// How likely each is filled (released: 0.7, 0.5, 0.3); as many as there are to be.
  public var probabilities: [Double] = []
  /// The least share of the view that each covers.
  public var areasFrom = [0.05, 0.02, 0.02]
  /// The greatest share of the view that each covers.
  public var areasTo = [0.2, 0.2, 0.2]
  /// The least height over width of each.
  public var ratiosFrom = [0.3, 0.1, 0.05]
  /// The greatest height over width of each.
  public var ratiosTo = [3.3, 6, 8]

  /// The defaults: none.
  public init() {}

  /// The parts.
  var parts: [any Augmentation] {
    probabilities.indices.map {
      NoiseErase(
        areas: areasFrom[$0]...max(areasFrom[$0], areasTo[$0]),
        ratios: ratiosFrom[$0]...max(ratiosFrom[$0], ratiosTo[$0]), probability: probabilities[$0])
    }
  }
}
