// A anchors, C candidates.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

import Torch

/// InfoNCE: how well each anchor's positive is told from other candidates.
///
/// Source: van den Oord et al. 2018 (arXiv 1807.03748), section 2.3: the cross-entropy of picking the positive among the candidates by
/// their scores. log C less the loss bounds the mutual information of an anchor and its positive from below; of C candidates at most
/// log C nats can be shown.
public struct InfoNCE: Sendable, Equatable {
  /// What scores are divided by; 1 takes them as they are.
  public let temperature: Double

  /// A loss; the temperature is above 0.
  public init(temperature: Double = 1) {
    precondition(temperature > 0, "InfoNCE: expected a temperature above 0, got \(temperature)")
    self.temperature = temperature
  }

  /// The mean over anchors of −log softmax of the positive's score, a scalar, float32 or wider. Gradients flow.
  ///
  /// - Parameters:
  ///   - scores: [A, C], higher for what fits better.
  ///   - positives: int64 [A]: the place of each anchor's positive among the candidates.
  public func callAsFunction(_ scores: Tensor, positives: Tensor) -> Tensor {
    Self.check(scores, positives)
    let wide = scores.widened()
    return (temperature == 1 ? wide : wide / temperature).crossEntropy(positives)
  }

  /// The share of anchors whose positive has the highest score, a scalar; of equal ones the first candidate counts. No gradient.
  public static func accuracy(_ scores: Tensor, positives: Tensor) -> Tensor {
    check(scores, positives)
    let picked: Tensor = scores.detached().argmax(1) .== positives
    return picked.to(.float32).mean()
  }

  /// log C − loss, in nats: a lower bound of the mutual information of an anchor and its positive; below 0 it says nothing.
  public static func bound(loss: Double, candidates: Int) -> Double { largestBound(candidates: candidates) - loss }

  /// log C: what a loss of 0 shows, and the loss of picking at random.
  public static func largestBound(candidates: Int) -> Double {
    precondition(candidates >= 1, "InfoNCE: expected candidates, got \(candidates)")
    return log(Double(candidates))
  }

  private static func check(_ scores: Tensor, _ positives: Tensor) {
    precondition(
      scores.rank == 2 && positives.rank == 1 && scores.size(0) == positives.size(0) && scores.size(0) > 0,
      "InfoNCE: expected scores [A, C] and positives [A], got \(scores) and \(positives)")
  }
}
