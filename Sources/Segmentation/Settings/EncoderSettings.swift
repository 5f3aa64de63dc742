import Backbone
import Imaging
import Layers
import Samples
import Torch
import Training

/// The settings of a segmentation network's backbone.
public struct EncoderSettings: Settings {
  /// The network.
  public var kind = BackboneKind.resnet50
  /// Which published weights a ResNet is made for.
  public var style = BackboneStyle.pytorch
  /// A ResNet's first convolution: one of 7×7, or three of 3×3 with other published weights.
  public var stem = ExtractorForm.Stem.plain
  /// Input pixels from one element of the coarsest map to the next: 8, 16 or 32, of a Mix Transformer 32.
  public var outputStride = 16
  /// Factors of the dilations of the last stage's blocks, one a block; empty for 1 each.
  public var multiGrid: [Int] = []
  /// The last stage that is made, by its stride without dilation: 32 for all, 16 to leave the last one out.
  public var lastStage = 32
  /// Whether batch norms are trained, or fixed as published. Those of the decoder are always trained.
  public var norm = BatchNorm.Mode.trained
  /// What is added to the variance in batch norms: `published` (as the backbone's published weights want it) or a
  /// number.
  public var normEpsilon = "published"
  /// How many parts from the input on are not trained: 1 the first convolution, 2 also the stage at stride 4, … 5 all.
  public var frozenStages = 0
  /// How convolutions of stride 2 pad; matters to EfficientNet only.
  public var padding = PaddingRule.symmetric
  /// How likely the last residual branch is dropped for an image in training (stochastic depth); earlier ones follow
  /// linearly from 0 at the first.
  public var dropPath = 0.0

  /// A ResNet-50 with output stride 16 and trained norms.
  public init() {}

  /// What a backbone can be.
  public var rules: [SettingsRule] {
    let isMix = kind.isMixTransformer
    return [
      SettingsRule(
        "style", kind.isResNet || style == .pytorch, "pytorch, as \(kind.family) have one kind of weights only"),
      SettingsRule("stem", kind.isResNet || stem == .plain, "plain, as \(kind.family) have one stem only"),
      SettingsRule("output_stride", [8, 16, 32].contains(outputStride), "8, 16 or 32"),
      SettingsRule("output_stride", !isMix || outputStride == 32, "32, as \(kind.family) are not dilated"),
      SettingsRule("last_stage", [16, 32].contains(lastStage), "16 or 32"),
      SettingsRule("last_stage", !isMix || lastStage == 32, "32, as \(kind.family) are made whole"),
      SettingsRule(
        "multi_grid",
        multiGrid.isEmpty || multiGrid.count == lastBlocks && multiGrid.allSatisfy { $0 >= 1 },
        lastBlocks == 0
          ? "[], as \(kind.family) have no multi-grid"
          : "[] or \(lastBlocks) whole numbers, one for each block of the last stage"
      ),
      SettingsRule("norm", !isMix || norm == .trained, "trained, as \(kind.family) have no batch norms"),
      SettingsRule(
        "norm_epsilon", !isMix || normEpsilon == "published", "published, as \(kind.family) have no batch norms"),
      SettingsRule(
        "norm_epsilon", normEpsilon == "published" || Double(normEpsilon).map { $0 >= 0 && $0.isFinite } ?? false,
        "'published' or a number of 0 or more"),
      SettingsRule("frozen_stages", (0...5).contains(frozenStages), "in 0...5"),
      SettingsRule("drop_path", (0..<1).contains(dropPath), "in 0..<1"),
    ]
  }

  /// Blocks of the last stage that can have a multi-grid.
  private var lastBlocks: Int {
    switch (kind, lastStage) {
    case (.efficientnetLite0, _), (.mitB0, _), (.mitB1, _): 0
    case (.resnet18, _): 2
    case (.resnet101, 16): 23
    case (.resnet34, 16), (.resnet50, 16): 6
    default: 3
    }
  }

  /// How images are prepared for the published weights.
  public var inputNormalization: InputNormalization {
    kind == .efficientnetLite0 ? .centred : style.inputNormalization
  }

  /// How decoded images become the numbers that the backbone takes; nothing is padded.
  ///
  /// - Parameter onDevice: Whether views whose pixels change are changed on the device.
  public func batchLayout(onDevice: Bool = false) -> BatchLayout {
    BatchLayout(
      sizeDivisor: 1, isChannelsLast: true, normalization: ResizeNormalize(inputNormalization),
      rendersOnDevice: onDevice)
  }

  /// The backbone.
  ///
  /// - Parameters:
  ///   - wanted: Which maps besides that of the last stage the decoder takes.
  ///   - secondLast: Whether that of the last stage but one is wanted too.
  func makeExtractor(_ wanted: SegmentationNetworkKind.Maps, secondLast: Bool, using generator: Generator)
    -> FeatureExtractor
  {
    kind.makeExtractor(
      strides: mapStrides(wanted, secondLast: secondLast),
      form: ExtractorForm(outputStride: outputStride, multiGrid: multiGrid, lastStage: lastStage, stem: stem),
      style: style, norm: norm, epsilon: Double(normEpsilon), frozenStages: frozenStages, padding: padding,
      using: generator)
  }

  /// The maps that there are, by their strides without dilation, rising.
  func mapStrides(_ wanted: SegmentationNetworkKind.Maps, secondLast: Bool) -> [Int] {
    [4, 8, 16, 32].filter { stride in
      stride == lastStage || stride < lastStage && wanted == .all || stride == 4 && wanted == .lowLevel
        || stride == lastStage / 2 && secondLast
    }
  }

  /// The stride of the coarsest map.
  var coarsestStride: Int { min(outputStride, lastStage) }
}
