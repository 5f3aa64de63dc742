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

  /// The same for strong views that go on from the weak ones it was said of: carried along where a strong view is moved, turned or sheared
  /// (`PixelMove`); nobody's where the strong view does not show its image, or is covered.
  func carried(from weak: ViewBatch, to strong: ViewBatch) -> PseudoPixels {
    guard let visible = strong.validity else { preconditionFailure("expected the validity of pixels") }
    let (move, ignored) = (PixelMove(from: weak.views, to: strong.views), Double(View.ignoredLabel))
    return PseudoPixels(
      labels: move(labels, beyond: ignored).filled(ignored, where: !visible), confidence: move(confidence, beyond: 0))
  }

  /// Which pixels have a label, bool [N, H, W].
  var isValid: Tensor { PixelLosses.isValid(labels) }
}
