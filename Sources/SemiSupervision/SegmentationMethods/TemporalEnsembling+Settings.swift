import Reporting
import Samples
import Segmentation
import Training

extension TemporalEnsembling {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = TemporalEnsembling.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// The loss of the difference beside that of labels, once it has risen.
    public var unlabeledWeight = 30.0
    /// Images seen over which the weight rises.
    public var rampImages = 0
    /// The share of the old mean in the new one, at each look at an image.
    public var momentum = 0.6
    /// Cells along an image's longer side in which what was said is kept: 2 bytes a class and cell.
    public var gridSide = 60
    /// What the difference is measured by.
    public var consistency = PixelConsistency.squaredError
    /// Whether unlabelled images are seen in strong views.
    public var strongViews = true
    /// Images seen over which an average of the weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      unlabeledRules + [
        SettingsRule("name", name == TemporalEnsembling.name, "'\(TemporalEnsembling.name)'"),
        SettingsRule("ramp_images", rampImages >= 0, "0 or more"),
        SettingsRule("momentum", (0..<1).contains(momentum), "in 0..<1"),
        SettingsRule("grid_side", (1...4096).contains(gridSide), "between 1 and 4096"),
        SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
      ]
    }
  }
}

extension TemporalEnsembling.Settings: UnlabeledPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Temporal Ensembling (Laine and Aila 2017): the network is to go on saying of an image what it has said of it in the mean."
  }

  /// A weak view of each labelled image, and one view of each unlabelled one.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1),
      unlabeled: strongViews ? .init(images: unlabeledImages, strong: 1) : .init(images: unlabeledImages, weak: 1))
  }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image; of all images what was said of them before, in the mean (\(NumberText.short(momentum)) of it old at "
        + "each look), by \(consistency.rawValue), times \(NumberText.short(unlabeledWeight))"
        + RampUp.plan(rampImages, for: length),
      "keeps what was said on a grid of \(gridSide) cells along the longer side, in memory and in checkpoints: "
        + "about \(NumberText.short(Double(gridSide * gridSide * 3 / 4) * 2 / 1024)) kB an image and class",
    ] + AverageMemory.judgedPlan(memoryImages: memoryImages, for: length)
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    TemporalEnsembling(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
