import Layers
import Torch

/// Two hidden layers over a pooled region (Lin et al., FPN, section 4.2).
public final class TwoLayerHead: Module {
  let fc6: Linear
  let fc7: Linear

  /// A head from pooled regions of `inputs` numbers.
  public init(inputs: Int, hidden: Int, using generator: Generator) {
    fc6 = Linear(inputs, hidden, using: generator)
    fc7 = Linear(hidden, hidden, using: generator)
  }

  /// [R, C, h, w] to [R, hidden].
  public func callAsFunction(_ pooled: Tensor) -> Tensor {
    fc7(fc6(pooled.flattened(from: 1)).relu()).relu()
  }
}

/// Class logits and class-specific box offsets of each region. Class 0 is background.
public final class BoxPredictor: Module {
  let clsScore: Linear
  let bboxPred: Linear

  /// - Parameter classes: Including background.
  public init(inputs: Int, classes: Int, using generator: Generator) {
    clsScore = Linear(inputs, classes, using: generator)
    bboxPred = Linear(inputs, classes * 4, using: generator)
  }

  /// Logits [R, K] and offsets [R, K, 4], in float32 whatever the hidden layer holds.
  public func callAsFunction(_ hidden: Tensor) -> (logits: Tensor, offsets: Tensor) {
    let logits = clsScore(hidden).widened()
    return (logits, bboxPred(hidden).widened().reshaped(-1, logits.size(1), 4))
  }
}
