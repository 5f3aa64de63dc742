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
