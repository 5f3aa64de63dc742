// CutMix-Seg: Mean Teacher with CutMix. The student is to say of a mix of two images what the teacher says of the two, mixed likewise.
//
// Source: French et al., BMVC 2020, section 4; the numbers are those of PixelSSL's `ssl_cutmix` (github.com/ZHKKKe/PixelSSL): a rectangle
// of half of the image, EMA 0.99, squared difference of probabilities times 20 times the share of mixed pixels above 0.97.
//
// Differences from the source:
// - The teacher is in evaluation mode with averaged buffers, partners of CutMix are never the same image, and the mixed images are weak views
//   (`strong_views` mixes strong ones).
// - The squared difference is the mean over classes and pixels that show their image.

import Layers
import Reporting
import Samples
import Segmentation
import Torch
import Training

/// Trains a segmenter on labelled images, and on mixes of what its average says about unlabelled ones.
public final class CutMixMeanTeacher: TaughtMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = CutMixMeanTeacher.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// The loss of unlabelled images beside that of labelled ones.
    public var unlabeledWeight = 20.0
    /// What the student's difference from the teacher is measured by.
    public var consistency = PixelConsistency.squaredError
    /// Probability from which a pixel is sure; the share of sure pixels is a factor of the loss.
    public var threshold = 0.97
    /// Rectangles of other images.
    public var cutMix = CutMixSettings.half
    /// Whether strong views are mixed, in place of weak ones.
    public var strongViews = false
    /// Images seen over which the teacher remembers the student.
    public var memoryImages = 1600
    /// Which model is judged.
    public var judged = JudgedModel.teacher

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == CutMixMeanTeacher.name, "'\(CutMixMeanTeacher.name)'"),
        SettingsRule("threshold", (0...1).contains(threshold), "between 0 and 1"),
      ] + teacherRules
    }
  }

  /// `cutmix-mean-teacher`.
  public static let name = "cutmix-mean-teacher"

  /// The network and its average.
  public let models: TaughtStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  /// Which pixels are sure.
  public let lessons: PixelLessons
  private let loss: PixelLoss

  /// A method that trains `network`; its teacher starts as a copy.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength
  ) {
    self.settings = settings
    self.loss = loss
    lessons = PixelLessons(
      .init(threshold: settings.threshold, weighting: .batchShare, unlabeledWeight: settings.unlabeledWeight),
      loss: loss, classCount: network.classCount, length: length)
    models = TaughtStudent(
      network, memoryImages: settings.memoryImages, judged: settings.judged, optimizer: optimizer, length: length)
  }

  /// The labelled images' loss, and the student's difference from the mixed teacher. U unlabelled images, K classes.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let (labeled, student) = (batch.labeledWeak[0], models.student)
    let weak = batch.unlabeledWeak[0]
    let shown = settings.strongViews ? batch.unlabeledStrong[0] : weak
    var losses = Losses()
    guard settings.unlabeledWeight > 0 else {
      losses.add(JointPass(student, labeled, [], at: step).terms(loss, labeled, of: student))
      return losses
    }
    let probabilities = withoutGradients { models.teacher(weak.images).logits.widened().softmax(1) }  // [U, K, H, W]
    let said = lessons.labels(ofProbabilities: probabilities, weak, at: step)
    var generator = step.makeHostGenerator(2)
    let mix = CutMix(of: shown, settings.cutMix, using: &generator).mix(on: shown.images.device)
    let (mixed, learnt) = (shown.showing(mix.mixed(shown.images)), said.carried(from: weak, to: shown).mixed(by: mix))
    let pass = JointPass(student, labeled, [mixed.images], at: step)
    losses.add(pass.terms(loss, labeled, of: student))
    guard let logits = pass.others else { return losses }
    let share = lessons.weights(of: learnt)[0][0][0]
    let value = settings.consistency.loss(logits, mix.mixed(probabilities), isValid: learnt.isValid) * share
    losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight)
    lessons.look(
      said, weak, strong: mixed, logits: logits, learnt: learnt, value: value, losses: &losses,
      teacherEqualsStudent: { self.models.teacherEqualsStudent })
    return losses
  }
}

extension CutMixMeanTeacher.Settings: TeacherPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "CutMix-Seg (French et al. 2020): Mean Teacher whose student learns mixed images, and what the teacher says mixed likewise."
  }

  /// A weak view of each labelled image, a weak view of each unlabelled one, and a strong one where those are mixed.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1),
      unlabeled: .init(images: unlabeledImages, weak: 1, strong: strongViews ? 1 : 0))
  }

  /// By CutMix.
  public var mixesImages: Bool { cutMix.probability > 0 }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image; of mixed \(strongViews ? "strong" : "weak") views of unlabelled ones what the teacher says of "
        + "the two, by \(consistency.rawValue), times \(NumberText.short(unlabeledWeight)) times the share of pixels of a probability of \(threshold) or more",
      cutMix.plan,
    ] + teacherPlan(for: length)
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    CutMixMeanTeacher(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
