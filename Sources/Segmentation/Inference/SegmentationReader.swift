import Annotations
import Imaging
import Layers
import Samples
import Torch
import Training
import Views

/// Applies a segmenter to files of images.
public struct SegmentationReader {
  /// What gives pixels their classes; in evaluation mode.
  public let segmenter: any PixelSegmenter
  /// How it looks at images.
  public let inference: SegmentationInference
  /// How files become batches.
  public let reader: PoolReader
  /// Where the segmenter lies.
  public let device: Device
  /// What the network computes in; nil for float32, in which it is judged.
  public let computeType: ElementType?

  /// What was found in one image, in the image's own size.
  public struct Found {
    /// The image's place in its pool.
    public let image: Int
    /// Height in pixels of the image.
    public let height: Int
    /// Width in pixels of the image.
    public let width: Int
    /// The most probable class of each pixel, of several the first: one channel.
    public let labels: Image
    /// [K, height, width]: logits, or sums of probabilities.
    fileprivate let scores: Tensor
    fileprivate let areLogits: Bool

    /// Class probabilities, float32 [K, height, width].
    public var probabilities: Tensor { SegmentationReader.probabilities(scores, axis: 0, areLogits: areLogits) }
  }

  /// A segmenter with its way of looking at images.
  public init(
    _ segmenter: any PixelSegmenter, inference: SegmentationInference, reader: PoolReader, device: Device,
    computeType: ElementType? = nil
  ) {
    self.segmenter = segmenter
    self.inference = inference
    self.reader = reader
    self.device = device
    self.computeType = computeType
  }

  /// Class scores of images or of parts of them, as the network is looked at.
  var scores: PixelScores { PixelScores(segmenter: segmenter, inference: inference, computeType: computeType) }

  /// The class with the highest of scores [1, K, H, W] at each pixel, of several the first, row by row.
  static func classes(_ scores: Tensor) -> [UInt8] {
    scores.argmax(1).to(.uint8).contiguous().to(.cpu).withBytes { [UInt8]($0) }
  }

  /// Class probabilities of scores.
  static func probabilities(_ scores: Tensor, axis: Int, areLogits: Bool) -> Tensor {
    areLogits ? scores.softmax(axis) : scores / scores.sum(axis, keepingAxes: true)
  }

  /// What is found in every image of a pool, in its order.
  ///
  /// Images of one size that follow each other are looked at together, others alone, so that none is padded and the figures do not
  /// depend on what an image shares a batch with.
  /// - Returns: The images that could not be used.
  @discardableResult
  public func forEachImage(of pool: ImagePool, _ body: (Found) throws -> Void) rethrows -> [SkippedImage] {
    try segmenter.model.withSteadyWeights {
      try reader.forEachBatch(of: pool, on: device) { batch in
        try withoutGradients {
          let geometries = batch.views.map(\.geometry)
          let areAlike = geometries.allSatisfy { ($0.height, $0.width) == (geometries[0].height, geometries[0].width) }
          let groups = areAlike ? [0..<geometries.count] : geometries.indices.map { $0..<$0 + 1 }
          for group in groups {
            let geometry = geometries[group.lowerBound]
            let images = batch.images.sliced(axis: 0, from: group.lowerBound, to: group.upperBound)
              .sliced(axis: 2, to: geometry.height).sliced(axis: 3, to: geometry.width)
            let scores = self.scores(images)
            for place in group {
              try body(
                found(
                  scores.sliced(axis: 0, from: place - group.lowerBound, to: place - group.lowerBound + 1),
                  batch.views[place]))
            }
          }
        }
      }
    }
  }

  /// - Parameter scores: [1, K, H, W] in the view's size.
  private func found(_ scores: Tensor, _ view: View) -> Found {
    let geometry = view.geometry
    let (height, width) = (geometry.originalHeight, geometry.originalWidth)
    let isOwnSize = (geometry.height, geometry.width) == (height, width)
    // Corners onto corners would shift what pixel centres at halves resized on the way in.
    let whole = isOwnSize ? scores : scores.resizedBilinear(height: height, width: width, alignCorners: false)
    return Found(
      image: view.image, height: height, width: width,
      labels: Image(height: height, width: width, channels: 1, pixels: Self.classes(whole)), scores: whole.squeezed(0),
      areLogits: !inference.looksRepeatedly)
  }
}
