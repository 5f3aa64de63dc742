// What must hold of the settings that `Samples` declares: of views, their strong augmentation, and batches.

import Samples
import Views

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
    let magnitudes = colorMagnitudes == .whole ? 1...9 : 0...10
    return [
      SettingsRule("color_probability", isProbability(colorProbability), "between 0 and 1"),
      SettingsRule(
        "color_magnitude_from", magnitudes.contains(colorMagnitudeFrom),
        "between \(magnitudes.lowerBound) and \(magnitudes.upperBound) where color_magnitudes is \(colorMagnitudes.rawValue)"
      ),
      SettingsRule(
        "color_magnitude_to", colorMagnitudeTo >= colorMagnitudeFrom && colorMagnitudeTo <= magnitudes.upperBound,
        "between color_magnitude_from and \(magnitudes.upperBound)"),
      SettingsRule("geometry_probability", isProbability(geometryProbability), "between 0 and 1"),
      SettingsRule("translation", (0...1).contains(translation), "between 0 and 1"),
      SettingsRule("rotation", (0...180).contains(rotation), "between 0 and 180"),
      SettingsRule(
        "shear", (0...180).contains(shear) && (shearFactor == .tanh || shear < 90),
        shearFactor == .tanh ? "between 0 and 180" : "0 or more and below 90 where shear_factor is tan"),
      SettingsRule("erase_probability", isProbability(eraseProbability), "between 0 and 1"),
      SettingsRule("erase_count_from", eraseCountFrom >= 0, "0 or more"),
      SettingsRule("erase_count_to", eraseCountTo >= eraseCountFrom, "erase_count_from or more"),
      SettingsRule("erase_size", (0...1).contains(eraseSize), "between 0 and 1"),
      SettingsRule("fill", (0...255).contains(fill), "between 0 and 255"),
    ]
  }
}

extension ColorJitterSettings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("probability", (0...1).contains(probability), "between 0 and 1"),
      SettingsRule("brightness", (0...1).contains(brightness), "between 0 and 1"),
      SettingsRule("contrast", (0...1).contains(contrast), "between 0 and 1"),
      SettingsRule("saturation", (0...1).contains(saturation), "between 0 and 1"),
      SettingsRule("hue", (0...0.5).contains(hue), "between 0 and 0.5"),
    ]
  }
}

extension BlurSettings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("probability", (0...1).contains(probability), "between 0 and 1"),
      SettingsRule("deviation_from", (0...1000).contains(deviationFrom), "between 0 and 1000"),
      SettingsRule(
        "deviation_to", deviationTo >= deviationFrom && deviationTo <= 1000, "between deviation_from and 1000"),
    ]
  }
}

extension NoiseSettings: Settings {
  /// Ranges of the numbers, and lists that are long enough.
  public var rules: [SettingsRule] {
    let count = probabilities.count
    func holds(_ values: [Double], _ isFine: (Double) -> Bool) -> Bool {
      values.count >= count && values.allSatisfy(isFine)
    }
    func isOrdered(_ from: [Double], _ to: [Double]) -> Bool { zip(from, to).allSatisfy { $0 <= $1 } }
    let each = "\(count) or more"
    return [
      SettingsRule("probabilities", probabilities.allSatisfy((0...1).contains), "numbers between 0 and 1"),
      SettingsRule("areas_from", holds(areasFrom, (0...1).contains), "\(each) numbers between 0 and 1"),
      SettingsRule(
        "areas_to", holds(areasTo, (0...1).contains) && isOrdered(areasFrom, areasTo),
        "\(each) numbers between those of areas_from and 1"),
      SettingsRule("ratios_from", holds(ratiosFrom) { $0 > 0 }, "\(each) numbers above 0"),
      SettingsRule(
        "ratios_to", holds(ratiosTo) { $0 > 0 } && isOrdered(ratiosFrom, ratiosTo),
        "\(each) numbers, not below those of ratios_from"),
    ]
  }
}

extension BatchComposition: Settings {
  /// Numbers of images.
  public var rules: [SettingsRule] {
    [
      SettingsRule("drawn_together", drawnTogether == 0 || drawnTogether >= 2, "0, or 2 or more"),
      SettingsRule("labeled_share_decay_images", labeledShareDecayImages >= 0, "0 or more"),
    ]
  }
}

extension SegmentationViewSettings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("base_size", baseSize >= 1, "1 or more"),
      SettingsRule("scale_from", scaleFrom > 0, "above 0"),
      SettingsRule("scale_to", scaleTo >= scaleFrom, "scale_from or more"),
      SettingsRule("crop_height", cropHeight >= 1, "1 or more"),
      SettingsRule("crop_width", cropWidth >= 1, "1 or more"),
      SettingsRule("mirror_probability", (0...1).contains(mirrorProbability), "between 0 and 1"),
    ]
  }
}

extension SegmentationStrongSettings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [SettingsRule("grey_probability", (0...1).contains(greyProbability), "between 0 and 1")]
  }
}

extension CutoutSettings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("probability", (0...1).contains(probability), "between 0 and 1"),
      SettingsRule("area_from", (0...1).contains(areaFrom), "between 0 and 1"),
      SettingsRule("area_to", areaTo >= areaFrom && areaTo <= 1, "between area_from and 1"),
      SettingsRule("ratio_from", ratioFrom > 0, "above 0"),
      SettingsRule("ratio_to", ratioTo >= ratioFrom, "ratio_from or more"),
    ]
  }
}
