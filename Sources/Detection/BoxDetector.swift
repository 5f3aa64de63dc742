import Annotations
import Layers
import Samples
import Torch
import Training
import Views

/// A predictor that finds boxes.
public protocol BoxDetector: Predictor {
  /// What is found in each image, in pixels of the padded batch; no gradient is recorded.
  func detect(_ images: ImageBatch) -> [Detections]
}

extension FasterRCNN: BoxDetector {
  /// The network itself.
  public var model: Module { self }
}

/// Applies a detector to files of images.
public struct DetectionReader {
  /// What finds boxes; in evaluation mode.
  public let detector: any BoxDetector
  /// How files become batches.
  public let reader: PoolReader
  /// Where the detector lies.
  public let device: Device
  /// What the network computes in; nil for float32.
  public let computeType: ElementType?

  /// A detector with the reading of its images.
  public init(_ detector: any BoxDetector, reader: PoolReader, device: Device, computeType: ElementType? = nil) {
    self.detector = detector
    self.reader = reader
    self.device = device
    self.computeType = computeType
  }

  /// The detections of every image of a pool, in its order, in pixels of the image.
  ///
  /// - Parameter body: Gets the image's place in the pool, its size in pixels and its detections by falling score.
  /// - Returns: The images that could not be used.
  @discardableResult
  public func forEachImage(
    of pool: ImagePool, _ body: (_ image: Int, _ size: (height: Int, width: Int), _ found: [FoundBox]) throws -> Void
  ) rethrows -> [SkippedImage] {
    try detector.model.withSteadyWeights {
      try reader.forEachBatch(of: pool, on: device) { batch in
        let detections = detector.detect(ImageBatch(batch).converted(to: computeType))
        for (view, found) in zip(batch.views, detections) {
          let geometry = view.geometry
          try body(view.image, (geometry.originalHeight, geometry.originalWidth), Self.boxes(found, in: view))
        }
      }
    }
  }

  /// Detections of a view as boxes of its image, by falling score.
  public static func boxes(_ found: Detections, in view: View) -> [FoundBox] {
    let corners = found.boxes.doubles
    let scores = found.scores.doubles
    let labels = found.labels.integers
    let back = view.geometry.map.inverse
    return scores.indices.map { index in
      let box = Box(
        x0: corners[4 * index], y0: corners[4 * index + 1], x1: corners[4 * index + 2], y1: corners[4 * index + 3])
      return FoundBox(box: back?.map(box) ?? box, classIndex: labels[index] - 1, score: scores[index])
    }
  }
}

/// One detection in pixels of its image.
public struct FoundBox: Sendable, Equatable {
  /// Where.
  public let box: Box
  /// The class, from 0, without background.
  public let classIndex: Int
  /// In 0…1.
  public let score: Double

  /// A detection.
  public init(box: Box, classIndex: Int, score: Double) {
    self.box = box
    self.classIndex = classIndex
    self.score = score
  }
}
