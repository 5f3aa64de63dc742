/// Losses as libtorch computes them. Gradients flow to the predictions.

private let crossEntropyOperator = Operator("cross_entropy_loss")
private let binaryCrossEntropyOperator = Operator("binary_cross_entropy_with_logits")
private let smoothL1Operator = Operator("smooth_l1_loss")
private let l1Operator = Operator("l1_loss")

/// How a loss is summed up over its elements.
public enum LossReduction: Int, Sendable {
  case none = 0
  case mean = 1
  case sum = 2
}

extension Tensor {
  /// −log softmax of the target class. Logits [N, K] or [N, K, H, W]; targets int64 [N] or [N, H, W].
  public func crossEntropy(_ targets: Tensor, reduction: LossReduction = .mean, ignoring ignored: Int = -100) -> Tensor
  {
    crossEntropyOperator(.tensor(self), .tensor(targets), .none, .int(reduction.rawValue), .int(ignored))
  }

  /// −log softmax of the class of each pixel, [N, H, W], 0 where it is ignored; float32 for logits of 16 bits. Logits [N, K, H, W], targets
  /// int64 [N, H, W].
  public func pixelCrossEntropy(_ targets: Tensor, ignoring ignored: Int) -> Tensor {
    isKernelMap && targets.elementType == .int64
      ? pixelCrossEntropyByKernel(targets, ignoring: ignored)
      : widened().crossEntropy(targets, reduction: .none, ignoring: ignored)
  }

  /// Binary cross-entropy of logits against targets in [0, 1] of the same shape.
  public func binaryCrossEntropy(_ targets: Tensor, reduction: LossReduction = .mean) -> Tensor {
    binaryCrossEntropyOperator(.tensor(self), .tensor(targets), .none, .none, .int(reduction.rawValue))
  }

  /// Quadratic below `beta`, linear above, in the absolute difference; with 0 that difference itself.
  public func smoothL1(_ targets: Tensor, beta: Double, reduction: LossReduction) -> Tensor {
    // libtorch's own result for 0 has a slope where both are equal.
    if beta == 0 { return l1(targets, reduction: reduction) }
    return smoothL1Operator(.tensor(self), .tensor(targets), .int(reduction.rawValue), .double(beta))
  }

  /// The absolute difference.
  public func l1(_ targets: Tensor, reduction: LossReduction) -> Tensor {
    l1Operator(.tensor(self), .tensor(targets), .int(reduction.rawValue))
  }
}
