import Layers
import Torch
import Training

/// A predictor that gives every pixel a class.
public protocol PixelSegmenter: Predictor {
  /// The number of classes.
  var classCount: Int { get }
  /// Logits [N, K, H, W] of normalised images [N, 3, H, W]; no gradient is recorded.
  func logits(of images: Tensor) -> Tensor
}

extension SegmentationNetwork: PixelSegmenter {
  /// The network itself.
  public var model: Module { self }

  /// In the type of the pixels, whatever the training's compute type is, so that saved weights find the same.
  ///
  /// - Precondition: The network is in evaluation mode.
  public func logits(of images: Tensor) -> Tensor {
    withoutGradients { upsampled(decode(backbone(images)), height: images.size(2), width: images.size(3)) }
  }
}
