// Π-model for segmentation: two views of an image, with noise and dropout of their own, are to look alike to the network.
//
// The idea: whatever the class of a pixel is, it does not depend on noise; so the squared difference between what the network says of two
// views of each image, labelled or not, is a loss that wants no labels. Its weight rises over the first images.
//
// Source: Temporal Ensembling (Laine and Aila, ICLR 2017), section 2.1: the mean over classes of the squared difference of
// probabilities, gradients through both views, a rising weight whose end is 100 times the labelled share of all images.
//
// Differences from the source:
// - For pixels in place of images; the noise is that of strong views (and dropout), the two views share their geometry.
// - The end of the weight is a number, `unlabeled_weight`; the recipe's is the source's rule for its share. `fixes_target` lets the
//   gradient through the strong view alone, as FixMatch's release has this baseline.

import Layers
import Reporting
import Samples
import Segmentation
import Torch
import Training

/// Trains a segmenter on labelled images, and to say the same of two views of each image.
public final class PiModel: SelfTaughtMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = PiModel.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// The loss of the difference beside that of labels, once it has risen.
    public var unlabeledWeight = 100.0
    /// Images seen over which the weight rises.
    public var rampImages = 0
    /// What the difference is measured by.
    public var consistency = PixelConsistency.squaredError
    /// Whether labelled images, too, are seen twice.
    public var includesLabeled = true
    /// Whether no gradient flows through the weak view.
    public var fixesTarget = false
    /// Images seen over which an average of the weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      unlabeledRules + [
        SettingsRule("name", name == PiModel.name, "'\(PiModel.name)'"),
        SettingsRule("ramp_images", rampImages >= 0, "0 or more"),
        SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
      ]
    }
  }

  /// `pi-model`.
  public static let name = "pi-model"

  /// The network and its average.
  public let student: TrainedStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  /// What is seen of the lessons.
  public let lessons: PixelLessons
  private let loss: PixelLoss
  private let ramp: RampUp

  /// A method that trains `network`.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength
  ) {
    self.settings = settings
    self.loss = loss
    ramp = RampUp(images: length.images(settings.rampImages))
    lessons = PixelLessons(
      .init(threshold: 0, unlabeledWeight: settings.unlabeledWeight), loss: loss, classCount: network.classCount,
      length: length)
    student = TrainedStudent(network, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
  }

  /// The labelled images' loss, and the difference between two views of each image. U unlabelled images, K classes.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let (labeled, network) = (batch.labeledWeak[0], student.model)
    var losses = Losses()
    guard settings.unlabeledWeight > 0 else {
      losses.add(JointPass(network, labeled, [], at: step).terms(loss, labeled, of: network))
      return losses
    }
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    let noisy = batch.labeledStrong.first
    let pass = JointPass(
      network, labeled, [weak.images, strong.images] + (noisy.map { [$0.images] } ?? []), at: step)
    losses.add(pass.terms(loss, labeled, of: network))
    guard let others = pass.others else { return losses }
    let count = weak.views.count
    func part(_ number: Int) -> Tensor { others.sliced(axis: 0, from: number * count, to: (number + 1) * count) }
    let (first, second) = (part(0), part(1))  // [U, K, H, W]
    let said = lessons.labels(of: first, weak, at: step)
    let learnt = said.carried(from: weak, to: strong)
    // All pairs of views, those of labelled images last.
    var (weaks, strongs, isValid) = (first, second, learnt.isValid)
    if let noisy, let visible = labeled.validity, let shown = noisy.validity {
      weaks = concatenate([first, pass.labeled.logits])
      strongs = concatenate([second, others.sliced(axis: 0, from: 2 * count)])
      isValid = concatenate([isValid, visible .& shown])
    }
    let value = settings.consistency.loss(
      strongs, weaks.widened().softmax(1), isValid: isValid, isFixed: settings.fixesTarget)
    losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight * ramp.factor(at: step))
    lessons.look(
      said, weak, strong: strong, logits: second, learnt: learnt, value: value, losses: &losses)
    return losses
  }
}

extension PiModel.Settings: UnlabeledPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Pi-model (Laine and Aila 2017): two views of an image, each with noise of its own, are to look alike to the network."
  }

  /// A weak and a strong view of each image.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1, strong: includesLabeled ? 1 : 0),
      unlabeled: .init(images: unlabeledImages, weak: 1, strong: 1))
  }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image; that a weak and a strong view of each \(includesLabeled ? "" : "unlabelled ")image are the same, by "
        + "\(consistency.rawValue), times \(NumberText.short(unlabeledWeight))" + RampUp.plan(rampImages, for: length)
    ] + AverageMemory.judgedPlan(memoryImages: memoryImages, for: length)
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    PiModel(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
