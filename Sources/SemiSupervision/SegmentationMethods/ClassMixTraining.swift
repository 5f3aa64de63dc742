// ClassMix: a teacher labels two images, the pixels of half of one's classes are pasted into the other, and the student learns the mix.
//
// Source: ClassMix (Olsson et al., WACV 2021), sections 3.1 and 3.2, as released (github.com/WilhelmT/ClassMix): hard labels, EMA 0.99, all
// pixels count as much as the share of pixels above 0.968; the student is judged.
//
// Differences from the source:
// - The teacher is in evaluation mode with averaged buffers.
// - Colours are changed and blurred before the images are mixed, each with its own draws (strong views), not after.

import Layers
import Reporting
import Samples
import Segmentation
import Torch
import Training
import Views

/// Trains a segmenter on labelled images, and on mixes by class of what its average says about unlabelled ones.
public final class ClassMixTraining: TaughtMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = ClassMixTraining.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// The loss of unlabelled images beside that of labelled ones.
    public var unlabeledWeight = 1.0
    /// Probability from which a pixel is sure.
    public var threshold = 0.968
    /// Whether the threshold stays, or follows what pixels are like.
    public var thresholdPolicy = PixelThresholdSettings()
    /// Whether a pixel with a pseudo-label counts by its class, too, as `loss.balance` has labelled ones do: rare classes are learnt more,
    /// and so is what is taken for one of them by mistake.
    public var balancesPseudoLabels = false
    /// What sureness does to the loss.
    public var weighting = PixelWeighting.batchShare
    /// Images seen over which the teacher remembers the student.
    public var memoryImages = 1600
    /// Which model is judged.
    public var judged = JudgedModel.student

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == ClassMixTraining.name, "'\(ClassMixTraining.name)'"),
        SettingsRule("threshold", (0...1).contains(threshold), "between 0 and 1"),
      ] + teacherRules
    }
  }

  /// `classmix`.
  public static let name = "classmix"

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
        threshold: settings.threshold, policy: settings.thresholdPolicy, weighting: settings.weighting,
        isBalanced: settings.balancesPseudoLabels, unlabeledWeight: settings.unlabeledWeight), loss: loss,
      classCount: network.classCount, length: length)
    models = TaughtStudent(
      network, memoryImages: settings.memoryImages, judged: settings.judged, optimizer: optimizer, length: length)
  }

  /// The labelled images' loss, and that of the mixed ones. U unlabelled images, K classes.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let (labeled, student) = (batch.labeledWeak[0], models.student)
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    var losses = Losses()
    guard settings.unlabeledWeight > 0 else {
      losses.add(JointPass(student, labeled, [], at: step).terms(loss, labeled, of: student))
      return losses
    }
    let said = lessons.labels(of: withoutGradients { models.teacher(weak.images).logits }, weak, at: step)
    let carried = said.carried(from: weak, to: strong)
    var generator = step.makeHostGenerator(2)
    let mix = ClassMix.mix(
      of: carried.labels, identities: weak.views.map(\.image), classCount: student.classCount, using: &generator)
    let (mixed, learnt) = (strong.showing(mix.mixed(strong.images)), carried.mixed(by: mix))
    let pass = JointPass(student, labeled, [mixed.images], at: step)
    losses.add(pass.terms(loss, labeled, of: student))
    guard let logits = pass.others else { return losses }
    let value = lessons.loss(logits, learnt)
    losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight)
    lessons.look(
      said, weak, strong: mixed, logits: logits, learnt: learnt, value: value, losses: &losses,
      teacherEqualsStudent: { self.models.teacherEqualsStudent })
    return losses
  }
}

extension ClassMixTraining.Settings: TeacherPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "ClassMix (Olsson et al. 2021): half of the classes of one image are pasted into another by a teacher's labels, and learnt."
  }

  /// By ClassMix.
  public var mixesImages: Bool { true }

  /// Pseudo-labels go with views that are moved.
  public var viewPolicies: Set<ViewPolicy> { [.sda, .randaugment] }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image; mixes of strong views of unlabelled ones with the teacher's labels, times "
        + NumberText.short(unlabeledWeight),
      "pseudo-labels: sure are " + thresholdPolicy.plan(threshold: threshold, for: length) + "; \(weighting.plan)",
      "ClassMix: the pixels of half of the classes of another image in each of the strong views",
    ] + teacherPlan(for: length)
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    ClassMixTraining(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
