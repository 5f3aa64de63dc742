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
    /// What the sum over sure pixels is divided by: all that show their image, or the sure ones.
    public var denominator = PixelLosses.Denominator.valid
    /// Rectangles of other images.
    public var cutMix = CutMixSettings()
    /// Images seen over which an average of the weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == FixMatch.name, "'\(FixMatch.name)'"),
        SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
        SettingsRule("unlabeled_images", unlabeledImages >= 1, "1 or more"),
        SettingsRule("unlabeled_weight", unlabeledWeight >= 0, "0 or more"),
        SettingsRule("threshold", (0...1).contains(threshold), "between 0 and 1"),
        SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
      ]
    }
  }
}

extension FixMatch.Settings: SegmentationMethodSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "FixMatch (Sohn et al. 2020) with CutMix: what the network is sure of in a weak view is learnt in a strong one."
  }

  /// One weak view of each labelled image, a weak and a strong view of each unlabelled one.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1), unlabeled: .init(images: unlabeledImages, weak: 1, strong: 1))
  }

  /// All: pseudo-labels go with moved views, and probes are looked at.
  public var viewPolicies: Set<ViewPolicy> { Set(ViewPolicy.allCases) }

  /// Labelled and unlabelled images.
  public var stepImages: StepImages {
    get { StepImages(labeled: labeledImages, unlabeled: unlabeledImages) }
    set { (labeledImages, unlabeledImages) = (newValue.labeled, newValue.unlabeled) }
  }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image, and of each unlabelled one what the network says of its weak view, in its strong view",
      "pseudo-labels: pixels of a probability of \(threshold) or more; the loss is the sum over them by "
        + (denominator == .valid ? "all pixels that show their image" : "their number") + ", times \(unlabeledWeight)",
      "CutMix: a rectangle of another image in \(RunWords.share(cutMix.probability)) of the strong views",
    ] + AverageMemory.judgedPlan(memoryImages: memoryImages, for: length)
  }

  /// Those of the run.
  ///
  /// - Throws: Where strong views do not have the geometry of weak ones, pixel by pixel.
  public func unlabeledImages(of run: SegmentationRun<Self>, in folder: RunFolder) throws -> ImagePool? {
    guard run.settings.views.sharesGeometry else {
      throw RunError.data(
        "views.shares_geometry is false, and \(name) learns in strong views what it says about pixels of weak ones; true is wanted"
      )
    }
    return run.data.unlabeled
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    FixMatch(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
