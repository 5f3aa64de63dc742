import Layers
import Samples
import Segmentation
import Torch
import Training

extension PseudoSeg {
  /// What the strong views of unlabelled images learn.
  struct PseudoLabels {
    let weak: ViewBatch
    let strong: ViewBatch
    /// [U, K, H, W].
    let target: Tensor
    /// The classes that Grad-CAM was taken of, [U, F].
    let classes: Tensor
  }

  /// What decoder and Grad-CAM say about weak views; no gradient flows.
  func pseudoLabels(of batch: SampleBatch, at step: Step) -> PseudoLabels? {
    guard let weak = batch.unlabeledWeak.first, let strong = batch.unlabeledStrong.first else { return nil }
    let (network, height, width) = (student.model, weak.images.size(2), weak.images.size(3))
    return withoutGradients {
      let generator = step.makeGenerator(1)
      let (features, secondLast) = network.withDropout(from: generator) {
        network.featuresWithSecondLast(weak.images)
      }
      let decoder = network.output(features, height: height, width: width, dropoutFrom: generator).logits
      let last = features[features.count - 1]
      let likely = (head.imageLogits(last).sigmoid() .>= 0.5).to(.float32)
      let (isTagged, tagged) = tags(of: weak, like: likely)
      let classes = select(isTagged.unsqueezed(1) .> 0, tagged, else: likely)
      guard fusion.kind.usesGradCAM else {
        return PseudoLabels(
          weak: weak, strong: strong, target: fusion(decoder: decoder, gradCAM: nil), classes: classes)
      }
      let logits = head(
        head.seeds(last, isThere: classes), maps: (last, secondLast), isShown: weak.shownPixels)
      return PseudoLabels(
        weak: weak, strong: strong,
        target: fusion(decoder: decoder, gradCAM: network.upsampled(logits, height: height, width: width)),
        classes: classes)
    }
  }
}

extension ViewBatch {
  /// Which pixels show their image; streams of segmentation say it.
  var shownPixels: Tensor {
    guard let validity else { preconditionFailure("pseudo-seg: expected the validity of pixels") }
    return validity
  }
}
