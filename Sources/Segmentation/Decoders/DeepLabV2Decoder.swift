import Layers
import Torch

/// DeepLabv2's decoder (Chen et al. 2016): dilated 3×3 convolutions of the coarsest map that give logits, summed. No
/// norm, no activation.
final class DeepLabV2Decoder: PixelDecoder {
  private let branches: [Convolution]

  /// A decoder of maps with these channels, of which it takes the last.
  init(_ channels: [Int], classes: Int, settings: SegmentationNetworkSettings, using generator: Generator) {
    let parts = HeadParts(settings, using: generator)
    branches = settings.atrousRates.map {
      parts.predictor(channels[channels.count - 1], classes: classes, kernel: 3, dilation: $0)
    }
  }

  override func callAsFunction(_ maps: [Tensor]) -> Tensor {
    let logits = branches.map { $0(maps[maps.count - 1]).widened() }
    return logits.dropFirst().reduce(logits[0]) { $0 + $1 }
  }

  override var predictorKey: String { "branches." }
}
