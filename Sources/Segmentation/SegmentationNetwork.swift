import Backbone
import Layers
import Torch

/// A network that gives every pixel of an image a class: an encoder, which is the ``Backbone``, and a decoder on its
/// maps.
///
/// N images, K classes, H × W pixels, h × w elements of the network's own map. Names are those of torchvision's
/// networks: `backbone.…`, `classifier.…`, `aux_classifier.…`; state dicts of its `deeplabv3_resnet50` and
/// `fcn_resnet50` load unchanged, those of SegFormer in `transformers` under other prefixes (``SegFormerNames``). Encoder and decoder are separate calls, so that a method can compute features once
/// and decode them, or changed ones, several times.
///
/// Dropout and drop paths draw from the generator that a call is given, such as `step.makeGenerator(…)`: in training mode
/// a network with either wants one, in evaluation mode nothing is drawn.
public final class SegmentationNetwork: Module, HeadedNetwork {
  /// The encoder.
  public let backbone: FeatureExtractor
  private let classifier: PixelDecoder
  private let auxClassifier: FullyConvolutionalDecoder?
  /// What this was made with.
  public let settings: SegmentationNetworkSettings
  /// The number of classes; background is one of them where there is one.
  public let classCount: Int
  /// What the network computes in while it trains; nil for the type of the pixels. With 16 bits, weights, logits and
  /// losses are float32 still.
  public var computeType: ElementType?
  /// How likely the encoder's last residual branch is dropped for an image in training, in 0..<1; earlier ones follow
  /// linearly (stochastic depth, ``DropPath``). At first that of the settings; no part of the weights, and free to change
  /// between passes.
  public var dropPath: Double { didSet { backbone.setDropPath(dropPath) } }

  /// A network with a random decoder, and a random encoder until published weights are loaded.
  public init(_ settings: SegmentationNetworkSettings, classCount: Int, using generator: Generator) {
    precondition(classCount >= 2, "a segmentation network tells 2 or more classes apart, got \(classCount)")
    self.settings = settings
    self.classCount = classCount
    dropPath = settings.backbone.dropPath
    let hasAuxiliary = settings.auxiliaryWeight > 0
    backbone = settings.backbone.makeExtractor(
      settings.kind.maps, secondLast: hasAuxiliary, using: generator)
    classifier = settings.makeDecoder(channels: backbone.channels, classes: classCount, using: generator)
    auxClassifier =
      hasAuxiliary
      ? FullyConvolutionalDecoder(
        backbone.channels[backbone.channels.count - 2], width: settings.auxiliaryWidth, classes: classCount,
        dropout: settings.auxiliaryDropout, map: .secondLast, in: HeadParts(settings, using: generator)) : nil
    super.init()
    backbone.setDropPath(dropPath)
  }

  /// The encoder's maps of images [N, 3, H, W], of the compute type, from fine to coarse: what ``decode(_:)`` takes.
  /// Where the kind uses low-level features they are the first, where it uses all there are four, and where there is an
  /// auxiliary head it takes the last but one.
  ///
  /// In training mode to be called within `withDropout(from:)` where there is a drop path.
  public func features(_ images: Tensor) -> [Tensor] { backbone(images.to(computeType ?? images.elementType)) }

  /// The same, and the map of the encoder's last stage but one: what the maps are made of that decoders take last.
  public func featuresWithSecondLast(_ images: Tensor) -> (features: [Tensor], secondLast: Tensor) {
    let own = settings.backbone.mapStrides(settings.kind.maps, secondLast: auxClassifier != nil)
    let strides = settings.backbone.mapStrides(settings.kind.maps, secondLast: true)
    let maps = backbone.maps(of: images.to(computeType ?? images.elementType), at: strides)
    return (zip(strides, maps).filter { own.contains($0.0) }.map(\.1), maps[maps.count - 2])
  }

  /// The channels of the encoder's last map, and of the map of its last stage but one.
  public var lastChannels: (last: Int, secondLast: Int) {
    let strides = settings.backbone.mapStrides(.last, secondLast: true)
    return (backbone.channels(at: strides[1]), backbone.channels(at: strides[0]))
  }

  /// The logits [N, K, h, w] of the encoder's maps, float32 or wider, at the network's own resolution. Gradients flow.
  ///
  /// In training mode to be called within `withDropout(from:)` where there is dropout.
  public func decode(_ features: [Tensor]) -> Tensor { classifier(features) }

  /// The logits of the auxiliary head at its own resolution; nil without one.
  public func auxiliaryLogits(_ features: [Tensor]) -> Tensor? { auxClassifier?(features) }

  /// Logits of another size by bilinear interpolation, as ``SegmentationNetworkSettings/alignCorners`` says.
  public func upsampled(_ logits: Tensor, height: Int, width: Int) -> Tensor {
    logits.resizedBilinear(height: height, width: width, alignCorners: settings.alignCorners)
  }

  /// The logits [N, K, H, W] of images [N, 3, H, W], and in training mode the auxiliary head's.
  ///
  /// - Parameter generator: What drop paths and dropout draw from, in this order.
  public func callAsFunction(_ images: Tensor, dropoutFrom generator: Generator? = nil) -> SegmentationOutput {
    withDropout(from: generator) {
      output(features(images), height: images.size(2), width: images.size(3), dropoutFrom: generator)
    }
  }

  /// The same of maps that are there already, such as ones with some of their channels dropped.
  public func output(
    _ features: [Tensor], height: Int, width: Int, dropoutFrom generator: Generator? = nil
  ) -> SegmentationOutput {
    withDropout(from: generator) {
      SegmentationOutput(
        logits: upsampled(decode(features), height: height, width: width),
        auxiliary: isTraining ? auxiliaryLogits(features).map { upsampled($0, height: height, width: width) } : nil)
    }
  }

  /// Images a batch must have in training mode at least: 2 where a part of the network pools a map to one element and
  /// normalises it over the batch.
  public var smallestTrainingBatch: Int { classifier.poolsToOneElement ? 2 : 1 }

  /// What the names of those tensors start with whose shape depends on the number of classes.
  public var predictorPrefixes: [String] {
    ["classifier." + classifier.predictorKey] + (auxClassifier.map { ["aux_classifier." + $0.predictorKey] } ?? [])
  }

  /// The encoder's parameters; all others are the head's.
  public var backbonePrefix: String { "backbone." }
}

/// What a segmentation network says about a batch.
public struct SegmentationOutput {
  /// [N, K, H, W], float32 or wider, of the images' size.
  public var logits: Tensor
  /// The same of the auxiliary head; nil without one, and in evaluation mode.
  public var auxiliary: Tensor?

  /// An output.
  public init(logits: Tensor, auxiliary: Tensor? = nil) {
    self.logits = logits
    self.auxiliary = auxiliary
  }

  /// That of the first images alone.
  public func first(_ count: Int) -> SegmentationOutput {
    SegmentationOutput(
      logits: logits.sliced(axis: 0, to: count), auxiliary: auxiliary?.sliced(axis: 0, to: count))
  }
}
