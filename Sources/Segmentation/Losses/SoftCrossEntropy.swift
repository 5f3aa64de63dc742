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

extension PixelLoss {
  /// The cross-entropy against soft targets, in which a pixel counts as labelled ones do: by the mean of its classes' weights under its target.
  ///
  /// - Parameters:
  ///   - target: Probabilities [N, K, H, W]; no gradient flows to them.
  ///   - weights: [N, H, W], 0 or more; the sum over pixels is divided by that of the weights.
  public func soft(_ logits: Tensor, target: Tensor, weights: Tensor) -> Tensor {
    guard let classWeights else { return PixelLosses.softCrossEntropy(logits, target: target, weights: weights) }
    let byClass = (target.detached() * classWeights.to(target.elementType).reshaped(1, -1, 1, 1)).sum(1)
    return PixelLosses.softCrossEntropy(logits, target: target, weights: weights.to(byClass.elementType) * byClass)
  }
}
