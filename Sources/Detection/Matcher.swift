import Torch

/// Which true box each candidate box stands for.
///
/// A candidate is matched to the true box with which its IoU is greatest. With thresholds 0.3 and 0.7, an IoU of
/// 0.2 makes it background, 0.5 makes it neither (left out of the loss), 0.8 makes it an object.
public struct Matcher: Sendable {
  /// The result's value for background.
  public static let background = -1
  /// The result's value for a candidate between the thresholds.
  public static let ignored = -2

  /// An IoU at or above this makes an object.
  public let high: Double
  /// An IoU below this makes background.
  public let low: Double
  /// Whether each true box keeps the candidates nearest to it, whatever their IoU (Faster R-CNN, section 3.1.2).
  ///
  /// Such a candidate is matched to its own best true box, which need not be the one that it was kept for (torchvision), or
  /// as `nearestTakenFrom` says.
  public let keepsBest: Bool
  /// The IoU from which a true box keeps the candidates nearest to it, and is what they are matched to; where several true
  /// boxes keep one, the last (mmdetection). Nil: no such IoU.
  public let nearestTakenFrom: Double?

  /// - Precondition: `low` is at most `high`.
  public init(high: Double, low: Double, keepsBest: Bool, nearestTakenFrom: Double? = nil) {
    precondition(low <= high, "matching thresholds \(low) and \(high)")
    self.high = high
    self.low = low
    self.keepsBest = keepsBest
    self.nearestTakenFrom = nearestTakenFrom
  }

  /// The index of each candidate's true box, or `background` or `ignored`: int64 [C]. No true box: all background.
  ///
  /// - Parameters:
  ///   - candidates: [C, 4].
  ///   - truth: [G, 4].
  public func matches(_ candidates: Tensor, truth: Tensor) -> Tensor {
    matchedBoxes(
      candidates, truth: truth, high: high, low: low, keepsBest: keepsBest, nearestTakenFrom: nearestTakenFrom)
  }
}
