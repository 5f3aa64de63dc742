import Samples
import Torch

/// What was learnt of the pixels of unlabelled images in one step, for those who look on beside the steps.
public struct TaughtPixels {
  /// What was labelled.
  public let weak: ViewBatch
  /// The labels, int64 [N, H, W], 255 for pixels that are nobody's.
  public let said: Tensor
  /// How sure the pixels are of them, float32 [N, H, W], 0…1; nil for methods that learn them all alike.
  public let sureness: Tensor?
  /// What was learnt: the strong views, mixed where the method mixes.
  public let strong: ViewBatch
  /// The labels that were learnt in them, int64 [N, H, W].
  public let learnt: Tensor
  /// How much they counted, float32 [N, H, W]; nil where all count alike.
  public let weights: Tensor?
}

/// A method that can show what it learns of unlabelled pixels.
public protocol PseudoPixelShowing: AnyObject {
  /// What was learnt in the last step; nil where unlabelled images were not learnt from.
  var taughtPixels: TaughtPixels? { get }
}

extension ViewBatch {
  /// The same views with other pixels, such as mixed ones.
  func showing(_ images: Tensor) -> ViewBatch {
    ViewBatch(images: images, views: views, labels: labels, validity: validity)
  }
}
