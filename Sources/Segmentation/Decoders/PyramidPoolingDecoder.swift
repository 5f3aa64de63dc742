import Layers
import Torch

/// PSPNet's decoder (Zhao et al. 2017): the coarsest map joined with means of it over grids of windows, a 3×3
/// convolution, and a 1×1 that gives logits at that map's stride.
final class PyramidPoolingDecoder: PixelDecoder {
  private let branches: [Layer]
  private let fuse: Layer
  private let dropout: Dropout
  private let predictor: Convolution

  /// A decoder of maps with these channels, of which it takes the last.
  init(_ channels: [Int], classes: Int, settings: SegmentationNetworkSettings, using generator: Generator) {
    let parts = HeadParts(settings, using: generator)
    let inputs = channels[channels.count - 1]
    branches = settings.bins.map {
      PooledBranch(
        inputs, inputs / settings.bins.count, bins: $0, alignCorners: settings.alignCorners, in: parts)
    }
    let joined = inputs + settings.bins.count * (inputs / settings.bins.count)
    fuse = parts.unit(joined, settings.width, kernel: 3)
    dropout = Dropout(rate: settings.dropout)
    predictor = parts.predictor(settings.width, classes: classes)
  }

  override func callAsFunction(_ maps: [Tensor]) -> Tensor {
    let map = maps[maps.count - 1]
    return predictor(dropout(fuse(concatenate([map] + branches.map { $0(map) }, axis: 1)))).widened()
  }

  override var poolsToOneElement: Bool { true }
}
