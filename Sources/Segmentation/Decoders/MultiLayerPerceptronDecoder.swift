import Layers
import Torch

/// SegFormer's decoder (Xie et al. 2021, section 3.2), under the names of `transformers`' `SegformerDecodeHead`: every map
/// through a linear layer to the same width, resized to the finest one and joined, a 1×1 convolution with norm and ReLU, and
/// a 1×1 that gives logits at stride 4.
///
/// The joining convolution is applied to each map before it is resized, and the results are added up: the same function,
/// since both are linear and the convolution has no bias, at a third of the work. Whole channels are dropped before the
/// last layer, as in the authors' code; `transformers` drops elements.
final class MultiLayerPerceptronDecoder: PixelDecoder {
  private let embeddings: [Linear]
  private let linearFuse: Convolution
  private let batchNorm: BatchNorm
  private let dropout: Dropout
  private let classifier: Convolution
  private let alignsCorners: Bool

  /// A decoder of maps with these channels, from fine to coarse.
  init(_ channels: [Int], classes: Int, settings: SegmentationNetworkSettings, using generator: Generator) {
    let parts = HeadParts(settings, using: generator)
    let width = settings.width
    embeddings = channels.map { Linear($0, width, initial: parts.initialization.weights, using: generator) }
    linearFuse = parts.convolution(width * channels.count, width, kernel: 1)
    batchNorm = BatchNorm(width)
    dropout = Dropout(rate: settings.dropout, unit: .channel)
    classifier = parts.predictor(width, classes: classes)
    alignsCorners = settings.alignCorners
  }

  override func registeredMembers() -> [(name: String, member: Member)] {
    embeddings.enumerated().map { ("linear_c.\($0.offset).proj", .module($0.element)) }
      + [
        ("linear_fuse", .module(linearFuse)), ("batch_norm", .module(batchNorm)), ("dropout", .module(dropout)),
        ("classifier", .module(classifier)),
      ]
  }

  override func callAsFunction(_ maps: [Tensor]) -> Tensor {
    let (height, width) = (maps[0].size(2), maps[0].size(3))
    // The coarsest map comes first among the joined channels.
    let weights = linearFuse.weight.value.flattened(from: 1).to(maps[0].elementType)
      .split(embeddings.map { $0.weight.value.size(0) }, axis: 1).reversed()
    let fused = zip(zip(maps, embeddings), weights).map { pair, weight in
      let (map, embedding) = pair
      let rows = embedding(map.permuted(0, 2, 3, 1).reshaped(-1, map.size(1))).linear(weight, bias: nil)
      return rows.reshaped(map.size(0), map.size(2), map.size(3), -1).permuted(0, 3, 1, 2)
        .resizedBilinear(height: height, width: width, alignCorners: alignsCorners)
    }
    let sum = fused.dropFirst().reduce(fused[0]) { $0 + $1 }
    return classifier(dropout(batchNorm(sum, .relu))).widened()
  }

  override var predictorKey: String { "classifier." }
}
