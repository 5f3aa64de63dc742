// PseudoSeg: soft pseudo-labels of two sources that err differently, learnt in strong views.
//
// The idea: the network labels a weak view of an unlabelled image by its decoder, and by where an image-level classifier on the same features
// sees each class (Grad-CAM), spread by self-attention to what looks alike. Both are brought to one scale, averaged and sharpened; the strong
// view learns the whole distribution of each pixel, without a threshold.
//
// Source: PseudoSeg (Zou et al., ICLR 2021), sections 3.1 to 3.3, as released (github.com/googleinterns/wss, `train_wss.py`): losses are the
// cross-entropy of decoder and of self-attention Grad-CAM against labels, the classifier's sigmoid cross-entropy, and the soft
// cross-entropy of the strong view, each with weight 1. The classifier's loss trains the encoder too; that of self-attention Grad-CAM cannot,
// as maps, features and seeds have no gradient there.
//
// Differences from the source:
// - Labelled and strong views go through the network together, as in FixMatch; there each has a pass of its own.
// - Grad-CAM is taken of the weak view's features in training mode, which also give the decoder's logits; there of another pass in evaluation
//   mode.
// - The classifier learns the tags of unlabelled images in their strong views; a view may not show all that its image's tags say.
// - The classifier's loss is one mean over all classes of all images of which classes are known.
// - Logits are resized to pixels before they are fused; there all are compared at stride 4.
// - A pixel with a pseudo-label counts by its class where labelled ones do (`balances_pseudo_labels`, on by default); the source's soft
//   cross-entropy knows no classes.
// - Images with tags are learnt from as other unlabelled ones are; `tagged_share` draws so many of a step's from a stream of their own.
// - Strong views are those of `views.strong_augmentation`, with ST's numbers; the recipe has the source's.

import Layers
import Samples
import Segmentation
import Torch
import Training

/// Trains a segmenter on labelled images, and on pseudo-labels of decoder and Grad-CAM in unlabelled ones.
public final class PseudoSeg: SelfTaughtMethod {
  /// `pseudo-seg`.
  public static let name = "pseudo-seg"

  /// The network and its average.
  public let student: TrainedStudent<SegmentationNetwork>
  /// The network and what is trained beside it.
  public let trainedModels: [TrainedModel]
  /// What is set.
  public let settings: Settings
  /// What is seen of the pseudo-labels: the likeliest class of each pixel. All are learnt, and whole distributions.
  public let lessons: PixelLessons
  let head: SelfAttentionGradCAM
  let fusion: CalibratedFusion
  private let loss: PixelLoss

  /// A method that trains `network`.
  ///
  /// - Parameters:
  ///   - background: The place of the background among the classes; nil where there is none.
  ///   - seed: Decides the first weights of what is trained beside the network.
  init(
    _ network: SegmentationNetwork, background: Int?, settings: Settings, loss: PixelLoss,
    optimizer: OptimizerSettings, length: RunLength, seed: UInt64
  ) {
    self.settings = settings
    self.loss = loss
    fusion = CalibratedFusion(kind: settings.fusion, temperature: settings.temperature)
    lessons = PixelLessons(
      .init(threshold: 0, unlabeledWeight: settings.unlabeledWeight), loss: loss, classCount: network.classCount,
      length: length)
    student = TrainedStudent(network, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
    head = SelfAttentionGradCAM(
      channels: network.lastChannels, classCount: network.classCount, background: background,
      width: settings.attentionWidth, activation: settings.activation, skips: settings.attentionSkip,
      using: Generator(seed: seed))
    if let device = network.stateEntries().first?.tensor.device { head.move(to: device) }
    // As the network's own head, it begins anew.
    var own = optimizer
    own.learningRate *= own.headLearningRateFactor
    own.headLearningRateFactor = 1
    trainedModels = student.trainedModels + [own.trained("grad_cam", head, for: length)]
  }

  /// The losses of both kinds of images. L labelled and U unlabelled images, K classes, F of them not background.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let labeled = batch.labeledWeak[0]
    guard let labels = labeled.labels else { preconditionFailure("pseudo-seg: expected label maps") }
    let network = student.model
    // Without weight the unlabelled images have no part in the statistics of batch norms either.
    let learnt = settings.unlabeledWeight > 0 ? pseudoLabels(of: batch, at: step) : nil
    let images = learnt.map { concatenate([labeled.images, $0.strong.images]) } ?? labeled.images
    let generator = step.makeGenerator()
    let (features, secondLast) = network.withDropout(from: generator) { network.featuresWithSecondLast(images) }
    let output = network.output(
      features, height: images.size(2), width: images.size(3), dropoutFrom: generator)  // [L + U, K, H, W]
    let count = labeled.views.count
    func own(_ tensor: Tensor) -> Tensor { tensor.sliced(axis: 0, to: count) }
    var losses = Losses()
    losses.add(
      loss.terms(
        of: output.first(count), labels,
        auxiliaryWeight: network.settings.auxiliaryWeight))

    let last = features[features.count - 1]
    let classes = head.classes(in: labels, of: network.classCount)  // [L, F]
    if settings.gradCamWeight > 0 {
      let maps = (last: own(last), secondLast: own(secondLast))
      let logits = head(head.seeds(maps.last, isThere: classes), maps: maps, isShown: labeled.shownPixels)
      losses.add(
        "grad_cam_segmentation", loss(network.upsampled(logits, height: images.size(2), width: images.size(3)), labels),
        weight: settings.gradCamWeight)
    }
    if settings.imageWeight > 0 {
      let tags = learnt.map { self.tags(of: $0.strong, like: classes) }
      losses.add(
        "image_classes",
        imageLoss(
          settings.imageTrainsBackbone ? last : last.detached(), classes: classes, tags: tags),
        weight: settings.imageWeight)
    }
    guard let learnt else { return losses }
    // A cutout of the strong view is not learnt.
    let weights = (learnt.weak.shownPixels .& learnt.strong.shownPixels).to(.float32)
    let others = output.logits.sliced(axis: 0, from: count)
    let value = (settings.balancesPseudoLabels ? loss : loss.unbalanced)
      .soft(others, target: learnt.target, weights: weights)
    losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight)
    losses.report("pseudo.classes", learnt.classes.sum(1).mean())
    let said = lessons.labels(ofProbabilities: learnt.target, learnt.weak, at: step)
    lessons.look(
      said, learnt.weak, strong: learnt.strong, logits: others,
      learnt: said.carried(from: learnt.weak, to: learnt.strong), value: value, losses: &losses)
    return losses
  }

  /// The mean sigmoid cross-entropy over all classes of images of which classes are known.
  ///
  /// - Parameters:
  ///   - map: Last maps of labelled and strong views, [L + U, C, h, w].
  ///   - classes: Of the labelled views, [L, F].
  ///   - tags: Of the strong views.
  private func imageLoss(_ map: Tensor, classes: Tensor, tags: (isKnown: Tensor, classes: Tensor)?) -> Tensor {
    guard let tags else { return head.imageLogits(map).binaryCrossEntropy(classes) }
    let known = concatenate([Tensor.ones([classes.size(0)], device: classes.device), tags.isKnown])
    let each = head.imageLogits(map).binaryCrossEntropy(concatenate([classes, tags.classes]), reduction: .none)
    return (each.mean(1) * known).sum() / known.sum()
  }

  /// Which views are of images with tags, [N], and the tags but the background, [N, F]; of an image without them 0.
  func tags(of batch: ViewBatch, like classes: Tensor) -> (isKnown: Tensor, classes: Tensor) {
    let foreground = (0..<student.model.classCount).filter { $0 != head.background }
    let known = batch.views.map { Float($0.tags == nil ? 0 : 1) }
    let values = batch.views.flatMap { view in foreground.map { Float(view.tags?.contains($0) == true ? 1 : 0) } }
    return (
      Tensor(known, shape: [known.count], device: classes.device),
      Tensor(values, shape: [known.count, foreground.count], device: classes.device)
    )
  }
}
