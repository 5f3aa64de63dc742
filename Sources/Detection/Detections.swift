import Torch

/// What a detector found in one image, by falling score; on the CPU.
public struct Detections {
  /// [D, 4]: x0, y0, x1, y1 in pixels.
  public let boxes: Tensor
  /// [D], in 0…1.
  public let scores: Tensor
  /// int64 [D]: the class, counted from 1; 0 is background and never stands here.
  public let labels: Tensor
  /// [D, K]: the probability of each class, background first, of the region that a box comes from; nil where it was not asked
  /// for.
  public let probabilities: Tensor?

  /// Detections; all have the same first length.
  public init(boxes: Tensor, scores: Tensor, labels: Tensor, probabilities: Tensor? = nil) {
    self.boxes = boxes
    self.scores = scores
    self.labels = labels
    self.probabilities = probabilities
  }

  /// How many there are.
  public var count: Int { boxes.size(0) }

  /// Those at the given int64 indices.
  public func gathered(_ indices: Tensor) -> Detections {
    Detections(
      boxes: boxes.gathered(indices), scores: scores.gathered(indices), labels: labels.gathered(indices),
      probabilities: probabilities?.gathered(indices))
  }

  /// With boxes scaled from one image size to another.
  public func scaled(x: Double, y: Double) -> Detections {
    Detections(
      boxes: BoxTensors.scaled(boxes, x: x, y: y), scores: scores, labels: labels, probabilities: probabilities)
  }
}

/// The true boxes of one image, on the CPU.
public struct DetectionTarget {
  /// [G, 4]: x0, y0, x1, y1 in pixels of the view.
  public let boxes: Tensor
  /// int64 [G]: the class, counted from 1.
  public let labels: Tensor

  /// - Precondition: One label a box.
  public init(boxes: Tensor, labels: Tensor) {
    precondition(boxes.rank == 2 && boxes.size(1) == 4, "boxes are [G, 4], got \(boxes)")
    precondition(labels.shape == [boxes.size(0)], "one label a box: \(boxes), \(labels)")
    self.boxes = boxes
    self.labels = labels
  }
}
