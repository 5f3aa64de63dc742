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
// - `balances_pseudo_labels` has pixels count by their class, as `loss.balance` has labelled ones do.

import Layers
import Samples
import Segmentation
import Torch
import Training

/// Trains a segmenter on labelled images, and on what it is sure of in unlabelled ones.
public final class FixMatch: SelfTaughtMethod {
  /// `fixmatch`.
  public static let name = "fixmatch"

  /// The network and its average.
  public let student: TrainedStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  /// Which pixels are learnt.
  public let lessons: PixelLessons
  private let loss: PixelLoss

  /// A method that trains `network`.
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
    student = TrainedStudent(network, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
  }

  /// The labelled images' loss, and that of sure pixels of the others. L labelled and U unlabelled images, K classes.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let (labeled, network) = (batch.labeledWeak[0], student.model)
    // Without weight the unlabelled images have no part in the statistics of batch norms either.
    let lesson = settings.unlabeledWeight > 0 ? lesson(of: batch, at: step) : nil
    let pass = JointPass(network, labeled, lesson.map { [$0.mixed.view.images] } ?? [], at: step)
    var losses = Losses()
    losses.add(pass.terms(loss, labeled, of: network))
    losses.add(proximitiesOf: batch.labeledProbes, by: network, at: step)
    guard let lesson, let logits = pass.others else { return losses }
    let value = lessons.loss(logits, lesson.mixed.learnt)
    losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight)
    lessons.look(
      lesson.said, batch.unlabeledWeak[0], strong: lesson.mixed.view, logits: logits, learnt: lesson.mixed.learnt,
      value: value, losses: &losses)
    return losses
  }

  /// What is said about the weak views, and what is learnt of it in the strong ones.
  private func lesson(of batch: SampleBatch, at step: Step) -> (said: PseudoPixels, mixed: MixedView) {
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    let said = lessons.labels(
      of: withoutGradients { student.model(weak.images, dropoutFrom: step.makeGenerator(1)).logits }, weak, at: step)
    return (said, MixedView(said, from: weak, to: strong, settings.cutMix, at: step))
  }
}
