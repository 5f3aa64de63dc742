import Layers
import Torch

/// SegFormer's encoder, the Mix Transformer (Xie et al. 2021, section 3.1), under the names of `transformers`'
/// `SegformerEncoder`: `patch_embeddings.0.proj`, `block.0.0.attention.self.query` … and `layer_norm.0`.
///
/// Maps: strides 4, 8, 16, 32; of MiT-B0 with 32, 64, 160, 256 channels, of MiT-B1 with twice as many. Images: RGB in
/// 0…1, normalised by ``InputNormalization/imageNet``, of any size: patches overlap, and nothing encodes positions but the
/// zeros around the maps of 3×3 convolutions. All layer norms have epsilon 10⁻⁵, as in `transformers`; in the authors'
/// code those of the blocks and behind the stages have 10⁻⁶. It has no batch norm, and is never dilated.
public final class MixTransformer: FeatureExtractor {
  /// Strides at which there are maps.
  public static let offeredStrides = [4, 8, 16, 32]

  private let patchEmbeddings: [PatchEmbedding]
  private let block: [Sequential]
  private let layerNorm: [LayerNorm]
  /// The maps that are given.
  private let wanted: [Int]
  private let widths: [Int]

  /// - Parameters:
  ///   - strides: Which maps are given. Stages behind the last one are there, for the weight files, but not computed.
  ///   - frozenStages: How many parts from the input on are not trained: 1 the first patch embedding, 2 also the stage at
  ///     stride 4, … 5 all.
  public init(
    _ form: MixTransformerForm, strides: [Int] = MixTransformer.offeredStrides, frozenStages: Int = 0,
    using generator: Generator
  ) {
    precondition((0...5).contains(frozenStages), "frozen stages lie in 0...5, got \(frozenStages)")
    var (inputs, index) = (3, 0)
    let count = form.depths.reduce(0, +)
    var (embeddings, stages): ([PatchEmbedding], [Sequential]) = ([], [])
    for (number, width) in form.widths.enumerated() {
      embeddings.append(
        PatchEmbedding(
          inputs, width, patch: number == 0 ? 7 : 3, stride: number == 0 ? 4 : 2, using: generator))
      let blocks = (0..<form.depths[number]).map { position in
        MixTransformerBlock(
          width, heads: form.heads[number], reduction: form.reductions[number], expansion: form.expansion,
          dropPath: DropPath(block: index + position, of: count), using: generator)
      }
      stages.append(Sequential(blocks))
      (inputs, index) = (width, index + blocks.count)
    }
    patchEmbeddings = embeddings
    block = stages
    layerNorm = form.widths.map { LayerNorm($0, epsilon: MixTransformerForm.normEpsilon) }
    let wanted = Self.checked(strides: strides, offered: Self.offeredStrides)
    self.wanted = wanted
    widths = form.widths
    super.init(
      strides: wanted,
      channels: zip(Self.offeredStrides, form.widths).filter { wanted.contains($0.0) }.map(\.1))
    if frozenStages >= 1 { patchEmbeddings[0].freeze() }
    for stage in 0..<max(0, frozenStages - 1) {
      [patchEmbeddings[stage], block[stage], layerNorm[stage]].forEach { $0.freeze() }
    }
  }

  public override func callAsFunction(_ images: Tensor) -> [Tensor] { maps(of: images, at: wanted) }

  public override func maps(of images: Tensor, at wanted: [Int]) -> [Tensor] {
    var map = images
    var result: [Tensor] = []
    for (stage, stride) in Self.offeredStrides.enumerated() {
      guard result.count < wanted.count else { break }
      // Channels last: what a channel-wise layer calls a row is what a convolution calls a pixel, and nothing is copied.
      map = layerNorm[stage](block[stage](patchEmbeddings[stage](map))).permuted(0, 3, 1, 2)
      if wanted.contains(stride) { result.append(map) }
    }
    return result
  }

  public override func channels(at nominal: Int) -> Int {
    guard let stage = Self.offeredStrides.firstIndex(of: nominal) else {
      preconditionFailure("a Mix Transformer has maps at strides \(Self.offeredStrides), not at \(nominal)")
    }
    return widths[stage]
  }

  /// From the names of `transformers`' `SegformerModel` and of models that have it as their `segformer`, such as
  /// `SegformerForImageClassification`.
  public override var publishedNames: RenameTable {
    RenameTable([("segformer.encoder.**", "**"), ("encoder.**", "**")])
  }

  /// The classifier's last layer.
  public override var unusedPrefixes: [String] { ["classifier."] }
}

/// The sizes of a ``MixTransformer``.
public struct MixTransformerForm: Sendable, Equatable {
  /// What is added to the variance in layer norms.
  static let normEpsilon = 1e-5

  /// Channels of the four stages.
  public let widths: [Int]
  /// Blocks in each of them.
  public let depths: [Int]
  /// Heads of their attention, of which each sees an equal part of the channels.
  public let heads: [Int]
  /// How many times coarser than a stage's map keys and values are, along each axis.
  public let reductions: [Int]
  /// How many times wider a block's hidden layer is.
  public let expansion: Int

  /// Sizes of four stages.
  public init(widths: [Int], depths: [Int], heads: [Int], reductions: [Int] = [8, 4, 2, 1], expansion: Int = 4) {
    precondition(
      [widths, depths, heads, reductions].allSatisfy { $0.count == 4 && $0.allSatisfy { $0 >= 1 } },
      "a Mix Transformer has four stages of at least one block and head")
    precondition(
      zip(widths, heads).allSatisfy { $0 % $1 == 0 }, "channels \(widths) are shared by heads \(heads) in equal parts")
    (self.widths, self.depths, self.heads, self.reductions) = (widths, depths, heads, reductions)
    self.expansion = expansion
  }

  /// MiT-B0: 3.3 million parameters.
  public static let b0 = MixTransformerForm(widths: [32, 64, 160, 256], depths: [2, 2, 2, 2], heads: [1, 2, 5, 8])
  /// MiT-B1: 13.2 million parameters.
  public static let b1 = MixTransformerForm(widths: [64, 128, 320, 512], depths: [2, 2, 2, 2], heads: [1, 2, 5, 8])
}
