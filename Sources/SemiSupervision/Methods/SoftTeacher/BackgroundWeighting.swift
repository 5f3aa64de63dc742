// The weight of background regions in the class loss of unlabelled images.
//
// The idea: what the teacher has missed stands among the student's background samples as a wrong label. The teacher, asked
// about that very region, says how likely it is background, and that is the region's weight; objects have weight 1.
//
// Source: Soft Teacher (Xu et al., ICCV 2021), section 3.3; the other measures are those that its section 4.4 compares. The
// paper names the overlaps without a formula: here r = the greatest overlap with a pseudo-box (IoU), and 1 − r (reverse).

import Detection
import Samples
import Torch

/// How far a region that was sampled as background can be relied on to be background.
public enum BackgroundMeasure: String, Codable, CaseIterable, Sendable {
  /// The teacher's background score in the weak view (BG-T): as released.
  case teacher
  /// The student's own background score (BG-S).
  case student
  /// 1 − the difference of the two scores (Pred-Diff).
  case predictionDifference = "prediction_difference"
  /// The greatest overlap with a pseudo-box: hard negatives count most.
  case iou
  /// 1 − that overlap: what lies far from all pseudo-boxes counts most.
  case reverseIoU = "reverse_iou"
  /// Always 1: plain assignment.
  case none

  /// In words.
  var words: String {
    switch self {
    case .teacher: "the teacher's background score"
    case .student: "the student's own background score"
    case .predictionDifference: "how near the teacher's and the student's background scores are"
    case .iou: "the greatest overlap with a pseudo-box"
    case .reverseIoU: "how little it overlaps any pseudo-box"
    case .none: "nothing; all of it counts"
    }
  }

  /// The weight of each sampled region of all images, [R], on the device of the logits. No gradient flows.
  ///
  /// - Parameters:
  ///   - samples: The student's regions in pixels of the strong views.
  ///   - logits: The student's logits of them, [R, K], background first.
  ///   - targets: The pseudo-boxes that the samples were matched with.
  ///   - teacher: The heads of the teacher, in evaluation mode.
  ///   - teaching: The teacher's maps, and both views of the images.
  func weights(
    of samples: [RegionHeads.Sample], logits: Tensor, targets: [DetectionTarget], teacher: RegionHeads,
    _ teaching: Teaching
  ) -> Tensor {
    withoutGradients {
      let reliability: Tensor
      switch self {
      case .teacher: reliability = Self.teacherScores(samples, teacher, teaching)
      case .student: reliability = Self.background(logits)
      case .predictionDifference:
        reliability = 1 - (Self.background(logits) - Self.teacherScores(samples, teacher, teaching)).abs()
      case .iou: reliability = Self.overlaps(samples, targets)
      case .reverseIoU: reliability = 1 - Self.overlaps(samples, targets)
      case .none: return Tensor.ones([logits.size(0)], device: logits.device)
      }
      let isObject = concatenate(samples.map(\.labels)) .> 0
      return reliability.filled(1, where: isObject.to(reliability.device)).to(logits.device)
    }
  }

  private static func background(_ logits: Tensor) -> Tensor { logits.detached().softmax(1).selected(0, axis: 1) }

  /// The teacher's background scores of regions carried to the weak views: [R].
  private static func teacherScores(
    _ samples: [RegionHeads.Sample], _ teacher: RegionHeads, _ teaching: Teaching
  ) -> Tensor {
    let boxes = samples.indices.map { image in
      let (weak, strong) = (teaching.weak.views[image].geometry, teaching.strong.views[image].geometry)
      return BoxTensors.clipped(
        BoxTensors.mapped(samples[image].boxes, by: strong.map(to: weak)), height: weak.height, width: weak.width)
    }
    return teacher.classProbabilities(teaching.features, boxes: boxes).selected(0, axis: 1)
  }

  /// The greatest overlap of each region with a pseudo-box of its image, 0 where there is none: [R].
  private static func overlaps(_ samples: [RegionHeads.Sample], _ targets: [DetectionTarget]) -> Tensor {
    concatenate(
      zip(samples, targets).map { sample, target in
        guard target.boxes.size(0) > 0 else { return Tensor.zeros([sample.labels.count]) }
        let overlaps = BoxTensors.intersectionOverUnion(sample.boxes, target.boxes).max(1).values
        // A region without area has no overlap that is a number.
        return overlaps.filled(0, where: !overlaps.isFinite())
      })
  }
}
