import Training

/// How rectangles of other images are drawn; the defaults are those of UniMatch.
public struct CutMixSettings: Settings {
  /// How likely an image gets any.
  public var probability = 0.5
  /// How many rectangles an image gets; where two overlap it keeps its own pixels.
  public var boxes = 1
  /// How the sides of a rectangle come about.
  public var rectangles = Rectangles.ratio
  /// The least share of an image that they cover.
  public var areaFrom = 0.02
  /// The greatest share of an image that they cover.
  public var areaTo = 0.4
  /// The least height over width, where the proportion is drawn.
  public var ratioFrom = 0.3
  /// The greatest height over width.
  public var ratioTo = 1 / 0.3

  /// How the sides of a rectangle come about.
  public enum Rectangles: String, Codable, CaseIterable, Sendable {
    /// Area and proportion are drawn evenly, again and again until the rectangle lies inside (UniMatch, as ST++'s cutout).
    case ratio
    /// The area is drawn evenly, and the height's share of the image's between it and 1, its logarithm evenly (French et al. 2020; CPS).
    case logSides = "log_sides"
    /// The share of the area is drawn from Beta(4, 4), the proportion is the image's, the centre anywhere but in the first eighth; cut
    /// off at the image's edge (Dual Teacher's release). `area_…` and `ratio_…` play no part.
    case beta
  }

  /// As released with UniMatch.
  public init() {}

  /// As released with CPS: three rectangles in every image.
  public static var crossPseudoSupervision: CutMixSettings {
    var settings = CutMixSettings()
    (settings.probability, settings.boxes, settings.rectangles) = (1, 3, .logSides)
    (settings.areaFrom, settings.areaTo) = (0.25, 0.5)
    return settings
  }

  /// One rectangle of half of the image in every image, as PixelSSL has it.
  public static var half: CutMixSettings {
    var settings = CutMixSettings()
    (settings.probability, settings.rectangles) = (1, .logSides)
    (settings.areaFrom, settings.areaTo) = (0.5, 0.5)
    return settings
  }

  /// As released with Dual Teacher.
  public static var beta: CutMixSettings {
    var settings = CutMixSettings()
    (settings.probability, settings.rectangles) = (1, .beta)
    return settings
  }

  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("probability", (0...1).contains(probability), "between 0 and 1"),
      SettingsRule("boxes", (1...16).contains(boxes), "between 1 and 16"),
      SettingsRule("area_from", (0...1).contains(areaFrom), "between 0 and 1"),
      SettingsRule("area_to", areaTo >= areaFrom && areaTo <= 1, "between area_from and 1"),
      SettingsRule("ratio_from", ratioFrom > 0, "more than 0"),
      SettingsRule("ratio_to", ratioTo >= ratioFrom, "ratio_from or more"),
    ]
  }

  /// What happens, in words.
  var plan: String {
    let what = boxes == 1 ? "a rectangle" : "\(boxes) rectangles"
    return "CutMix: \(what) of another image \(RunWords.share(probability))"
  }
}
