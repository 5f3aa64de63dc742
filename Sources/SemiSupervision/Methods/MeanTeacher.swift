// Mean Teacher with hard pseudo-boxes: the plain end-to-end baseline.
//
// The idea: the teacher, the moving average of the student, finds boxes in weak views of unlabelled images; those above one
// score are taken for true in strong views of the same images, all else for background.
//
// Source: Mean Teacher (Tarvainen and Valpola, 2017); for detection the end-to-end baseline with a moving average that Soft
// Teacher (Xu et al., ICCV 2021, section 4.4) is measured against: what weighting and jittering add, they add to this.

import Detection
import Samples
import Torch
import Training

/// Trains a detector on labelled images and on what its average finds in unlabelled ones.
public final class MeanTeacher: TeacherMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = MeanTeacher.name
    /// Labelled images a step.
    public var labeledImages = 1
    /// Whether a strong view of each labelled image is learnt beside the weak one; each counts half.
    public var labeledStrongViews = false
    /// Unlabelled images a step.
    public var unlabeledImages = 4
    /// Whether a step takes exactly so many images of each kind, or draws their numbers.
    public var batches = BatchComposition()
    /// The factor of the unlabelled images' losses.
    public var unlabeledWeight = 4.0
    /// Images seen, labelled and unlabelled, before unlabelled images are learnt from.
    public var burnInImages = 0
    /// The judged model's AP on validation images that ends the burn-in before its images are seen, or off.
    public var burnInAP = Limit.off
    /// Images seen over which the teacher remembers the student.
    public var memoryImages = 40_000
    /// Whether the teacher is the plain mean of all students so far before it begins to forget.
    public var memoryRamp = true
    /// Whether buffers are averaged too.
    public var memoryBuffers = true
    /// Which model is judged.
    public var judged = JudgedModel.teacher
    /// Which of the teacher's boxes are taken for true, by `class_score`.
    public var thresholds = PseudoBoxes.Thresholds(score: 0.9)
    /// Whether strong views, too, enter the running statistics of trained batch norms.
    public var countsStrongViews = false

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [SettingsRule("name", name == MeanTeacher.name, "'\(MeanTeacher.name)'")] + teacherRules
    }
  }

  /// `mean-teacher`.
  public static let name = "mean-teacher"

  /// The student, and its average.
  public let models: TeacherStudent<Settings>

  /// A method that trains `student`; its teacher starts as a copy.
  public init(_ student: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    models = TeacherStudent(student, settings: settings, optimizer: optimizer, length: length)
  }

  /// The four losses of the labelled images, and the four of the unlabelled ones times their weight.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    models.losses(for: batch, at: step) { teaching in
      models.student.losses(
        ImageBatch(teaching.strong), targets: teaching.targets(.classes), sampler: teaching.sampler)
    }
  }
}

extension MeanTeacher.Settings: TeacherSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Mean Teacher with hard pseudo-boxes: what the student's average finds with a high score is taken for true."
  }

  /// The method on a student.
  public func makeMethod(
    _ detector: FasterRCNN, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    MeanTeacher(detector, settings: self, optimizer: optimizer, length: length)
  }
}
