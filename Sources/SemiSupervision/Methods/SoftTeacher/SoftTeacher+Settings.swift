import Detection
import Reporting
import Samples
import Training

extension SoftTeacher {
  /// What of the method can be set; the defaults are those of the released code.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = SoftTeacher.name
    /// Whose numbers stand where neither the recipe nor the command line says another.
    public var preset = Preset.released
    /// Labelled images a step.
    public var labeledImages = 1
    /// Whether a strong view of each labelled image is learnt beside the weak one; each counts half.
    public var labeledStrongViews = false
    /// Unlabelled images a step.
    public var unlabeledImages = 4
    /// Whether a step takes exactly so many images of each kind, or draws their numbers (released: drawn).
    public var batches = BatchComposition(.drawn)
    /// The factor of the unlabelled images' losses (released: 4 with few labels, 2 with all of COCO labelled).
    public var unlabeledWeight = 4.0
    /// Images seen, labelled and unlabelled, before unlabelled images are learnt from (released: 0).
    public var burnInImages = 0
    /// The judged model's AP on validation images that ends the burn-in before its images are seen, or off.
    public var burnInAP = Limit.off
    /// Images seen over which the teacher remembers the student (released: momentum 0.999 at 40 images a step).
    public var memoryImages = 40_000
    /// Whether the teacher is the plain mean of all students so far before it begins to forget.
    public var memoryRamp = true
    /// Whether buffers are averaged too (released: not; it trains no norms).
    public var memoryBuffers = true
    /// Which model is judged.
    public var judged = JudgedModel.teacher
    /// How many proposals the teacher classifies.
    public var teacherProposals = TeacherProposals.training
    /// Which of the teacher's boxes stand for what.
    public var thresholds = PseudoBoxes.Thresholds()
    /// How the reliability of boxes is measured.
    public var jitter = BoxJitterReliability.Settings()
    /// What background regions are weighed by.
    public var background = BackgroundMeasure.teacher
    /// What the losses of unlabelled images are divided by.
    public var normalization = LossNormalization()
    /// Whether strong views, too, enter the running statistics of trained batch norms. The release trains none; with them,
    /// a student that has counted grey areas and changed colours predicts worse on photographs as they are.
    public var countsStrongViews = false

    /// As released.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [SettingsRule("name", name == SoftTeacher.name, "'\(SoftTeacher.name)'")] + teacherRules
    }
  }
}

extension SoftTeacher.Settings: TeacherSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Soft Teacher (Xu et al. 2021): learns unlabelled images too, from a teacher that is the student's average."
  }

  /// The moved copies of boxes.
  public var jitterForFilter: BoxJitterReliability.Settings? { jitter }

  /// The three filters, and the weight of background.
  public var filterPlan: [String] {
    let jittered =
      thresholds.boxFilter == .uncertainty ? "; \(jitter.count) moved copies of each are refined again" : ""
    return [
      "candidates: what the teacher finds with a score over \(NumberText.short(thresholds.leastScore))\(jittered)",
      "classes are learnt of candidates that score over \(thresholds.classWords), objectness over "
        + "\(NumberText.short(thresholds.proposalScore)); the box of one is learnt \(thresholds.boxWords)",
      "background is weighed by: \(background.words)",
    ]
  }

  /// Numbers of the paper and of mmdetection.
  public static var choicesOfRun: [SettingsChoice] {
    [SettingsChoice("method.preset", of: SoftTeacher.Preset.self, defaults: \.defaults)]
  }

  /// The method on a student.
  public func makeMethod(
    _ detector: FasterRCNN, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    SoftTeacher(detector, settings: self, optimizer: optimizer, length: length)
  }
}
