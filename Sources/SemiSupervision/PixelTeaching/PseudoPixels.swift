import Samples
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
    self.init(
      probabilities: withoutGradients { logits.detached().widened().softmax(1) }, validity: validity)
  }

  /// What probabilities [N, K, H, W] say.
  init(probabilities: Tensor, validity: Tensor) {
    let (best, classes) = probabilities.max(1)
    self.init(labels: classes.filled(Double(View.ignoredLabel), where: !validity), confidence: best)
  }

  /// Pixels of one image in another: labels and probabilities alike.
  func mixed(by mix: PixelMix) -> PseudoPixels {
    PseudoPixels(labels: mix.mixed(labels), confidence: mix.mixed(confidence))
  }

  /// Without the labels of pixels that other views of the same images do not show, such as those under a cutout.
  func visible(in strong: ViewBatch) -> PseudoPixels {
    guard let visible = strong.validity else { preconditionFailure("expected the validity of pixels") }
    return PseudoPixels(labels: labels.filled(Double(View.ignoredLabel), where: !visible), confidence: confidence)
  }

  /// Which pixels have a label, bool [N, H, W].
  var isValid: Tensor { PixelLosses.isValid(labels) }
}
