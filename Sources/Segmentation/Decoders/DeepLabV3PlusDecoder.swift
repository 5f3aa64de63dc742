import Layers
import Torch

/// DeepLabv3+'s decoder (Chen et al. 2018): an atrous pyramid on the coarsest map, resized to the finest one, joined
/// with that one's narrowed channels, two 3×3 convolutions, and a 1×1 that gives logits at stride 4.
final class DeepLabV3PlusDecoder: PixelDecoder {
  private let pyramid: AtrousPyramid
  private let lowLevel: ConvolutionUnit
  private let fuse: [Layer]
  private let dropout: Dropout
  private let predictor: Convolution
  private let alignsCorners: Bool

  /// A decoder of maps with these channels, from fine to coarse.
  init(_ channels: [Int], classes: Int, settings: SegmentationNetworkSettings, using generator: Generator) {
    let parts = HeadParts(settings, using: generator)
    pyramid = AtrousPyramid(
      channels[channels.count - 1], width: settings.width, rates: settings.atrousRates,
      dropout: Dropout(rate: settings.pyramidDropout, unit: .channel), in: parts)
    lowLevel = parts.whole(channels[0], settings.lowLevelWidth, kernel: 1)
    fuse = [
      parts.unit(settings.width + settings.lowLevelWidth, settings.decoderWidth, kernel: 3),
      parts.unit(settings.decoderWidth, settings.decoderWidth, kernel: 3),
    ]
    dropout = Dropout(rate: settings.dropout)
    predictor = parts.predictor(settings.decoderWidth, classes: classes)
    alignsCorners = settings.alignCorners
  }

  override func callAsFunction(_ maps: [Tensor]) -> Tensor {
    let fine = lowLevel(maps[0])
    let context = pyramid(maps[maps.count - 1])
      .resizedBilinear(height: fine.size(2), width: fine.size(3), alignCorners: alignsCorners)
    let fused = fuse.reduce(concatenate([fine, context], axis: 1)) { $1($0) }
    return predictor(dropout(fused)).widened()
  }

  override var poolsToOneElement: Bool { true }
}
