import Segmentation
import Torch
import Views

/// What a network says about the pixels of unlabelled images, as something that is learnt. N images, K classes, H × W pixels.
struct PseudoPixels {
  /// The most probable class, int64 [N, H, W]; 255 where a pixel is nobody's, and so is not learnt.
  let labels: Tensor
  /// Its probability, float32 [N, H, W], 0…1.
  let confidence: Tensor

  private init(labels: Tensor, confidence: Tensor) {
    (self.labels, self.confidence) = (labels, confidence)
  }

  /// What logits [N, K, H, W] say; no gradient flows back to them.
  ///
  /// - Parameter validity: Which pixels show their image, bool [N, H, W].
  init(_ logits: Tensor, validity: Tensor) {
    let (best, classes) = withoutGradients { logits.detached().widened().softmax(1).max(1) }
    self.init(labels: classes.filled(Double(View.ignoredLabel), where: !validity), confidence: best)
  }

  /// Rectangles of one image in another: labels and probabilities alike.
  func mixed(by mix: CutMix) -> PseudoPixels {
    PseudoPixels(labels: mix.mixed(labels), confidence: mix.mixed(confidence))
  }

  /// 1 where a label is as probable as the threshold or more, else 0, float32 [N, H, W]; losses leave out pixels that are nobody's.
  func weights(threshold: Double) -> Tensor { (confidence .>= threshold).to(.float32) }
}
