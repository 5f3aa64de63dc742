import Backbone
import Layers
import Torch
import Training

/// The networks there are, by the names that settings use.
public enum SegmentationNetworkKind: String, Codable, CaseIterable, Sendable {
  /// DeepLabv3+ (Chen et al. 2018) as UniMatch builds it.
  case deeplabv3plus
  /// The same on EfficientNet-Lite0 without its last stages, narrow and separable: for small images and machines
  /// without a GPU.
  case deeplabv3plusLight = "deeplabv3plus_light"
  /// PSPNet (Zhao et al. 2017) as ST++ builds it.
  case pspnet
  /// DeepLabv2 (Chen et al. 2016) as ST++ builds it.
  case deeplabv2
  /// torchvision's `deeplabv3_resnet50` and `deeplabv3_resnet101`.
  case deeplabv3
  /// torchvision's `fcn_resnet50` and `fcn_resnet101`.
  case fcn
  /// The same on EfficientNet-Lite0 without its last stages.
  case fcnLight = "fcn_light"
  /// SegFormer (Xie et al. 2021) on its smallest encoder, MiT-B0.
  case segformerB0 = "segformer_b0"
  /// The same on MiT-B1.
  case segformerB1 = "segformer_b1"

  /// The encoder's maps that a decoder takes.
  enum Maps {
    /// The coarsest.
    case last
    /// That and the one at stride 4.
    case lowLevel
    /// All from stride 4 on.
    case all
  }

  /// Which maps the decoder takes.
  var maps: Maps {
    switch self {
    case .deeplabv3plus, .deeplabv3plusLight: .lowLevel
    case .segformerB0, .segformerB1: .all
    case .pspnet, .deeplabv2, .deeplabv3, .fcn, .fcnLight: .last
    }
  }
}

/// What a segmentation network is made of. The defaults are those of `deeplabv3plus`, or what ``kind`` makes of them:
/// every kind is as its source builds it, but for the backbone's depth.
public struct SegmentationNetworkSettings: Settings {
  /// The network; decides the defaults of other keys too.
  public var kind = SegmentationNetworkKind.deeplabv3plus
  /// The network below the decoder.
  public var backbone = EncoderSettings()
  /// Dilations of the parallel branches: `matching` the output stride, or a list.
  public var rates = AtrousRates.matching
  /// Rows and columns of the grids that PSPNet takes means over.
  public var bins = [1, 2, 3, 6]
  /// Channels of each branch of an atrous pyramid and of its result, of SegFormer's embeddings, or of the one hidden layer of
  /// other decoders.
  public var width = 256
  /// Channels that DeepLabv3+ narrows the map at stride 4 to.
  public var lowLevelWidth = 48
  /// Channels of DeepLabv3+'s last two hidden layers.
  public var decoderWidth = 256
  /// Whether 3×3 convolutions of the decoder are split into one for each channel and a 1×1.
  public var separable = false
  /// Share that is dropped behind an atrous pyramid: of channels in DeepLabv3+, of elements in DeepLabv3.
  public var pyramidDropout = 0.0
  /// Share that is dropped before the last convolution: of channels in SegFormer, of elements elsewhere.
  public var dropout = 0.0
  /// Weight of the auxiliary head's loss; 0 for no such head.
  public var auxiliaryWeight = 0.0
  /// Channels of the auxiliary head's hidden layer.
  public var auxiliaryWidth = 256
  /// Share of elements that is dropped in the auxiliary head.
  public var auxiliaryDropout = 0.1
  /// Whether bilinear resizing maps corners onto corners (ST++, UniMatch, CPS) or pixel centres onto half-integers
  /// (torchvision, mmsegmentation).
  public var alignCorners = true
  /// How the decoder's convolutions start.
  public var initialization = HeadInitialization.uniform

  /// `deeplabv3plus`.
  public init() {}

  /// The kind decides defaults.
  public static let choices = [
    SettingsChoice("kind", of: SegmentationNetworkKind.self) { SegmentationNetworkSettings(kind: $0) }
  ]

  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("rates", rates.areValid, "matching or a list of whole numbers from 1 on"),
      SettingsRule("bins", !bins.isEmpty && bins.allSatisfy { $0 >= 1 }, "a list of whole numbers from 1 on"),
      SettingsRule("width", width >= 1, "1 or more"),
      SettingsRule("low_level_width", lowLevelWidth >= 1, "1 or more"),
      SettingsRule("decoder_width", decoderWidth >= 1, "1 or more"),
      SettingsRule(
        "separable", !separable || ![.deeplabv2, .fcn, .fcnLight, .segformerB0, .segformerB1].contains(kind),
        "false, as \(kind.rawValue) has no convolution that is split"),
      SettingsRule("pyramid_dropout", (0..<1).contains(pyramidDropout), "in 0..<1"),
      SettingsRule("dropout", (0..<1).contains(dropout), "in 0..<1"),
      SettingsRule("auxiliary_weight", auxiliaryWeight >= 0, "0 or more"),
      SettingsRule("auxiliary_width", auxiliaryWidth >= 1, "1 or more"),
      SettingsRule("auxiliary_dropout", (0..<1).contains(auxiliaryDropout), "in 0..<1"),
    ]
  }

  /// The dilations of the parallel branches; empty where the kind has none.
  public var atrousRates: [Int] {
    switch kind {
    case .deeplabv3plus, .deeplabv3plusLight, .deeplabv3:
      rates.resolved(reach: 96, count: 3, stride: backbone.coarsestStride)
    case .deeplabv2: rates.resolved(reach: 48, count: 4, stride: backbone.coarsestStride)
    case .pspnet, .fcn, .fcnLight, .segformerB0, .segformerB1: []
    }
  }

  /// A network with random weights.
  public func make(classCount: Int, using generator: Generator) -> SegmentationNetwork {
    SegmentationNetwork(self, classCount: classCount, using: generator)
  }

  /// The decoder of maps with these channels, from fine to coarse.
  func makeDecoder(channels: [Int], classes: Int, using generator: Generator) -> PixelDecoder {
    switch kind {
    case .deeplabv3plus, .deeplabv3plusLight:
      DeepLabV3PlusDecoder(channels, classes: classes, settings: self, using: generator)
    case .deeplabv3: DeepLabV3Decoder(channels, classes: classes, settings: self, using: generator)
    case .pspnet: PyramidPoolingDecoder(channels, classes: classes, settings: self, using: generator)
    case .deeplabv2: DeepLabV2Decoder(channels, classes: classes, settings: self, using: generator)
    case .fcn, .fcnLight:
      FullyConvolutionalDecoder(
        channels[channels.count - 1], width: width, classes: classes, dropout: dropout,
        in: HeadParts(self, using: generator))
    case .segformerB0, .segformerB1:
      MultiLayerPerceptronDecoder(channels, classes: classes, settings: self, using: generator)
    }
  }
}

extension SegmentationNetworkSettings {
  /// The defaults of a kind.
  public init(kind: SegmentationNetworkKind) {
    self.init()
    self.kind = kind
    switch kind {
    case .deeplabv3plus: break
    case .deeplabv3plusLight:
      makeLight()
      separable = true
      // Maps of 240 × 180 pixels have 15 × 12 elements here: the source's rates would reach beyond them from
      // everywhere.
      rates = .list([3, 6, 9])
      (width, lowLevelWidth, decoderWidth) = (128, 24, 96)
    case .pspnet:
      backbone.outputStride = 8
      width = 512
      dropout = 0.1
    case .deeplabv2:
      backbone.kind = .resnet101
      backbone.outputStride = 8
      initialization = .smallNormal
    case .deeplabv3:
      backbone.outputStride = 8
      pyramidDropout = 0.5
      auxiliaryWeight = 0.5
      alignCorners = false
    case .fcn, .fcnLight:
      backbone.outputStride = 8
      width = 512
      dropout = 0.1
      auxiliaryWeight = 0.5
      alignCorners = false
      if kind == .fcnLight {
        makeLight()
        (width, auxiliaryWeight) = (96, 0)
      }
    case .segformerB0, .segformerB1:
      backbone.kind = kind == .segformerB0 ? .mitB0 : .mitB1
      backbone.outputStride = 32
      backbone.dropPath = 0.1
      dropout = 0.1
      alignCorners = false
    }
  }

  /// EfficientNet-Lite0 up to stride 16.
  private mutating func makeLight() {
    backbone.kind = .efficientnetLite0
    backbone.outputStride = 16
    backbone.lastStage = 16
  }
}
