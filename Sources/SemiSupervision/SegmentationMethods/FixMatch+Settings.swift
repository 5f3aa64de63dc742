import Reporting
import Samples
import Segmentation
import Training
import Views

extension FixMatch {
  /// What of the method can be set; the defaults are those of UniMatch's release for Pascal VOC, but for the weights.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = FixMatch.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// The loss of unlabelled images beside that of labelled ones.
    public var unlabeledWeight = 1.0
    /// Probability from which a pixel is learnt (released: 0.95; for Cityscapes 0).
    public var threshold = 0.95
    /// Whether the threshold stays, or follows what pixels are like.
    public var thresholdPolicy = PixelThresholdSettings()
    /// What the sum over sure pixels is divided by: all that show their image, or the sure ones.
    public var denominator = PixelLosses.Denominator.valid
    /// Whether a pixel with a pseudo-label counts by its class, too, as `loss.balance` has labelled ones do: rare classes are learnt more,
    /// and so is what is taken for one of them by mistake.
    public var balancesPseudoLabels = false
    /// Rectangles of other images.
    public var cutMix = CutMixSettings()
    /// Images seen over which an average of the weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      unlabeledRules + [
        SettingsRule("name", name == FixMatch.name, "'\(FixMatch.name)'"),
        SettingsRule("threshold", (0...1).contains(threshold), "between 0 and 1"),
        SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
      ]
    }
  }
}

extension FixMatch.Settings: UnlabeledPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "FixMatch (Sohn et al. 2020) with CutMix: what the network is sure of in a weak view is learnt in a strong one."
  }

  /// By CutMix.
  public var mixesImages: Bool { cutMix.probability > 0 }

  /// All: pseudo-labels go with moved views, and probes are looked at.
  public var viewPolicies: Set<ViewPolicy> { Set(ViewPolicy.allCases) }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image, and of each unlabelled one what the network says of its weak view, in its strong view",
      "pseudo-labels: " + thresholdPolicy.plan(threshold: threshold, for: length)
        + "; the loss is the sum over them by "
        + denominator.plan + ", times \(NumberText.short(unlabeledWeight))", cutMix.plan,
    ] + AverageMemory.judgedPlan(memoryImages: memoryImages, for: length)
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    FixMatch(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
