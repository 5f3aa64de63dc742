import Annotations
import Reporting
import Samples
import Segmentation
import Training
import Views

extension CrossPseudoSupervision {
  /// What of the method can be set; the defaults are those of the release for Pascal VOC with CutMix.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = CrossPseudoSupervision.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// What the networks learn of each other beside the labels (released: 1.5 without CutMix; on Cityscapes 5, or 6 without).
    public var unlabeledWeight = 1.0
    /// Whether a pixel with a pseudo-label counts by its class, too, as `loss.balance` has labelled ones do: rare classes are learnt more,
    /// and so is what is taken for one of them by mistake.
    public var balancesPseudoLabels = false
    /// Rectangles of other images; with a `probability` of 0 none are drawn, and labelled images, too, are learnt from each other.
    public var cutMix = CutMixSettings.crossPseudoSupervision
    /// Whether strong views of unlabelled images are learnt.
    public var strongViews = false

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      unlabeledRules + [SettingsRule("name", name == CrossPseudoSupervision.name, "'\(CrossPseudoSupervision.name)'")]
    }
  }
}

extension CrossPseudoSupervision.Settings: UnlabeledPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "CPS (Chen et al. 2021): two networks learn each other's labels, of images mixed by CutMix; the first one is judged."
  }

  /// A weak view of each image, and a strong one of unlabelled images where those are learnt.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1),
      unlabeled: .init(images: unlabeledImages, weak: 1, strong: strongViews ? 1 : 0))
  }

  /// By CutMix.
  public var mixesImages: Bool { cutMix.probability > 0 }

  /// Pseudo-labels go with views that are moved.
  public var viewPolicies: Set<ViewPolicy> { [.sda, .randaugment] }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    let isMixed = cutMix.probability > 0
    return [
      "learns: two networks, a weak view of each labelled image; of \(isMixed || strongViews ? "unlabelled images" : "all images") what the other one "
        + "says, every pixel, times \(NumberText.short(unlabeledWeight))",
      isMixed ? cutMix.plan : "without CutMix", "judged is the first network",
    ]
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    CrossPseudoSupervision(network, settings: self, loss: loss, optimizer: optimizer, length: length, seed: 0)
  }

  /// The method on a network, the second one's head drawn by the run's seed.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength,
    classes: ClassTable, seed: UInt64
  ) -> any TrainingMethod<SampleBatch> {
    CrossPseudoSupervision(network, settings: self, loss: loss, optimizer: optimizer, length: length, seed: seed)
  }
}
