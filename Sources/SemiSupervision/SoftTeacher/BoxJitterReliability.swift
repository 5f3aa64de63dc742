// How far the box of a teacher's candidate can be relied on.
//
// The idea: a box that the teacher knows well is found again from boxes near to it. Each candidate is moved a little
// several times, refined by the teacher's heads, and the spread of what comes out is its uncertainty. The score says little
// about the place, so this, not the score, decides which boxes the box loss learns from.
//
// Source: Soft Teacher (Xu et al., ICCV 2021), section 3.4, as released: ten copies, normally distributed (the paper says
// uniformly), the deviation of each side with n − 1, over the width or height of the mean refined box (the paper: over half
// of their sum).

import Detection
import Torch

/// Measures the spread of boxes that are moved and refined again.
public enum BoxJitterReliability {
  /// What decides the measurement.
  public struct Settings: Sendable, Codable, Equatable {
    /// Moved copies of each box.
    public var count = 10
    /// The deviation of each side, in units of the box's width or height.
    public var scale = 0.06

    /// As released.
    public init() {}
  }

  /// The uncertainty of each candidate of each image, [P]: the mean spread of its four sides in units of its size.
  ///
  /// - Parameters:
  ///   - found: Detections of the teacher in pixels of the batch.
  ///   - teacher: The heads of the teacher, in evaluation mode.
  ///   - features: The teacher's pyramid of the batch.
  ///   - generator: Where the moves are drawn from.
  public static func uncertainty(
    of found: [Detections], teacher: RegionHeads, features: [Tensor], images: ImageBatch, settings: Settings,
    using generator: Generator
  ) -> [Tensor] {
    withoutGradients {
      let moved = found.map { jittered($0.boxes, settings, using: generator) }
      let labels = found.map { $0.labels.repeated(settings.count) }
      let refined = teacher.refined(features, boxes: moved, labels: labels, images: images)
      return zip(refined, found).map { boxes, found in
        spread(boxes.reshaped(settings.count, found.count, 4))
      }
    }
  }

  /// Moved copies [C · P, 4] of boxes [P, 4], all first copies first.
  static func jittered(_ boxes: Tensor, _ settings: Settings, using generator: Generator) -> Tensor {
    let count = boxes.size(0)
    let sizes = (boxes.sliced(axis: 1, from: 2) - boxes.sliced(axis: 1, to: 2)).clamped(min: 1)  // [P, (w, h)]
    let noise = Tensor.normal(
      [settings.count, count, 4], boxes.elementType, device: boxes.device, using: generator)
    let moved = noise * (concatenate([sizes, sizes], axis: 1) * settings.scale) + boxes
    return moved.reshaped(settings.count * count, 4)
  }

  /// The spread [P] of copies [C, P, 4]: the mean over the sides of their deviation, over the mean box's extent.
  static func spread(_ copies: Tensor) -> Tensor {
    let mean = copies.mean(0)  // [P, 4]
    let deviation = copies.variance(0, correction: 1).sqrt()
    let sizes = (mean.sliced(axis: 1, from: 2) - mean.sliced(axis: 1, to: 2)).clamped(min: 1)
    return (deviation / concatenate([sizes, sizes], axis: 1)).mean(1)
  }
}
