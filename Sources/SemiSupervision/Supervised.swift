// Supervised training of a detector: the baseline that every semi-supervised method is measured against.
//
// The idea: the labelled images alone, the four losses of Faster R-CNN (Ren et al. 2015, sections 3.1.2 and 3.1.3) summed with
// weight 1, as torchvision's reference script and Soft Teacher's supervised part do.

import Detection
import Layers
import Samples
import Torch
import Training

/// Trains a detector on labelled images alone.
public final class Supervised: TrainingMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = Supervised.name
    /// Labelled images a step.
    public var labeledImages = 4

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == Supervised.name, "'\(Supervised.name)'"),
        SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
      ]
    }
  }

  /// `supervised`.
  public static let name = "supervised"

  private let detector: FasterRCNN
  private let settings: Settings
  /// The detector with its optimizer.
  public let trainedModels: [TrainedModel]

  /// A method that trains `detector` with an optimizer made for it.
  public init(_ detector: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    self.detector = detector
    self.settings = settings
    trainedModels = [optimizer.trained("student", detector, for: length)]
  }

  /// One weak view of each labelled image.
  public var views: ViewRequest { settings.views }

  /// The detector itself.
  public var predictors: [(name: String, predictor: any Predictor)] { [("student", detector)] }

  /// The four losses of the labelled images.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    let labeled = batch.labeledWeak[0]
    let sampler = BalancedSampler(generator: step.makeGenerator())
    var losses = Losses()
    for (name, value) in detector.losses(
      ImageBatch(labeled), targets: DetectionTarget.targets(of: labeled), sampler: sampler)
    {
      losses.add(name, value)
    }
    return losses
  }
}

extension Supervised.Settings {
  /// One weak view of each labelled image.
  public var views: ViewRequest { ViewRequest(labeled: .init(images: labeledImages, weak: 1)) }
}
