// Supervised training of a segmenter: the baseline that every semi-supervised method is measured against, and the first stage of
// self-training.
//
// The idea: the labelled images alone, weakly augmented; the mean cross-entropy over the pixels that have a label (Long et al. 2015), or
// another loss of pixels; that of an auxiliary head beside it where the network has one. With a memory, the moving average of the weights
// is judged, as a teacher's are.

import Layers
import Samples
import Segmentation
import Torch
import Training

/// Trains a segmenter on labelled images alone.
public final class SupervisedSegmentation: StudentMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = SupervisedSegmentation.name
    /// Labelled images a step.
    public var labeledImages = 16
    /// Images seen over which an average of the weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == SupervisedSegmentation.name, "'\(SupervisedSegmentation.name)'"),
        SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
        SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
      ]
    }
  }

  /// `supervised`.
  public static let name = "supervised"

  /// The network and its average.
  public let student: TrainedStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  private let loss: PixelLoss

  /// A method that trains `network` with an optimizer made for it.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength
  ) {
    self.settings = settings
    self.loss = loss
    student = TrainedStudent(network, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
  }

  /// The loss of the labelled images' pixels, and that of the auxiliary head.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    let labeled = batch.labeledWeak[0]
    guard let labels = labeled.labels else { preconditionFailure("supervised: expected label maps") }
    let network = student.model
    let output = network(labeled.images, dropoutFrom: step.makeGenerator())
    var losses = Losses()
    losses.add(loss.terms(of: output, labels, auxiliaryWeight: network.settings.auxiliaryWeight))
    return losses
  }
}

extension SupervisedSegmentation.Settings: SegmentationMethodSettings {
  /// For `--list-methods`.
  public static var summary: String { "The labelled images alone: the baseline." }

  /// One weak view of each labelled image.
  public var views: ViewRequest { ViewRequest(labeled: .init(images: labeledImages, weak: 1)) }

  /// Labelled images; any number of them makes a step.
  public var stepImages: StepImages {
    get { StepImages(labeled: labeledImages) }
    set { labeledImages = newValue.labeled }
  }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    ["learns: the labelled images alone, a weak view of each"]
      + AverageMemory.judgedPlan(memoryImages: memoryImages, for: length)
  }

  /// The supervised method.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    SupervisedSegmentation(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
