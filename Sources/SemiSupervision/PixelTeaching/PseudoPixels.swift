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
    let (best, classes) = withoutGradients { logits.detached().widened().softmax(1).max(1) }
    self.init(labels: classes.filled(Double(View.ignoredLabel), where: !validity), confidence: best)
  }

  /// What logits [N, K, H, W] of weak views say about strong views that go on from them: carried along where a strong view is moved, turned
  /// or sheared (`PixelMove`); nobody's where either view does not show its image, or the strong one is covered.
  init(_ logits: Tensor, of weak: ViewBatch, in strong: ViewBatch) {
    guard let validity = weak.validity, let visible = strong.validity else {
      preconditionFailure("PseudoPixels: expected the validity of pixels")
    }
    let (move, said) = (PixelMove(from: weak.views, to: strong.views), PseudoPixels(logits, validity: validity))
    let ignored = Double(View.ignoredLabel)
    labels = move(said.labels, beyond: ignored).filled(ignored, where: !visible)
    confidence = move(said.confidence, beyond: 0)
  }

  /// Rectangles of one image in another: labels and probabilities alike.
  func mixed(by mix: CutMix) -> PseudoPixels {
    PseudoPixels(labels: mix.mixed(labels), confidence: mix.mixed(confidence))
  }

  /// 1 where a label is as probable as the threshold or more, else 0, float32 [N, H, W]; losses leave out pixels that are nobody's.
  func weights(threshold: Double) -> Tensor { (confidence .>= threshold).to(.float32) }
}
