// What must hold of the settings of policies that strong views of segmenters are drawn by.

import Views

extension RandAugmentSettings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("operations", operations >= 1, "1 or more"),
      SettingsRule("cutout_size", (0...1).contains(cutoutSize), "between 0 and 1"),
      SettingsRule("fill", (0...255).contains(fill), "between 0 and 255"),
    ]
  }
}

extension CTAugmentSettings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("depth", depth >= 1, "1 or more"),
      SettingsRule("threshold", (0...1).contains(threshold), "between 0 and 1"),
      SettingsRule("decay", (0..<1).contains(decay), "0 or more and below 1"),
      SettingsRule("cutout_size", (0...1).contains(cutoutSize), "between 0 and 1"),
      SettingsRule("fill", (0...255).contains(fill), "between 0 and 255"),
    ]
  }
}
