// UniMatch V2: a teacher's labels are learnt in two strong views at once, whose features lack complementary channels.
//
// The idea: FixMatch's labels come from the average of the weights; one pass of the student sees two strong views of each image, the
// first without half of the channels of the encoder's maps, the second without the other half.
//
// Source: UniMatch V2 (Yang et al., TPAMI 2025), section 3, as released (github.com/LiheYoung/UniMatch-V2, `unimatch_v2.py`): EMA
// of parameters and buffers, 0.996, in evaluation mode; threshold 0.95; CutMix with the batch in reverse order.
//
// Differences from the source:
// - On convolutional backbones: channels of each of the encoder's maps are dropped by a draw of their own (see `FeatureDropout`).
// - The labelled loss has weight 1 and the unlabelled one `unlabeled_weight`; there both are halved. CutMix as in FixMatch here.
// - Strong views are those of `views.strong_augmentation`, with ST's numbers and its cutout, which is not in the release.
// - The teacher is judged, and selects the best weights: its figures are those that are published, though selected by the student.

import Layers
import Reporting
import Samples
import Segmentation
import Torch
import Training
import Views

/// Trains a segmenter on labelled images, and on what its average is sure of in unlabelled ones, in pairs of strong views.
public final class UniMatchV2: TaughtMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = UniMatchV2.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// The loss of unlabelled images beside that of labelled ones.
    public var unlabeledWeight = 1.0
    /// Probability from which a pixel is learnt.
    public var threshold = 0.95
    /// Whether the threshold stays, or follows what pixels are like.
    public var thresholdPolicy = PixelThresholdSettings()
    /// What the sum over sure pixels is divided by: all that show their image, or the sure ones.
    public var denominator = PixelLosses.Denominator.valid
    /// Whether a pixel with a pseudo-label counts by its class, too, as `loss.balance` has labelled ones do: rare classes are learnt more,
    /// and so is what is taken for one of them by mistake.
    public var balancesPseudoLabels = false
    /// Rectangles of other images.
    public var cutMix = CutMixSettings()
    /// Whether the two views lack complementary channels.
    public var dropsChannels = true
    /// Images seen over which the teacher remembers the student.
    public var memoryImages = 4000
    /// Which model is judged.
    public var judged = JudgedModel.teacher

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == UniMatchV2.name, "'\(UniMatchV2.name)'"),
        SettingsRule("threshold", (0...1).contains(threshold), "between 0 and 1"),
      ] + teacherRules
    }
  }

  /// `unimatch-v2`.
  public static let name = "unimatch-v2"

  /// The network and its average.
  public let models: TaughtStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  /// Which pixels are learnt.
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
      .init(
        threshold: settings.threshold, policy: settings.thresholdPolicy, denominator: settings.denominator,
        isBalanced: settings.balancesPseudoLabels, unlabeledWeight: settings.unlabeledWeight), loss: loss,
      classCount: network.classCount, length: length)
    models = TaughtStudent(
      network, memoryImages: settings.memoryImages, judged: settings.judged, optimizer: optimizer, length: length)
  }

  /// The labelled images' loss, and the mean of the two strong views' losses. U unlabelled images.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let (labeled, student) = (batch.labeledWeak[0], models.student)
    var losses = Losses()
    losses.add(JointPass(student, labeled, [], at: step).terms(loss, labeled, of: student))
    guard settings.unlabeledWeight > 0 else { return losses }
    let weak = batch.unlabeledWeak[0]
    let said = lessons.labels(of: withoutGradients { models.teacher(weak.images).logits }, weak, at: step)
    let views = batch.unlabeledStrong.enumerated().map { number, strong in
      MixedView(said, from: weak, to: strong, number: number, settings.cutMix, at: step)
    }
    let images = concatenate(views.map(\.view.images))  // [2 U, 3, H, W]
    let generator = step.makeGenerator(6)
    var features = student.withDropout(from: generator) { student.features(images) }
    if settings.dropsChannels {
      features = FeatureDropout.complementary(features, using: step.makeGenerator(5))
    }
    let logits = student.output(
      features, height: images.size(2), width: images.size(3), dropoutFrom: generator
    ).logits
    let value = MixedView.meanLoss(views, logits, by: lessons)
    losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight)
    lessons.look(
      said, weak, strong: views[0].view, logits: logits.sliced(axis: 0, to: weak.views.count), learnt: views[0].learnt,
      value: value, losses: &losses, teacherEqualsStudent: { self.models.teacherEqualsStudent })
    return losses
  }
}

extension UniMatchV2.Settings: TeacherPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "UniMatch V2 (Yang et al. 2025): what the network's average is sure of is learnt in two strong views with complementary channels."
  }

  /// A weak view of each labelled image, a weak and two strong views of each unlabelled one.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1), unlabeled: .init(images: unlabeledImages, weak: 1, strong: 2))
  }

  /// By CutMix.
  public var mixesImages: Bool { cutMix.probability > 0 }

  /// Pseudo-labels go with views that are moved.
  public var viewPolicies: Set<ViewPolicy> { [.sda, .randaugment] }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image; of each unlabelled one what the teacher says of its weak view, in two strong views"
        + (dropsChannels ? " that lack complementary channels" : "") + ", times \(NumberText.short(unlabeledWeight))",
      "pseudo-labels: " + thresholdPolicy.plan(threshold: threshold, for: length)
        + "; the loss is the sum over them by "
        + denominator.plan, cutMix.plan,
    ] + teacherPlan(for: length)
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    UniMatchV2(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
