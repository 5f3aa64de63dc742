import Torch

extension PixelLosses {
  /// The cross-entropy against soft targets: the sum over pixels of −Σ q log p times the pixel's weight, over the sum of the weights.
  ///
  /// It is ``softCrossEntropy(_:_:isValid:weights:over:)`` over its weights: a scalar, float32 or wider, 0 where all weights are. Gradients
  /// flow to the logits alone.
  ///
  /// - Parameters:
  ///   - logits: [N, K, H, W].
  ///   - target: Probabilities [N, K, H, W], such as pseudo-labels of PseudoSeg.
  ///   - weights: [N, H, W], 0 or more; 0 where a pixel is not learnt.
  public static func softCrossEntropy(_ logits: Tensor, target: Tensor, weights: Tensor) -> Tensor {
    softCrossEntropy(logits, target, weights: weights, over: .weights)
  }
}
