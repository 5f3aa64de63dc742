import Segmentation
import Torch
import Views

/// What a network says about the pixels of unlabelled images, as something that is learnt. N images, K classes, H × W pixels.
struct PseudoPixels {
  /// The most probable class, int64 [N, H, W]; 255 where a pixel is nobody's.
  let labels: Tensor
  /// Its probability, float32 [N, H, W], 0…1.
  let confidence: Tensor
  /// Which pixels show their image, bool [N, H, W].
  let validity: Tensor

  /// Pixels as they are given.
  private init(labels: Tensor, confidence: Tensor, validity: Tensor) {
    (self.labels, self.confidence, self.validity) = (labels, confidence, validity)
  }

  /// What logits [N, K, H, W] say; no gradient flows back to them.
  ///
  /// - Parameter validity: bool [N, H, W].
  init(_ logits: Tensor, validity: Tensor) {
    let (best, classes) = withoutGradients { logits.detached().widened().softmax(1).max(1) }
    labels = classes.filled(Double(View.ignoredLabel), where: !validity)
    confidence = best
    self.validity = validity
  }

  /// The same without the pixels that another view does not show, such as those that a cutout covers there.
  func shown(where visible: Tensor) -> PseudoPixels {
    let validity = validity .& visible
    return PseudoPixels(
      labels: labels.filled(Double(View.ignoredLabel), where: !visible), confidence: confidence, validity: validity)
  }

  /// Rectangles of one image in another: labels, probabilities and validity alike.
  func mixed(by mix: CutMix) -> PseudoPixels {
    PseudoPixels(labels: mix.mixed(labels), confidence: mix.mixed(confidence), validity: mix.mixed(validity))
  }

  /// 1 where a label is learnt, float32 [N, H, W]: at least as probable as the threshold, and somebody's.
  func weights(threshold: Double) -> Tensor { ((confidence .>= threshold) .& validity).to(.float32) }
}
