// FixMatch for segmentation: what the network says about a weak view, where it is sure, is learnt in a strong view of the same image.
//
// The idea: no teacher and no stages. The network labels each pixel of a weak view; pixels whose probability reaches a threshold are the
// truth for the strong view, into which rectangles of other images are pasted (CutMix), with their labels.
//
// Source: FixMatch (Sohn et al., NeurIPS 2020), section 2; for segmentation as UniMatch's release has it (github.com/LiheYoung/UniMatch,
// `fixmatch.py`): the network in training mode labels the weak view, labelled and strong views go through it together, the loss
// is summed over sure pixels and divided by all that show their image, so that it shrinks where few are sure.
//
// Differences from the source:
// - The labelled loss has weight 1 and the unlabelled one `unlabeled_weight`; there both are halved.
// - Partners of CutMix are other images (see `CutMix`), and what is pasted was labelled in the same pass, not in another in evaluation mode.
// - Strong views are those of `views.strong_augmentation`, with ST's numbers (and a cutout, which is not learnt); the release has no cutout.
//   By RandAugment or CTAugment, as in the paper, they are moved, turned and sheared too, and what is said of pixels goes with them.
// - Pixels count by their class as labelled ones do (`loss.balance`, off by default).

import Layers
import Samples
import Segmentation
import Torch
import Training

/// Trains a segmenter on labelled images, and on what it is sure of in unlabelled ones.
public final class FixMatch: StudentMethod {
  /// `fixmatch`.
  public static let name = "fixmatch"

  /// The network and its average.
  public let student: TrainedStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  private let loss: PixelLoss

  /// A method that trains `network`.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength
  ) {
    self.settings = settings
    self.loss = loss
    student = TrainedStudent(network, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
  }

  /// The labelled images' loss, and that of sure pixels of the others. L labelled and U unlabelled images, K classes.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    let labeled = batch.labeledWeak[0]
    guard let labels = labeled.labels else { preconditionFailure("fixmatch: expected label maps") }
    let network = student.model
    // Without weight the unlabelled images have no part in the statistics of batch norms either.
    let learnt = settings.unlabeledWeight > 0 ? learnt(of: batch, at: step) : nil
    let images = learnt.map { concatenate([labeled.images, $0.images]) } ?? labeled.images
    let output = network(images, dropoutFrom: step.makeGenerator())  // [L + U, K, H, W]
    let count = labeled.views.count
    let own = SegmentationOutput(
      logits: output.logits.sliced(axis: 0, to: count), auxiliary: output.auxiliary?.sliced(axis: 0, to: count))
    var losses = Losses()
    losses.add(loss.terms(of: own, labels, auxiliaryWeight: network.settings.auxiliaryWeight))
    losses.add(proximitiesOf: batch.labeledProbes, by: network, at: step)
    guard let pseudo = learnt?.pseudo else { return losses }
    losses.add(
      "unlabeled_segmentation",
      loss.pseudo(
        output.logits.sliced(axis: 0, from: count), pseudo.labels,
        weights: pseudo.weights(threshold: settings.threshold), over: settings.denominator),
      weight: settings.unlabeledWeight)
    return losses
  }

  /// The strong views and what is learnt of their pixels, mixed.
  private func learnt(of batch: SampleBatch, at step: Step) -> (images: Tensor, pseudo: PseudoPixels)? {
    guard let weak = batch.unlabeledWeak.first, let strong = batch.unlabeledStrong.first else { return nil }
    let said = withoutGradients { student.model(weak.images, dropoutFrom: step.makeGenerator(1)).logits }
    var generator = step.makeHostGenerator(2)
    let mix = CutMix(
      of: strong.views.map(\.image), height: strong.images.size(2), width: strong.images.size(3), settings.cutMix,
      using: &generator)
    return (mix.mixed(strong.images), PseudoPixels(said, of: weak, in: strong).mixed(by: mix))
  }
}
