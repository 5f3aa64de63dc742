import Detection
import Samples
import Training

extension SoftTeacher {
  /// What of the method can be set; the defaults are those of the released code.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = SoftTeacher.name
    /// Labelled images a step.
    public var labeledImages = 1
    /// Unlabelled images a step.
    public var unlabeledImages = 4
    /// The factor of the unlabelled images' losses (released: 4 with few labels, 2 with all of COCO labelled).
    public var unlabeledWeight = 4.0
    /// Images seen, labelled and unlabelled, before unlabelled images are learnt from (released: 0).
    public var burnInImages = 0
    /// The judged model's AP on validation images that ends the burn-in before its images are seen, or off.
    public var burnInAP = Limit.off
    /// Images seen over which the teacher remembers the student (released: momentum 0.999 at 40 images a step).
    public var memoryImages = 40_000
    /// Which of the teacher's boxes stand for what.
    public var thresholds = PseudoBoxes.Thresholds()
    /// How the reliability of boxes is measured.
    public var jitter = BoxJitterReliability.Settings()
    /// Whether strong views, too, enter the running statistics of trained batch norms. The release trains none; with them,
    /// a student that has counted grey areas and changed colours predicts worse on photographs as they are.
    public var countsStrongViews = false
    /// Weighs background regions by the teacher's background score; off for comparison.
    public var weighsBackground = true

    /// As released.
    public init() {}

    /// One weak view of each labelled image; one weak and one strong view of each unlabelled image.
    public var views: ViewRequest {
      ViewRequest(
        labeled: .init(images: labeledImages, weak: 1), unlabeled: .init(images: unlabeledImages, weak: 1, strong: 1))
    }

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == SoftTeacher.name, "'\(SoftTeacher.name)'"),
        SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
        SettingsRule("unlabeled_images", unlabeledImages >= 1, "1 or more"),
        SettingsRule("unlabeled_weight", unlabeledWeight >= 0, "0 or more"),
        SettingsRule("burn_in_images", burnInImages >= 0, "0 or more"),
        SettingsRule(
          "burn_in_ap", burnInAP.value.map { $0 > 0 && $0 < 1 && burnInImages > 0 } ?? true,
          "off, or between 0 and 1 beside burn_in_images, at which the burn-in ends at the latest"),
        SettingsRule("memory_images", memoryImages >= 1, "1 or more"),
      ]
    }
  }
}

extension SoftTeacher.Settings: DetectionMethodSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Soft Teacher (Xu et al. 2021): learns unlabelled images too, from a teacher that is the student's average."
  }

  /// Labelled and unlabelled images.
  public var stepImages: StepImages {
    get { StepImages(labeled: labeledImages, unlabeled: unlabeledImages) }
    set { (labeledImages, unlabeledImages) = (newValue.labeled, newValue.unlabeled) }
  }

  /// Without a burn-in, and with every box of the teacher a candidate, whose moved copies are pooled.
  public var atItsFullest: SoftTeacher.Settings {
    var settings = self
    settings.burnInImages = 0
    settings.burnInAP = .off
    settings.thresholds.candidateScore = 0
    return settings
  }

  /// The burn-in that a figure ends.
  public var settingThatNeedsJudging: String? { burnInAP == .off ? nil : "method.burn_in_ap" }

  /// The method on a student.
  public func makeMethod(
    _ detector: FasterRCNN, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    SoftTeacher(detector, settings: self, optimizer: optimizer, length: length)
  }
}

extension PseudoBoxes.Thresholds: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("candidate_score", (0...1).contains(candidateScore), "between 0 and 1"),
      SettingsRule("proposal_score", (0...1).contains(proposalScore), "between 0 and 1"),
      SettingsRule("class_score", (0...1).contains(classScore), "between 0 and 1"),
      SettingsRule("box_uncertainty", boxUncertainty >= 0, "0 or more"),
    ]
  }
}

extension BoxJitterReliability.Settings: Settings {
  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [SettingsRule("count", count >= 2, "2 or more"), SettingsRule("scale", scale > 0, "more than 0")]
  }
}
