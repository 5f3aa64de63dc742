// Learning labelled images and images whose label maps a network has given, as one set: the re-training stages of self-training.
//
// The idea: labelled images in weak views, the others in strong views (strong data augmentation, SDA), so that the student does not
// merely repeat its teacher and does not fit the teacher's errors; one loss over all pixels of the mixed batch.
//
// Source: ST++ (Yang et al., CVPR 2022), section 3.2 and algorithm 1, as released (github.com/LiheYoung/ST-PlusPlus): labelled images are
// repeated until there are as many as the others, batches are drawn from the joint list, the loss is the plain mean over pixels, which
// is a weight of 1 for the unlabelled ones.
//
// Differences from the source:
// - A step draws each image's kind, labelled as likely as not, in place of one shuffled list; each has its own order of epochs.
// - The mean over pixels takes those of unlabelled images `unlabeled_weight` times, in numerator and denominator.

import Layers
import Samples
import Segmentation
import Torch
import Training
import Views

/// What the settings of self-training methods have in common.
public protocol PseudoMaskSettings: SegmentationMethodSettings {
  /// Labelled images a step.
  var labeledImages: Int { get set }
  /// Unlabelled images a step.
  var unlabeledImages: Int { get set }
  /// Whether the numbers of each kind are drawn for each step, or fixed.
  var batches: BatchComposition { get set }
  /// How much a pixel of an unlabelled image counts beside one of a labelled image.
  var unlabeledWeight: Double { get set }
  /// Whether pixels of unlabelled images count by their class, too, as `loss.balance` has labelled ones do.
  var balancesPseudoLabels: Bool { get set }
  /// Whether unlabelled images are learnt in strong views.
  var strongViews: Bool { get set }
  /// Images seen over which an average of the last stage's weights remembers them; it is judged then. 0 for none.
  var memoryImages: Int { get set }
}

/// Trains a segmenter on labelled images and on images with given label maps.
public final class PseudoMaskTraining<Settings: PseudoMaskSettings>: StudentMethod {
  /// The method's name.
  public static var name: String { Settings().name }

  /// The network and its average.
  public let student: TrainedStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  private let loss: PixelLoss
  private let pseudoLoss: PixelLoss

  /// The last stage: trains `network`.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength
  ) {
    self.settings = settings
    self.loss = loss
    pseudoLoss = settings.balancesPseudoLabels ? loss : loss.unbalanced
    student = TrainedStudent(network, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
  }

  /// The mean loss over the pixels of both kinds, in two terms that sum up to it. N labelled, U unlabelled images, K classes.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    let labeled = batch.labeledWeak[0]
    // Without weight the unlabelled images have no part in the statistics of batch norms either.
    let others = settings.unlabeledWeight > 0 ? (batch.unlabeledStrong.first ?? batch.unlabeledWeak.first) : nil
    guard let labels = labeled.labels else { preconditionFailure("self-training: expected label maps") }
    let images = others.map { concatenate([labeled.images, $0.images]) } ?? labeled.images  // [N + U, 3, H, W]
    let network = student.model
    let output = network(images, dropoutFrom: step.makeGenerator())
    let count = labeled.views.count
    func part(_ logits: Tensor, isLabeled: Bool) -> Tensor {
      isLabeled ? logits.sliced(axis: 0, to: count) : logits.sliced(axis: 0, from: count)
    }
    func learnt(_ labels: Tensor) -> Tensor { (labels .!= Int(View.ignoredLabel)).to(.float32).sum() }
    let own = learnt(labels)
    let given = others?.labels.map { learnt($0) * settings.unlabeledWeight }
    let all = (given.map { own + $0 } ?? own).clamped(min: 1)
    var losses = Losses()
    func add(_ name: String, _ logits: Tensor, weight: Double = 1) {
      losses.add(
        "loss_\(name)", loss(part(logits, isLabeled: true), labels) * (own / all), weight: weight)
      guard let given, let maps = others?.labels else { return }
      losses.add(
        "unlabeled_\(name)", pseudoLoss(part(logits, isLabeled: false), maps) * (given / all), weight: weight)
    }
    add("segmentation", output.logits)
    if let auxiliary = output.auxiliary { add("auxiliary", auxiliary, weight: network.settings.auxiliaryWeight) }
    losses.add(proximitiesOf: batch.labeledProbes, by: network, at: step)
    return losses
  }
}

extension PseudoMaskSettings {
  /// One weak view of each labelled image, one strong or weak view of each unlabelled image.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1),
      unlabeled: strongViews ? .init(images: unlabeledImages, strong: 1) : .init(images: unlabeledImages, weak: 1),
      composition: batches)
  }

  /// All: label maps go with their views, and probes are looked at.
  public var viewPolicies: Set<ViewPolicy> { Set(ViewPolicy.allCases) }

  /// Labelled and unlabelled images.
  public var stepImages: StepImages {
    get { StepImages(labeled: labeledImages, unlabeled: unlabeledImages) }
    set { (labeledImages, unlabeledImages) = (newValue.labeled, newValue.unlabeled) }
  }

  /// The last stage on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    PseudoMaskTraining(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }

  /// Ranges of what they have in common.
  var commonRules: [SettingsRule] {
    [
      SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
      SettingsRule("unlabeled_images", unlabeledImages >= 1, "1 or more"),
      SettingsRule("unlabeled_weight", unlabeledWeight >= 0, "0 or more"),
      SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
    ]
  }
}
