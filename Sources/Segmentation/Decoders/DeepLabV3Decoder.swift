import Layers
import Torch

/// DeepLabv3's decoder as torchvision has it: an atrous pyramid, a 3×3 convolution, and a 1×1 that gives logits at the
/// coarsest map's stride. Keys are torchvision's numbers.
final class DeepLabV3Decoder: PixelDecoder {
  private let pyramid: AtrousPyramid
  private let unit: Layer
  private let predictor: Convolution

  /// A decoder of maps with these channels, of which it takes the last.
  init(_ channels: [Int], classes: Int, settings: SegmentationNetworkSettings, using generator: Generator) {
    let parts = HeadParts(settings, using: generator)
    pyramid = AtrousPyramid(
      channels[channels.count - 1], width: settings.width, rates: settings.atrousRates,
      dropout: Dropout(rate: settings.pyramidDropout), in: parts)
    unit =
      settings.separable
      ? parts.unit(settings.width, settings.width, kernel: 3)
      : parts.whole(settings.width, settings.width, kernel: 3, key: 1)
    predictor = parts.predictor(settings.width, classes: classes)
  }

  override func registeredMembers() -> [(name: String, member: Member)] {
    [("0", .module(pyramid))] + (unit is ConvolutionUnit ? unit.registeredMembers() : [("1", .module(unit))])
      + [("4", .module(predictor))]
  }

  override func callAsFunction(_ maps: [Tensor]) -> Tensor {
    predictor(unit(pyramid(maps[maps.count - 1]))).widened()
  }

  override var predictorKey: String { "4." }
  override var poolsToOneElement: Bool { true }
}
