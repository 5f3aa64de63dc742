import Training

/// What an encoder learns of images without labels before a method's own first stage.
public struct PretrainingSettings: Settings {
  /// The ways there are.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Nothing: the method begins at `initial_weights`.
    case none
    /// Contrastive predictive coding: ``CPC``.
    case cpc
  }

  /// What it learns.
  public var kind = Kind.none
  /// Steps; 0 for as many as the run's own.
  public var steps = 0
  /// Contrastive predictive coding.
  public var cpc = CPC.Settings()
  /// What moves its weights; those on top of the encoder are the head.
  public var optimizer: OptimizerSettings = {
    var optimizer = OptimizerSettings()
    optimizer.algorithm = .adamw
    optimizer.learningRate = 2e-4
    return optimizer
  }()

  /// None.
  public init() {}

  /// A count.
  public var rules: [SettingsRule] { [SettingsRule("steps", steps >= 0, "0 or more")] }

  /// Whether there is such a stage.
  public var isOn: Bool { kind != .none }

  /// The stage's length; none where there is no such stage.
  var stages: [StageLength] {
    get { isOn ? [StageLength(steps: steps, stepImages: cpc.images)] : [] }
    set { if let stage = newValue.first { steps = stage.steps } }
  }

  /// What the stage does, in words; nothing where there is none.
  ///
  /// - Parameter length: Of the run.
  func plan(for length: RunLength, from weights: String, hasUnlabeled: Bool) -> [String] {
    guard isOn else { return [] }
    let count = steps > 0 ? steps : length.steps
    return [
      "\(EncoderStage.name), before all others: the encoder is pre-trained from \(weights) weights on the labelled "
        + (hasUnlabeled ? "and unlabelled " : "") + "images, none with its labels, \(count) steps of \(cpc.images)"
    ] + cpc.plan(for: length)
  }
}

/// Names the ways to pre-train an encoder, for `--list-methods`.
extension PretrainingSettings {
  /// How each is chosen, and one line about it.
  public static var summaries: [(choice: String, summary: String)] {
    [("pretraining.kind=\(Kind.cpc.rawValue)", CPC.Settings.summary)]
  }
}
