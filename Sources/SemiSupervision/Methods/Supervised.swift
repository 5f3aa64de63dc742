// Supervised training of a detector: the baseline that every semi-supervised method is measured against.
//
// The idea: the labelled images alone, the four losses of Faster R-CNN (Ren et al. 2015, sections 3.1.2 and 3.1.3) summed with
// weight 1, as torchvision's reference script and Soft Teacher's supervised part do. With a memory, the moving average of
// the weights is judged, as a teacher's are: what a semi-supervised method gains must be more than what averaging gains.

import Detection
import Layers
import Samples
import Torch
import Training

/// Trains a detector on labelled images alone.
public final class Supervised: StudentMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = Supervised.name
    /// Labelled images a step.
    public var labeledImages = 4
    /// Images seen over which an average of the weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0
    /// Whether a strong view of each labelled image is learnt beside the weak one, as Unbiased Teacher does; each counts half.
    public var labeledStrongViews = false

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == Supervised.name, "'\(Supervised.name)'"),
        SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
        SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
      ]
    }
  }

  /// `supervised`.
  public static let name = "supervised"

  /// The network and its average.
  public let student: TrainedStudent<FasterRCNN>
  /// What is set.
  public let settings: Settings

  /// A method that trains `detector` with an optimizer made for it.
  public init(_ detector: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    self.settings = settings
    student = TrainedStudent(detector, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
  }

  /// The four losses of the labelled images; with strong views the mean of both views' losses.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    var losses = Losses()
    let values = student.model.labeledLosses(batch, strongViews: settings.labeledStrongViews, at: step)
    for (name, value) in values.named() { losses.add(name, value) }
    return losses
  }
}

extension Supervised.Settings {
  /// One weak view of each labelled image, and one strong view where that is learnt too.
  public var views: ViewRequest {
    ViewRequest(labeled: .init(images: labeledImages, weak: 1, strong: labeledStrongViews ? 1 : 0))
  }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    ["learns: the labelled images alone, a weak view of each" + (labeledStrongViews ? " and a strong one" : "")]
      + AverageMemory.judgedPlan(memoryImages: memoryImages, for: length)
  }
}
