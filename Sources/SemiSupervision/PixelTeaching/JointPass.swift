import Layers
import Samples
import Segmentation
import Torch
import Training

/// Labelled views and others, in one pass through a network in training mode: batch norms see both together.
struct JointPass {
  /// What is said about the labelled views.
  let labeled: SegmentationOutput
  /// Logits of the others, [U, K, H, W], in their order; nil without others.
  let others: Tensor?

  /// A pass; dropout draws from the step.
  init(_ network: SegmentationNetwork, _ labeled: ViewBatch, _ others: [Tensor], at step: Step) {
    let images = others.isEmpty ? labeled.images : concatenate([labeled.images] + others)
    let output = network(images, dropoutFrom: step.makeGenerator())
    let count = labeled.views.count
    self.labeled = output.first(count)
    self.others = others.isEmpty ? nil : output.logits.sliced(axis: 0, from: count)
  }

  /// The labelled views' losses by name.
  func terms(
    _ loss: PixelLoss, _ labeled: ViewBatch, of network: SegmentationNetwork
  ) -> [(name: String, value: Tensor, weight: Double)] {
    guard let labels = labeled.labels else { preconditionFailure("expected label maps of the labelled images") }
    return loss.terms(of: self.labeled, labels, auxiliaryWeight: network.settings.auxiliaryWeight)
  }
}
