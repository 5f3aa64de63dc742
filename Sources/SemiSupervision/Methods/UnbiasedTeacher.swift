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
// Strong views are the weak ones with colour jitter, grey, blur and up to three rectangles of noise; both have one size and mirroring.
//
// Differences from the source:
// - Grey, in jitter too, weighs red, green and blue as such; the release hands BGR to Pillow for RGB. Noise has every byte equally
//   often (`NoiseErase`).
// - The losses of a labelled image's two views are computed apart and averaged.

import Detection
import Samples
import Torch
import Training

/// Trains a detector on labelled images, and classes on what its average finds in unlabelled ones.
public final class UnbiasedTeacher: TeacherMethod {
  /// What of the method can be set; the defaults are those of the release.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = UnbiasedTeacher.name
    /// Whose numbers stand where neither the recipe nor the command line says another.
    public var preset = Preset.released
    /// Labelled images a step.
    public var labeledImages = 1
    /// Whether a strong view of each labelled image is learnt beside the weak one; each counts half.
    public var labeledStrongViews = true
    /// Unlabelled images a step.
    public var unlabeledImages = 1
    /// Whether a step takes exactly so many images of each kind, or draws their numbers.
    public var batches = BatchComposition()
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

  /// The student, and its average.
  public let models: TeacherStudent<Settings>

  /// A method that trains `student`; its teacher is the student until the burn-in ends.
  public init(_ student: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    models = TeacherStudent(student, settings: settings, optimizer: optimizer, length: length)
  }

  /// The four losses of the labelled images' views, and those of objectness and class of the unlabelled ones times their weight.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    models.losses(for: batch, at: step, learn: learn)
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
}

extension UnbiasedTeacher.Settings: TeacherSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Unbiased Teacher (Liu et al. 2021): pseudo-boxes teach classes alone, with a focal loss, after a supervised burn-in."
  }

  /// Objectness and classes; no boxes.
  public var filterPlan: [String] {
    [
      "pseudo-boxes: what scores over \(thresholds.classWords) is an object of its class; no box offsets are learnt from it"
    ]
  }

  /// The focal loss, and the release's strong views.
  public static func setDefaults(of run: inout DetectionSettings<Self>) {
    run.model.regions.focalGamma = 1.5
    run.views.labeledColor = .never
    run.views.sharesGeometry = true
    run.views.strongAugmentation.colorProbability = 0
    run.views.strongAugmentation.geometryProbability = 0
    run.views.strongAugmentation.eraseProbability = 0
    run.views.strongAugmentation.jitter.probability = 0.8
    run.views.strongAugmentation.greyProbability = 0.2
    run.views.strongAugmentation.blur.probability = 0.5
    run.views.strongAugmentation.noise.probabilities = [0.7, 0.5, 0.3]
  }

  /// The method on a student.
  public func makeMethod(
    _ detector: FasterRCNN, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    UnbiasedTeacher(detector, settings: self, optimizer: optimizer, length: length)
  }
}
