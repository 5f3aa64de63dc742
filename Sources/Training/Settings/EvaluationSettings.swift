import Samples

/// How images are resized and batched when a model is judged or predicts.
public struct EvaluationSettings: Settings {
  /// The shorter side in pixels.
  public var shortSide = 800
  /// The longer side is at most this many pixels.
  public var longSide = 1333
  /// Images a batch.
  public var batchSize = 1

  /// The defaults.
  public init() {}

  /// Sizes of 1 or more.
  public var rules: [SettingsRule] {
    [
      SettingsRule("short_side", shortSide >= 1, "1 or more"),
      SettingsRule("long_side", longSide >= shortSide, "short_side or more"),
      SettingsRule("batch_size", batchSize >= 1, "1 or more"),
    ]
  }
}

extension LabelSelection: Settings {}

extension ViewSettings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("short_side_from", shortSideFrom >= 1, "1 or more"),
      SettingsRule("short_side_to", shortSideTo >= shortSideFrom, "short_side_from or more"),
      SettingsRule(
        "teacher_short_side_from",
        teacherShortSideFrom == 0 || (teacherShortSideFrom >= shortSideFrom && teacherShortSideFrom <= shortSideTo),
        "0, or between short_side_from and short_side_to"),
      SettingsRule("long_side", longSide >= shortSideTo, "short_side_to or more"),
      SettingsRule("mirror_probability", (0...1).contains(mirrorProbability), "between 0 and 1"),
      SettingsRule("size_divisor", sizeDivisor >= 1, "1 or more"),
    ]
  }
}

extension StrongAugmentationSettings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    func isProbability(_ value: Double) -> Bool { (0...1).contains(value) }
    return [
      SettingsRule("color_probability", isProbability(colorProbability), "between 0 and 1"),
      SettingsRule("color_magnitude_from", (1...9).contains(colorMagnitudeFrom), "between 1 and 9"),
      SettingsRule(
        "color_magnitude_to", colorMagnitudeTo >= colorMagnitudeFrom && colorMagnitudeTo <= 9,
        "between color_magnitude_from and 9"),
      SettingsRule("geometry_probability", isProbability(geometryProbability), "between 0 and 1"),
      SettingsRule("translation", (0...1).contains(translation), "between 0 and 1"),
      SettingsRule("rotation", (0...180).contains(rotation), "between 0 and 180"),
      SettingsRule("shear", (0...180).contains(shear), "between 0 and 180"),
      SettingsRule("erase_probability", isProbability(eraseProbability), "between 0 and 1"),
      SettingsRule("erase_count_from", eraseCountFrom >= 0, "0 or more"),
      SettingsRule("erase_count_to", eraseCountTo >= eraseCountFrom, "erase_count_from or more"),
      SettingsRule("erase_size", (0...1).contains(eraseSize), "between 0 and 1"),
      SettingsRule("fill", (0...255).contains(fill), "between 0 and 255"),
    ]
  }
}
