import Layers
import Torch

/// A 3×3 convolution, dropout, and a 1×1 that gives logits (torchvision's `FCNHead`, after Long et al. 2015): the
/// decoder of its FCN, and the auxiliary head of all networks. Keys are torchvision's numbers.
final class FullyConvolutionalDecoder: PixelDecoder {
  /// Which of the maps it takes.
  enum Map {
    case last, secondLast
  }

  private let unit: ConvolutionUnit
  private let dropout: Dropout
  private let predictor: Convolution
  private let map: Map

  init(_ inputs: Int, width: Int, classes: Int, dropout: Double, map: Map = .last, in parts: HeadParts) {
    unit = parts.whole(inputs, width, kernel: 3)
    self.dropout = Dropout(rate: dropout)
    predictor = parts.predictor(width, classes: classes)
    self.map = map
  }

  override func registeredMembers() -> [(name: String, member: Member)] {
    unit.registeredMembers() + [("3", .module(dropout)), ("4", .module(predictor))]
  }

  override func callAsFunction(_ maps: [Tensor]) -> Tensor {
    predictor(dropout(unit(maps[maps.count - (map == .last ? 1 : 2)]))).widened()
  }

  override var predictorKey: String { "4." }
}
