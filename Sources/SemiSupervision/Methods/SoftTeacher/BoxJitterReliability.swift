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
import Training

/// Measures the spread of boxes that are moved and refined again.
public enum BoxJitterReliability {
  /// What decides the measurement.
  public struct Settings: Training.Settings {
    /// What the moves of a box's sides are drawn from.
    public enum Noise: String, Codable, CaseIterable, Sendable {
      /// A normal distribution whose deviation is the scale.
      case normal
      /// Evenly from −scale to scale.
      case uniform
    }

    /// What the deviation of a side is divided by.
    public enum Size: String, Codable, CaseIterable, Sendable {
      /// The width of the mean refined box for its left and right side, the height for the others.
      case sides
      /// Half of the sum of both.
      case mean
    }

    /// Moved copies of each box.
    public var count = 10
    /// How far a side is moved, in units of the box's width or height.
    public var scale = 0.06
    /// How it is drawn.
    public var noise = Noise.normal
    /// The unit of the spread.
    public var size = Size.sides

    /// As released.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [SettingsRule("count", count >= 2, "2 or more"), SettingsRule("scale", scale > 0, "more than 0")]
    }
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
        spread(boxes.reshaped(settings.count, found.count, 4), in: settings.size)
      }
    }
  }

  /// Moved copies [C · P, 4] of boxes [P, 4], all first copies first.
  static func jittered(_ boxes: Tensor, _ settings: Settings, using generator: Generator) -> Tensor {
    let count = boxes.size(0)
    let sizes = (boxes.sliced(axis: 1, from: 2) - boxes.sliced(axis: 1, to: 2)).clamped(min: 1)  // [P, (w, h)]
    let shape = [settings.count, count, 4]
    let noise =
      switch settings.noise {
      case .normal: Tensor.normal(shape, boxes.elementType, device: boxes.device, using: generator)
      case .uniform: Tensor.uniform(shape, boxes.elementType, device: boxes.device, using: generator) * 2 - 1
      }
    let moved = noise * (concatenate([sizes, sizes], axis: 1) * settings.scale) + boxes
    return moved.reshaped(settings.count * count, 4)
  }

  /// The spread [P] of copies [C, P, 4]: the mean over the sides of their deviation, over the mean box's extent, which is
  /// at least a pixel.
  static func spread(_ copies: Tensor, in size: Settings.Size = .sides) -> Tensor {
    // Newer engines warn of variances over nothing.
    guard copies.size(1) > 0 else { return .zeros([0], like: copies) }
    let mean = copies.mean(0)  // [P, 4]
    let deviation = copies.variance(0, correction: 1).sqrt()
    let extents = (mean.sliced(axis: 1, from: 2) - mean.sliced(axis: 1, to: 2)).clamped(min: 1)  // [P, (w, h)]
    switch size {
    case .sides: return (deviation / concatenate([extents, extents], axis: 1)).mean(1)
    case .mean: return deviation.mean(1) / extents.mean(1)
    }
  }
}
