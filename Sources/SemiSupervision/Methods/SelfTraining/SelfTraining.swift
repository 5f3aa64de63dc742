// Self-training in stages: train on labels, label the rest once, train anew on both with strong augmentation.
//
// The idea: a detector trained on the labelled images looks once at every unlabelled image as it is. What it finds with a
// high score are labels from then on: a fresh detector learns them in strongly changed views, beside the labelled images.
//
// Source: STAC (Sohn et al., A Simple Semi-Supervised Learning Framework for Object Detection, 2020), as released
// (github.com/google-research/ssl_detection): threshold 0.9, factor 2, all four losses of pseudo-boxes.
//
// Differences from the source:
// - Strong views are those of this toolkit (Soft Teacher's release) for every method, so that methods can be compared.
// - Labelled and unlabelled images come in fixed numbers a step; the release takes one of each.
// - The teacher of the first stage may be an average of weights, which the release does not take.

import Detection
import Layers
import Reporting
import Samples
import Torch
import Training

/// Trains a detector on labelled images and on what an earlier one has found in unlabelled images.
public final class SelfTraining: StudentMethod {
  /// What of the method can be set; the defaults are those of the release.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = SelfTraining.name
    /// Labelled images a step.
    public var labeledImages = 1
    /// Unlabelled images a step.
    public var unlabeledImages = 1
    /// The factor of the unlabelled images' losses.
    public var unlabeledWeight = 2.0
    /// Which boxes the first stage's detector passes on, by `class_score`.
    public var thresholds = PseudoBoxes.Thresholds(score: 0.9)
    /// Keeps images in which nothing is passed on, as examples of background.
    public var keepsEmptyImages = false
    /// Steps of the first stage; 0 for as many as of the second.
    public var teacherSteps = 0
    /// Images seen over which an average of the first stage's weights remembers them; it labels then. 0 for none.
    public var teacherMemoryImages = 0
    /// Images seen over which an average of the second stage's weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0

    /// As released.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == SelfTraining.name, "'\(SelfTraining.name)'"),
        SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
        SettingsRule("unlabeled_images", unlabeledImages >= 1, "1 or more"),
        SettingsRule("unlabeled_weight", unlabeledWeight >= 0, "0 or more"),
        SettingsRule("teacher_steps", teacherSteps >= 0, "0 or more"),
        SettingsRule("teacher_memory_images", teacherMemoryImages >= 0, "0 or more"),
        SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
      ]
    }
  }

  /// `self-training`.
  public static let name = "self-training"

  /// The network and its average.
  public let student: TrainedStudent<FasterRCNN>
  /// What is set.
  public let settings: Settings
  private let norms: [BatchNorm]

  /// The second stage: trains `student`.
  public init(_ student: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    self.settings = settings
    norms = student.trainedNorms()
    self.student = TrainedStudent(student, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
  }

  /// The four losses of the labelled images, and those of the unlabelled ones' pseudo-boxes times their weight.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    var losses = Losses()
    let (labeled, unlabeled) = (batch.labeledWeak[0], batch.unlabeledStrong[0])
    for (name, value) in values(labeled, purpose: 0, at: step).named() { losses.add(name, value) }
    norms.forEach { $0.keepsStatistics = true }
    defer { norms.forEach { $0.keepsStatistics = false } }
    for (name, value) in values(unlabeled, purpose: 1, at: step).named("unlabeled") {
      losses.add(name, value, weight: settings.unlabeledWeight)
    }
    let boxes = unlabeled.views.reduce(0) { $0 + $1.labels.boxes.count }
    losses.report("pseudo.classes", Double(boxes) / Double(max(1, unlabeled.views.count)))
    return losses
  }

  private func values(_ batch: ViewBatch, purpose: UInt64, at step: Step) -> DetectorLosses {
    student.model.losses(
      ImageBatch(batch), targets: DetectionTarget.targets(of: batch),
      sampler: BalancedSampler(generator: step.makeGenerator(purpose)))
  }
}

extension SelfTraining.Settings: DetectionMethodSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Self-training in stages (STAC, Sohn et al. 2020): train, label the unlabelled images once, train anew on both."
  }

  /// One weak view of each labelled image, one strong view of each unlabelled image.
  public var views: ViewRequest {
    ViewRequest(labeled: .init(images: labeledImages, weak: 1), unlabeled: .init(images: unlabeledImages, strong: 1))
  }

  /// Labelled and unlabelled images.
  public var stepImages: StepImages {
    get { StepImages(labeled: labeledImages, unlabeled: unlabeledImages) }
    set { (labeledImages, unlabeledImages) = (newValue.labeled, newValue.unlabeled) }
  }

  /// The teacher's.
  public var stages: [StageLength] {
    get { [StageLength(steps: teacherSteps, stepImages: labeledImages)] }
    set { teacherSteps = newValue.first?.steps ?? teacherSteps }
  }

  /// The second stage on a detector.
  public func makeMethod(
    _ detector: FasterRCNN, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    SelfTraining(detector, settings: self, optimizer: optimizer, length: length)
  }

  /// The three stages, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    let steps = teacherSteps > 0 ? teacherSteps : length.steps
    let labeller = teacherMemoryImages > 0 ? "the average of its weights" : "it"
    return [
      "stage 1: a detector learns the labelled images alone, \(steps) steps of \(labeledImages)",
      "stage 2: \(labeller) labels every unlabelled image once; what scores over " + thresholds.classWords
        + " is taken for true",
      "stage 3: a fresh detector learns a weak view of each labelled and, with \(NumberText.short(unlabeledWeight)) times the "
        + "weight, a strong view of each unlabelled image",
    ]
      + AverageMemory.judgedPlan(memoryImages: memoryImages, for: length)
  }

  /// The first stages: trains a teacher in the run's folder, and labels with it.
  public func unlabeledImages(of run: DetectionRun<Self>, in folder: RunFolder) throws -> ImagePool? {
    try SelfTrainingStages(run, folder: folder).labeledPool()
  }
}
