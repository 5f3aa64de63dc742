// N images, R × C patches each, D channels of an encoder's last map, P of predictions.

import Backbone
import Layers
import Torch

/// What CPC trains on top of an encoder: contexts of patches, and what is predicted from them of patches in rows below.
///
/// Source: van den Oord et al. 2018 (arXiv 1807.03748), section 3.3, and Hénaff et al. 2019 (arXiv 1905.09272), section 3 and appendix: the
/// score of a patch z for a context c and a distance k is (T z)ᵀ (W_k c), where T is one projection for all distances.
public final class PredictiveCoding: Module {
  let context: ContextNetwork
  let target: Convolution
  let predictions: [Convolution]
  /// How many rows below its context each prediction is.
  public let distances: ClosedRange<Int>

  /// The sizes of the networks.
  public struct Widths: Sendable, Equatable {
    /// Channels within a block of the context network.
    public var context: Int
    /// Blocks of the context network.
    public var contextBlocks: Int
    /// P.
    public var prediction: Int

    /// Sizes of 1 or more.
    public init(context: Int, contextBlocks: Int, prediction: Int) {
      self.context = context
      self.contextBlocks = contextBlocks
      self.prediction = prediction
    }
  }

  /// - Parameters:
  ///   - channels: D.
  ///   - distances: Rows below a context that are predicted, from 1 on.
  public init(channels: Int, distances: ClosedRange<Int>, widths: Widths, using generator: Generator) {
    precondition(distances.lowerBound >= 1, "PredictiveCoding: expected distances of 1 or more, got \(distances)")
    self.distances = distances
    context = ContextNetwork(
      channels: channels, width: widths.context, count: widths.contextBlocks, using: generator)
    target = Convolution(channels, widths.prediction, kernel: 1, biasInitial: .constant(0), using: generator)
    predictions = distances.map { _ in
      Convolution(channels, widths.prediction, kernel: 1, biasInitial: .constant(0), using: generator)
    }
  }

  /// How well every patch of the batch fits where one is predicted.
  public struct Scores {
    /// Rows below the context.
    public let distance: Int
    /// [N · (R − distance) · C, N · R · C], float32: a row for each context that has a patch so far below it.
    public let scores: Tensor
    /// int64 [N · (R − distance) · C]: the patch that lies there.
    public let positives: Tensor
  }

  /// The scores of each distance. All patches of the batch are candidates: those of the same image and those of others. Gradients flow.
  ///
  /// - Parameter vectors: float32 [N, D, R, C].
  /// - Precondition: There are more rows than the greatest distance.
  public func callAsFunction(_ vectors: Tensor) -> [Scores] {
    let (rows, columns) = (vectors.size(2), vectors.size(3))
    precondition(
      rows > distances.upperBound, "PredictiveCoding: expected over \(distances.upperBound) rows, got \(rows)")
    let contexts = context(vectors)
    let candidates = Self.rows(target(vectors))  // [N · R · C, P]
    let places = Tensor.indices(vectors.size(0) * rows * columns, device: vectors.device)
      .reshaped(-1, rows, columns)
    return zip(distances, predictions).map { distance, prediction in
      let anchors = Self.rows(prediction(contexts.sliced(axis: 2, to: rows - distance)))
      return Scores(
        distance: distance, scores: anchors.matrixProduct(candidates.transposed(0, 1)),
        positives: places.sliced(axis: 1, from: distance).contiguous().flattened())
    }
  }

  /// [N, P, R, C] as [N · R · C, P].
  private static func rows(_ map: Tensor) -> Tensor {
    map.permuted(0, 2, 3, 1).contiguous().reshaped(-1, map.size(1))
  }
}

extension FeatureExtractor {
  /// One vector for each patch: the mean over its coarsest map, float32 [N, D, R, C] of patches [N · R · C, 3, p, p]. Gradients flow.
  public func vectors(ofPatches patches: Tensor, in grid: PatchGrid) -> Tensor {
    let maps = self(patches)
    let means = maps[maps.count - 1].widened().mean(2, 3)
    return means.reshaped(-1, grid.rows, grid.columns, means.size(1)).permuted(0, 3, 1, 2)
  }
}
