import Detection
import Samples
import Torch

/// What a teacher finds in one unlabelled image, with how far each part of it can be relied on.
///
/// Source: Soft Teacher (Xu et al., ICCV 2021), sections 3.2 to 3.4, as released: one set of candidates, and a filter of
/// its own for each loss. Scores decide about objectness and class, the spread under jittering about the box.
public struct PseudoBoxes {
  /// Which candidates stand for what.
  public struct Thresholds: Sendable, Codable, Equatable {
    /// A box found by the teacher with more than this score is a candidate.
    public var candidateScore = 0.5
    /// A candidate with more than this score is an object to the proposal network.
    public var proposalScore = 0.9
    /// A candidate with more than this score is an object of its class to the class loss.
    public var classScore = 0.9
    /// A candidate whose box spreads less than this, in units of its size, is a target of the box loss.
    public var boxUncertainty = 0.02

    /// As released.
    public init() {}
  }

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
  /// [P], the mean spread of the four sides in units of the box's size.
  public let uncertainty: Tensor

  /// Candidates with their reliability.
  public init(boxes: Tensor, scores: Tensor, labels: Tensor, uncertainty: Tensor) {
    self.boxes = boxes
    self.scores = scores
    self.labels = labels
    self.uncertainty = uncertainty
  }

  /// The detections of each image above a score, with the uncertainty of their boxes. No gradient flows.
  ///
  /// - Parameters:
  ///   - teacher: The heads that detected, in evaluation mode.
  ///   - features: The teacher's pyramid of the batch.
  ///   - generator: Where the moves of the jittering are drawn from.
  public static func candidates(
    of detections: [Detections], above score: Double, teacher: RegionHeads, features: [Tensor], images: ImageBatch,
    jitter: BoxJitterReliability.Settings, using generator: Generator
  ) -> [PseudoBoxes] {
    withoutGradients {
      let candidates = detections.map { $0.gathered(($0.scores .> score).trueIndices()) }
      let uncertainty = BoxJitterReliability.uncertainty(
        of: candidates, teacher: teacher, features: features, images: images, settings: jitter, using: generator)
      return zip(candidates, uncertainty).map {
        PseudoBoxes(boxes: $0.boxes, scores: $0.scores, labels: $0.labels, uncertainty: $1)
      }
    }
  }

  /// How many candidates there are.
  public var count: Int { labels.count }

  /// Whether each candidate passes the filter of a loss: bool [P].
  public func passes(_ purpose: Purpose, _ thresholds: Thresholds) -> Tensor {
    switch purpose {
    case .proposals: scores .> thresholds.proposalScore
    case .classes: scores .> thresholds.classScore
    case .boxes: uncertainty .< thresholds.boxUncertainty
    }
  }

  /// How many candidates pass the filter of a loss.
  public func count(passing purpose: Purpose, _ thresholds: Thresholds) -> Int {
    passes(purpose, thresholds).trueIndices().count
  }

  /// The candidates that pass, carried to another view of the same image: boxes around the mapped corners, clipped to
  /// the view; what leaves it is dropped. No gradient flows.
  public func targets(
    for purpose: Purpose, _ thresholds: Thresholds, from weak: View, to strong: View
  ) -> DetectionTarget {
    withoutGradients {
      let kept = passes(purpose, thresholds).trueIndices()
      let mapped = BoxTensors.clipped(
        BoxTensors.mapped(boxes.gathered(kept), by: weak.geometry.map(to: strong.geometry)),
        height: strong.geometry.height,
        width: strong.geometry.width)
      // Thinner than a hundredth of a pixel is no box any more, and its logarithm no target.
      let inside = BoxTensors.areAtLeast(Self.smallestSide, mapped).trueIndices()
      return DetectionTarget(boxes: mapped.gathered(inside), labels: labels.gathered(kept).gathered(inside))
    }
  }

  private static let smallestSide = 0.01
}
