import Torch

/// Chooses the candidates of one image that enter a loss.
public protocol RegionSampler: AnyObject {
  /// Indices of the chosen positive and negative candidates, each int64.
  ///
  /// - Parameters:
  ///   - labels: int64 [C]: above 0 an object, 0 background, below 0 ignored.
  ///   - count: How many at most.
  ///   - positiveFraction: The share of objects at most; background fills the rest.
  func sample(_ labels: Tensor, count: Int, positiveFraction: Double) -> (positive: Tensor, negative: Tensor)
}

/// Draws uniformly without replacement, objects up to their share and background for the rest (Faster R-CNN, section 3.1.3).
public final class BalancedSampler: RegionSampler {
  /// Where the draws come from.
  public let generator: Generator

  /// A sampler that draws from a generator.
  public init(generator: Generator) { self.generator = generator }

  /// Indices of the chosen positive and negative candidates.
  public func sample(_ labels: Tensor, count: Int, positiveFraction: Double) -> (positive: Tensor, negative: Tensor) {
    let positive = (labels .>= 1).trueIndices()
    let negative = (labels .== 0).trueIndices()
    let positiveCount = min(Int(Double(count) * positiveFraction), positive.count)
    let negativeCount = min(count - positiveCount, negative.count)
    return (draw(positiveCount, from: positive), draw(negativeCount, from: negative))
  }

  private func draw(_ count: Int, from indices: Tensor) -> Tensor {
    let order = Tensor.permutation(indices.count, device: indices.device, using: generator)
    return indices.gathered(order.sliced(axis: 0, to: count))
  }
}
