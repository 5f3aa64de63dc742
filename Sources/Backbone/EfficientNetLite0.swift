import Layers
import Torch

/// EfficientNet-Lite0 (Google 2020): EfficientNet-B0 without squeeze and excitation, with ReLU6.
///
/// Maps: strides 4, 8, 16, 32 with 24, 40, 112, 320 channels; 3.4 million parameters. Images: RGB normalised by
/// ``InputNormalization/centred``. The published weights come from training with TensorFlow's padding; symmetric
/// padding works nearly as well with them and is the default, since it does not shift maps by half a pixel.
///
/// With an output stride of 8 or 16 the depthwise convolutions of the last stages are dilated instead of strided.
public final class EfficientNetLite0: FeatureExtractor {
  /// Strides at which there are maps.
  public static let offeredStrides = [4, 8, 16, 32]
  /// Norms as the published weights were trained with.
  public static let publishedNorm = NormOptions(mode: .frozen, epsilon: 1e-3, momentum: 0.01)

  private struct Stage {
    let repeats: Int
    let outputs: Int
    let kernel: Int
    let stride: Int
    /// The place in the count of frozen stages.
    let number: Int
    /// The stride of the map that ends with this stage; nil for none.
    var mapStride: Int?
    /// The stride of its own map without dilation.
    var nominal: Int { 1 << number }
  }

  private static let stages = [
    Stage(repeats: 1, outputs: 16, kernel: 3, stride: 1, number: 1),
    Stage(repeats: 2, outputs: 24, kernel: 3, stride: 2, number: 2, mapStride: 4),
    Stage(repeats: 2, outputs: 40, kernel: 5, stride: 2, number: 3, mapStride: 8),
    Stage(repeats: 3, outputs: 80, kernel: 3, stride: 2, number: 4),
    Stage(repeats: 3, outputs: 112, kernel: 5, stride: 1, number: 4, mapStride: 16),
    Stage(repeats: 4, outputs: 192, kernel: 5, stride: 2, number: 5),
    Stage(repeats: 1, outputs: 320, kernel: 3, stride: 1, number: 5, mapStride: 32),
  ]
  private static let stemWidth = 32
  private static let headWidth = 1280

  private let convStem: Convolution
  private let bn0: BatchNorm
  private let blocks: [InvertedResidual]
  private let convHead: Convolution?
  private let bn1: BatchNorm?
  private let fc: Linear?
  private let padding: PaddingRule
  private let form: ExtractorForm
  /// The maps that are given, by their strides without dilation.
  private let wanted: [Int]

  /// - Parameters:
  ///   - strides: Which maps are given, by their strides without dilation. Blocks behind the last one are there, for
  ///     the weight files, but not computed.
  ///   - form: Output stride and the like; it has no other stem and no multi-grid.
  ///   - frozenStages: How many parts from the input on keep weights and statistics: 1 all at stride 2, 2 also those at
  ///     stride 4, … 5 all.
  ///   - classes: Classes of the classifier form; nil for none, as a backbone.
  public init(
    strides: [Int] = EfficientNetLite0.offeredStrides, form: ExtractorForm = ExtractorForm(),
    norm: NormOptions = EfficientNetLite0.publishedNorm, frozenStages: Int = 0, padding: PaddingRule = .symmetric,
    classes: Int? = nil, using generator: Generator
  ) {
    precondition((0...5).contains(frozenStages), "frozen stages lie in 0...5, got \(frozenStages)")
    precondition(form.stem == .plain && form.multiGrid.isEmpty, "EfficientNet has one stem and no multi-grid")
    precondition(form.isWhole || classes == nil, "an EfficientNet without its last stages has no classifier")
    self.padding = padding
    self.form = form
    convStem = Convolution(
      3, Self.stemWidth, kernel: 3, stride: 2, padding: padding.ownPadding(stride: 2), initial: .kaimingNormalFanOut,
      using: generator)
    bn0 = norm.norm(Self.stemWidth, isFrozen: frozenStages >= 1)
    var inputs = Self.stemWidth
    var blocks: [InvertedResidual] = []
    var frozen: [Module] = frozenStages >= 1 ? [convStem, bn0] : []
    var dilation = 1
    let blockCount = Self.stages.filter { form.has($0.nominal) }.map(\.repeats).reduce(0, +)
    for (index, stage) in Self.stages.enumerated() where form.has(stage.nominal) {
      for position in 0..<stage.repeats {
        let step = form.step(stride: position == 0 ? stage.stride : 1, nominal: stage.nominal, dilation: &dilation)
        let block = InvertedResidualForm(
          inputs: inputs, outputs: stage.outputs, kernel: stage.kernel, stride: step.stride, dilation: step.before,
          expansion: index == 0 ? 1 : 6, padding: padding)
        let isFrozen = frozenStages >= stage.number
        blocks.append(
          InvertedResidual(
            block, dropPath: DropPath(block: blocks.count, of: blockCount),
            norm: { norm.norm($0, isFrozen: isFrozen) }, using: generator))
        if isFrozen { frozen.append(blocks[blocks.count - 1]) }
        inputs = stage.outputs
      }
    }
    self.blocks = blocks
    let headInputs = inputs
    convHead = classes.map { _ in
      Convolution(headInputs, Self.headWidth, kernel: 1, initial: .kaimingNormalFanOut, using: generator)
    }
    bn1 = classes.map { _ in norm.norm(Self.headWidth, isFrozen: false) }
    fc = classes.map { Linear(Self.headWidth, $0, using: generator) }
    let wanted = Self.checked(strides: strides, offered: Self.offeredStrides.filter { form.has($0) })
    self.wanted = wanted
    super.init(
      strides: wanted.map { form.stride($0) },
      channels: Self.stages.filter { wanted.contains($0.mapStride ?? 0) }.map(\.outputs))
    frozen.forEach { $0.freeze() }
  }

  public override func callAsFunction(_ images: Tensor) -> [Tensor] { maps(of: images, at: wanted) }

  /// The classifier's logits [N, classes] of images [N, 3, H, W], without dropout.
  ///
  /// - Precondition: It was made with classes.
  public func logits(_ images: Tensor) -> Tensor {
    guard let convHead, let bn1, let fc else { preconditionFailure("an EfficientNet without classes has no logits") }
    return fc(convolve(maps(of: images, at: [32])[0], convHead, bn1, .relu6).mean(2, 3))
  }

  public override func maps(of images: Tensor, at wanted: [Int]) -> [Tensor] {
    var map = convolve(padding.padded(images, kernel: 3, stride: 2), convStem, bn0, .relu6)
    var result: [Tensor] = []
    var remaining = blocks[...]
    for stage in Self.stages {
      guard result.count < wanted.count else { break }
      for block in remaining.prefix(stage.repeats) { map = block(map) }
      remaining = remaining.dropFirst(stage.repeats)
      if let stride = stage.mapStride, wanted.contains(stride) { result.append(map) }
    }
    return result
  }

  public override func channels(at nominal: Int) -> Int {
    Self.stages.first { $0.mapStride == nominal }?.outputs ?? 0
  }

  /// From the names of the PyPI package `efficientnet-lite-pytorch`, as `_blocks.0._depthwise_conv.weight`.
  public override var publishedNames: RenameTable {
    RenameTable(
      [("_conv_stem.*", "conv_stem.*"), ("_bn0.*", "bn0.*"), ("_conv_head.*", "conv_head.*"), ("_bn1.*", "bn1.*")]
        + [("_fc.*", "fc.*")]
        + ["expand_conv", "bn0", "depthwise_conv", "bn1", "project_conv", "bn2"].map {
          ("_blocks.*._\($0).*", "blocks.*.\($0).*")
        })
  }

  public override var unusedPrefixes: [String] {
    let all = Self.stages.map(\.repeats).reduce(0, +)
    return (fc == nil ? ["conv_head.", "bn1.", "fc."] : []) + (blocks.count..<all).map { "blocks.\($0)." }
  }
}
