import Detection
import Reporting
import Samples
import Training

/// What can be set of every method in which a student learns unlabelled images from a teacher that is its average.
public protocol TeacherSettings: DetectionMethodSettings {
  /// Labelled images a step.
  var labeledImages: Int { get set }
  /// Unlabelled images a step.
  var unlabeledImages: Int { get set }
  /// Whether a step takes exactly so many images of each kind, or draws their numbers.
  var batches: BatchComposition { get set }
  /// Whether a strong view of each labelled image is learnt beside the weak one; each counts half.
  var labeledStrongViews: Bool { get }
  /// The factor of the unlabelled images' losses.
  var unlabeledWeight: Double { get }
  /// Images seen, labelled and unlabelled, before unlabelled images are learnt from.
  var burnInImages: Int { get set }
  /// The judged model's AP on validation images that ends the burn-in before its images are seen, or off.
  var burnInAP: Limit { get set }
  /// Images seen over which the teacher remembers the student.
  var memoryImages: Int { get }
  /// Whether the teacher is the plain mean of all students so far before it begins to forget; without, the first weights stay
  /// in it for as long as any.
  var memoryRamp: Bool { get }
  /// Whether buffers are averaged too, such as the statistics of trained norms; without, they stay the first ones.
  var memoryBuffers: Bool { get }
  /// Whether strong views of unlabelled images, too, enter the running statistics of trained batch norms.
  var countsStrongViews: Bool { get }
  /// Which of the teacher's boxes stand for what.
  var thresholds: PseudoBoxes.Thresholds { get set }
  /// How many proposals the teacher classifies.
  var teacherProposals: TeacherProposals { get }
  /// How the uncertainty of boxes is measured; nil for a method that does not ask for it.
  var jitterForFilter: BoxJitterReliability.Settings? { get }
  /// What lets pseudo-boxes through, in words, a sentence a line.
  var filterPlan: [String] { get }
  /// Which of the two is judged, and selects the best checkpoint: declared beforehand.
  var judged: JudgedModel { get }
}

/// Which model of a teacher and a student is judged.
public enum JudgedModel: String, Codable, CaseIterable, Sendable {
  case teacher, student
}

/// How many proposals a teacher classifies in a weak view.
public enum TeacherProposals: String, Codable, CaseIterable, Sendable {
  /// As many as are made in training, at most 1000 of all levels: as released with Soft Teacher (torchvision's 2000 would double
  /// what it costs).
  case training
  /// As many as in evaluation, as in mmdetection.
  case evaluation

  /// Limits of proposals.
  func limits(_ settings: FasterRCNNSettings) -> ProposalLimits {
    var limits = self == .training ? settings.proposals.training : settings.proposals.evaluation
    if self == .training { limits.count = min(limits.count, 1000) }
    return limits
  }
}

extension TeacherSettings {
  /// As in training.
  public var teacherProposals: TeacherProposals { .training }

  /// One weak view of each labelled image, and one strong view where that is learnt too; one weak and one strong view of each
  /// unlabelled image.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1, strong: labeledStrongViews ? 1 : 0),
      unlabeled: .init(images: unlabeledImages, weak: 1, strong: 1), composition: batches)
  }

  /// Labelled and unlabelled images.
  public var stepImages: StepImages {
    get { StepImages(labeled: labeledImages, unlabeled: unlabeledImages) }
    set { (labeledImages, unlabeledImages) = (newValue.labeled, newValue.unlabeled) }
  }

  /// Without a burn-in, with as many unlabelled images as a step can draw, and with every box of the teacher a candidate, whose
  /// moved copies are pooled.
  public var atItsFullest: Self {
    var settings = self
    let (total, least) = (stepImages.total, batches.leastLabeled(labeledImages, unlabeledImages))
    settings.stepImages = StepImages(labeled: least, unlabeled: total - least)
    settings.batches = BatchComposition()
    settings.burnInImages = 0
    settings.burnInAP = .off
    settings.thresholds.candidateScore = 0
    return settings
  }

  /// Without a burn-in.
  public var underway: Self {
    var settings = self
    settings.burnInImages = 0
    settings.burnInAP = .off
    return settings
  }

  /// The burn-in that a figure ends.
  public var settingThatNeedsJudging: String? { burnInAP == .off ? nil : "method.burn_in_ap" }

  /// None is measured.
  public var jitterForFilter: BoxJitterReliability.Settings? { nil }

  /// What the teacher does, in words.
  public func plan(for length: RunLength) -> [String] {
    let burnIn = length.images(burnInImages)
    var lines = batchPlan(for: length)
    lines.append(
      "learns: a weak \(labeledStrongViews ? "and a strong " : "")view of each labelled image, a strong view of each "
        + "unlabelled one with \(NumberText.short(unlabeledWeight)) times the weight")
    if burnIn > 0 {
      let step = (burnIn + length.imagesPerStep - 1) / length.imagesPerStep
      lines.append(
        "burn-in: labels alone until \(burnIn) images are seen, \(step) steps"
          + (burnInAP.value.map { ", or an AP of \(NumberText.short($0)) is reached" } ?? ""))
    }
    lines.append(
      "teacher: looks at a weak view of each unlabelled image; it "
        + AverageMemory.plan(memoryImages: memoryImages, hasRamp: memoryRamp, for: length))
    return lines + filterPlan + ["judged is the \(judged.rawValue)"]
  }

  /// How the numbers of labelled and unlabelled images come about, where they are not the same in every step.
  private func batchPlan(for length: RunLength) -> [String] {
    let decay = length.images(batches.labeledShareDecayImages)
    let falling =
      decay > 0 ? ["over the last \(decay) images the labelled share falls to 0, one image a step at least"] : []
    guard batches.composition == .drawn else { return falling.map { "batches: " + $0 } }
    let together = batches.drawnTogether == 0 ? "" : ", \(batches.drawnTogether) at a time"
    let mean = NumberText.short(batches.meanLabeled(labeledImages, unlabeledImages))
    let drawn =
      "the kind of each image is drawn\(together), at least one of each; \(mean) a step are labelled in the mean"
    return ["batches: " + ([drawn] + falling).joined(separator: "; ")]
  }

  /// Boxes that score high are objects and classes alike.
  public var filterPlan: [String] { ["pseudo-boxes: what scores over \(thresholds.classWords) is taken for true"] }

  /// Ranges of what all these methods have.
  var teacherRules: [SettingsRule] {
    [
      SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
      SettingsRule("unlabeled_images", unlabeledImages >= 1, "1 or more"),
      SettingsRule("unlabeled_weight", unlabeledWeight >= 0, "0 or more"),
      SettingsRule("memory_images", memoryImages >= 1, "1 or more"),
      SettingsRule("burn_in_images", burnInImages >= 0, "0 or more"),
      SettingsRule(
        "burn_in_ap", burnInAP.value.map { $0 > 0 && $0 < 1 && burnInImages > 0 } ?? true,
        "off, or between 0 and 1 beside burn_in_images, at which the burn-in ends at the latest"),
    ]
  }
}
