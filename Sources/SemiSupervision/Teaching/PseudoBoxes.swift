import Detection
import Samples
import Torch
import Views

/// What a teacher finds in one unlabelled image, with how far the boxes can be relied on where that was measured.
///
/// Source: Soft Teacher (Xu et al., ICCV 2021), sections 3.2 to 3.4, as released: one set of candidates, and a filter of
/// its own for each loss.
public struct PseudoBoxes {
  /// The three losses that filter the candidates for themselves.
  public enum Purpose: Sendable, CaseIterable {
    case proposals, classes, boxes
  }

  /// [P, 4] in pixels of the weak view; candidates by falling score.
  public let boxes: Tensor
  /// [P].
  public let scores: Tensor
  /// int64 [P], from 1.
  public let labels: Tensor
  /// [P], the mean spread of the four sides in units of the box's size; nil where it was not measured.
  public let uncertainty: Tensor?
  /// [P, K], the probability of each class, background first; nil where the detections do not have it.
  public let probabilities: Tensor?

  /// Candidates, with their reliability where it was measured.
  public init(
    boxes: Tensor, scores: Tensor, labels: Tensor, uncertainty: Tensor? = nil, probabilities: Tensor? = nil
  ) {
    self.boxes = boxes
    self.scores = scores
    self.labels = labels
    self.uncertainty = uncertainty
    self.probabilities = probabilities
  }

  /// The detections of each image above a score, with the uncertainty of their boxes where it is to be measured. No
  /// gradient flows.
  ///
  /// - Parameters:
  ///   - teacher: The heads that detected, in evaluation mode.
  ///   - features: The teacher's pyramid of the batch.
  ///   - jitter: How the uncertainty is measured; nil where nothing asks for it.
  ///   - generator: Where the moves of the jittering are drawn from.
  public static func candidates(
    of detections: [Detections], above score: Double, teacher: RegionHeads, features: [Tensor], images: ImageBatch,
    jitter: BoxJitterReliability.Settings?, using generator: Generator
  ) -> [PseudoBoxes] {
    withoutGradients {
      let candidates = detections.map { $0.gathered(($0.scores .> score).trueIndices()) }
      let uncertainty = jitter.map {
        BoxJitterReliability.uncertainty(
          of: candidates, teacher: teacher, features: features, images: images, settings: $0, using: generator)
      }
      return candidates.enumerated().map { image, found in
        PseudoBoxes(
          boxes: found.boxes, scores: found.scores, labels: found.labels, uncertainty: uncertainty?[image],
          probabilities: found.probabilities)
      }
    }
  }

  /// How many candidates there are.
  public var count: Int { labels.count }

  /// How many candidates pass the filter of a loss.
  public func count(passing purpose: Purpose, _ filters: PseudoBoxFilters) -> Int {
    filters.passes(purpose, self).trueIndices().count
  }

  /// The candidates that pass, carried to another view of the same image: boxes around the mapped corners, clipped to
  /// the view; what leaves it is dropped. No gradient flows.
  public func targets(
    for purpose: Purpose, _ filters: PseudoBoxFilters, from weak: View, to strong: View
  ) -> DetectionTarget {
    withoutGradients {
      let kept = filters.passes(purpose, self).trueIndices()
      let mapped = BoxTensors.clipped(
        BoxTensors.mapped(boxes.gathered(kept), by: weak.geometry.map(to: strong.geometry)),
        height: strong.geometry.height, width: strong.geometry.width)
      // What is no wider than this is no box any more, and its logarithm no target.
      let inside = BoxTensors.areAtLeast(filters.thresholds.smallestSide, mapped).trueIndices()
      return DetectionTarget(boxes: mapped.gathered(inside), labels: labels.gathered(kept).gathered(inside))
    }
  }
}
