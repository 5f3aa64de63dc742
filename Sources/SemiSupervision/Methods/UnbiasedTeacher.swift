// Unbiased Teacher: pseudo-boxes for classes alone, and a loss that does not drown rare classes.
//
// The idea: after a supervised burn-in the teacher starts as the student and follows it slowly. Boxes it finds with more than
// 0.7 are true for objectness and class; no box offsets are learnt from them, since a score says nothing about a place. The
// focal loss keeps frequent classes, which pseudo-boxes favour, from crowding out rare ones.
//
// Source: Liu et al., ICLR 2021, as released (github.com/facebookresearch/unbiased-teacher): burn-in 2000 steps of 64 images,
// threshold 0.7, factor 4, momentum 0.9996 over all parameters and buffers, focal loss with γ = 1.5 in the box head, labelled
// images twice a step, in a weak and a strong view.
//
// Differences from the source:
// - Strong views get this toolkit's colour operations and erased rectangles, not colour jitter, blur and erased noise; as there
//   they get no geometric change. Weak and strong view draw their size and mirroring each for itself; boxes are carried.
// - The losses of a labelled image's two views are computed apart and averaged.

import Detection
import Samples
import Torch
import Training

/// Trains a detector on labelled images, and classes on what its average finds in unlabelled ones.
public final class UnbiasedTeacher: TrainingMethod, PseudoBoxShowing {
  /// What of the method can be set; the defaults are those of the release.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = UnbiasedTeacher.name
    /// Whose numbers stand where neither the recipe nor the command line says another.
    public var preset = Preset.released
    /// Labelled images a step, each in a weak and a strong view.
    public var labeledImages = 1
    /// Unlabelled images a step.
    public var unlabeledImages = 1
    /// The factor of the unlabelled images' losses.
    public var unlabeledWeight = 4.0
    /// Images seen, labelled and unlabelled, before unlabelled images are learnt from (released: 2000 steps of 64 images).
    public var burnInImages = 128_000
    /// The judged model's AP on validation images that ends the burn-in before its images are seen, or off.
    public var burnInAP = Limit.off
    /// Images seen over which the teacher remembers the student (released: momentum 0.9996 at 64 images a step).
    public var memoryImages = 160_000
    /// Whether the teacher is the plain mean of all students since the burn-in before it begins to forget.
    public var memoryRamp = false
    /// Whether buffers are averaged too.
    public var memoryBuffers = true
    /// Which model is judged.
    public var judged = JudgedModel.teacher
    /// Which of the teacher's boxes are taken for true, by `proposal_score` and `class_score`.
    public var thresholds = PseudoBoxes.Thresholds(score: 0.7)
    /// Whether strong views, too, enter the running statistics of trained batch norms.
    public var countsStrongViews = false

    /// As released.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [SettingsRule("name", name == UnbiasedTeacher.name, "'\(UnbiasedTeacher.name)'")] + teacherRules
    }
  }

  /// Whose numbers the method has by default.
  public enum Preset: String, Codable, CaseIterable, Sendable {
    /// The code released with the paper.
    case released
  }

  /// `unbiased-teacher`.
  public static let name = "unbiased-teacher"

  private let models: TeacherStudent<Settings>
  private let settings: Settings

  /// A method that trains `student`; its teacher is the student until the burn-in ends.
  public init(_ student: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    self.settings = settings
    models = TeacherStudent(student, settings: settings, optimizer: optimizer, length: length)
  }

  /// A weak and a strong view of each image.
  public var views: ViewRequest { settings.views }
  /// The student with its optimizer.
  public var trainedModels: [TrainedModel] { models.trainedModels }
  /// Teacher and student; the one the settings name is judged.
  public var predictors: [(name: String, predictor: any Predictor)] { models.predictors }
  /// What the last step's teacher passed on; nil while unlabelled images are not learnt from.
  public var taught: TaughtStep? { models.taught }

  /// The four losses of the labelled images' views, and those of objectness and class of the unlabelled ones times their weight.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    models.losses(for: batch, at: step, labeled: { labeledLosses(batch, at: step) }, learn: learn)
  }

  /// The mean over weak and strong views.
  private func labeledLosses(_ batch: SampleBatch, at step: Step) -> DetectorLosses {
    models.labeledLosses(batch.labeledWeak[0], at: step)
      .mean(with: models.labeledLosses(batch.labeledStrong[0], at: step, purpose: 3))
  }

  /// Objectness and class; nothing about boxes.
  private func learn(_ teaching: Teaching) -> DetectorLosses {
    var losses = models.student.losses(
      ImageBatch(teaching.strong), targets: teaching.targets(.classes), sampler: teaching.sampler)
    losses.boxes = losses.boxes.detached() * 0
    losses.proposalBoxes = losses.proposalBoxes.detached() * 0
    return losses
  }

  /// Until the burn-in ends the teacher is the student; then it follows.
  public func modelsDidUpdate(at step: Step) {
    if models.isBurningIn(at: step) { models.average.copySource() } else { models.average.update(at: step) }
  }
  /// Ends the burn-in where the judged model is as good as it is to become.
  public func modelsWereJudged(_ judgements: [(name: String, judgement: Judgement)]) {
    models.modelsWereJudged(judgements)
  }
  /// What the two models remember.
  public var state: MethodState { models.state }
  /// Goes on from a saved state.
  public func restore(_ state: MethodState) throws { try models.restore(state) }
}

extension UnbiasedTeacher.Settings: TeacherSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Unbiased Teacher (Liu et al. 2021): pseudo-boxes teach classes alone, with a focal loss, after a supervised burn-in."
  }

  /// A weak and a strong view of each labelled and of each unlabelled image.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1, strong: 1),
      unlabeled: .init(images: unlabeledImages, weak: 1, strong: 1))
  }

  /// Objectness and classes; no boxes.
  public var filterPlan: [String] {
    [
      "pseudo-boxes: what scores over \(thresholds.classWords) is an object of its class; no box offsets are learnt from it",
      "labelled images are learnt in a weak and in a strong view",
    ]
  }

  /// The focal loss, and strong views without geometric changes.
  public static var presets: [SettingsPreset] {
    [
      SettingsPreset(
        UnbiasedTeacher.Preset.released.rawValue,
        """
        model: {regions: {focal_gamma: 1.5}}
        views: {labeled_color: never, strong_augmentation: {geometry_probability: 0}}
        """)
    ]
  }

  /// The method on a student.
  public func makeMethod(
    _ detector: FasterRCNN, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    UnbiasedTeacher(detector, settings: self, optimizer: optimizer, length: length)
  }
}
