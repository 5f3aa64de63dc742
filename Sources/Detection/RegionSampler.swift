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

  /// Indices of the chosen positive and negative candidates, rising.
  public func sample(_ labels: Tensor, count: Int, positiveFraction: Double) -> (positive: Tensor, negative: Tensor) {
    sampledRegions(labels, count: count, positiveFraction: positiveFraction, using: generator)
  }
}
