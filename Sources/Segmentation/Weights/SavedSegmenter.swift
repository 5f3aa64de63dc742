import Annotations
import Backbone
import Documents
import Imaging
import Layers
import Samples
import Torch
import Training

/// A trained segmentation network from files, with all that its use needs: the reading of images and its classes.
public struct SavedSegmenter {
  /// The network, in evaluation mode.
  public let network: SegmentationNetwork
  /// How images were read in its training.
  public var input: SegmenterMetadata.Input
  /// The classes in the order of the network's logits.
  public var classes: ClassTable
  /// What there is to say about the loading, a line each.
  public private(set) var notes: [String]

  /// The network of a run's folder (its best weights, else its last) or of a weight file of a run.
  public init(checkpoint path: String) throws {
    let file = try Self.file(path)
    let stored = try WeightFile.read(file)
    guard let metadata = try SegmenterMetadata(stored.metadata, file: file) else {
      throw stored.metadata["task"] == "detection"
        ? SegmentationError.detector(file) : SegmentationError.notACheckpoint(file)
    }
    input = metadata.input
    classes = metadata.classes
    network = metadata.network.make(classCount: classes.count, using: Generator(seed: 0))
    try SegmenterWeights.load(stored, into: network, source: file)
    network.evaluate()
    notes = [
      "\(file): \(network.summary)", "\(file): \(classes.count) classes: \(classes.names.joined(separator: ", "))",
    ]
  }

  /// A network of torchvision or `transformers` from its state dict. The number of classes is that of the file.
  ///
  /// - Parameters:
  ///   - model: A name of ``models``.
  ///   - classes: The classes; nil for VOC's where the file has as many, else `class 0` and so on.
  public init(model: String, weights: String, classes: ClassTable? = nil) throws {
    guard var settings = Self.models[model] else {
      throw SegmentationError.unknownModel(model, known: Self.models.keys.sorted())
    }
    let stored = try WeightFile.read(weights)
    let isTorchvision = Self.torchvision[model] != nil
    let predictor = isTorchvision ? "classifier.4.bias" : "decode_head.classifier.bias"
    guard let count = SegmenterWeights.classCount(stored, predictor: predictor), count >= 2 else {
      throw SegmentationError.notASegmenter(weights, model: model, missing: predictor)
    }
    if let classes, classes.count != count {
      throw SegmentationError.classCount(weights, found: count, wanted: classes.count)
    }
    if !SegmenterWeights.hasAuxiliary(stored.entries.map(\.name)) { settings.auxiliaryWeight = 0 }
    network = settings.make(classCount: count, using: Generator(seed: 0))
    notes = try SegmenterWeights.load(weights, into: network).notes + ["\(weights): \(network.summary)"]
    network.evaluate()
    input = SegmenterMetadata.Input()
    // What the published weights are judged on.
    input.inference.shortSide = isTorchvision ? 520 : 512
    if let classes {
      self.classes = classes
    } else if count == Self.vocNames.count {
      self.classes = ClassTable(names: Self.vocNames)
      notes.append("\(count) classes: taken for VOC's")
    } else {
      self.classes = ClassTable(names: (0..<count).map { "class \($0)" })
    }
  }

  /// The models whose state dicts can be used: torchvision's by their names there, and SegFormer as `transformers` has it.
  public static let models = torchvision.merging(
    [
      SegmentationNetworkKind.segformerB0, .segformerB1,
    ].map { ($0.rawValue, SegmentationNetworkSettings(kind: $0)) }, uniquingKeysWith: { first, _ in first })

  /// Torchvision's.
  static let torchvision: [String: SegmentationNetworkSettings] = {
    func settings(_ kind: SegmentationNetworkKind, _ backbone: BackboneKind) -> SegmentationNetworkSettings {
      var settings = SegmentationNetworkSettings(kind: kind)
      settings.backbone.kind = backbone
      return settings
    }
    return [
      "deeplabv3_resnet50": settings(.deeplabv3, .resnet50), "deeplabv3_resnet101": settings(.deeplabv3, .resnet101),
      "fcn_resnet50": settings(.fcn, .resnet50), "fcn_resnet101": settings(.fcn, .resnet101),
    ]
  }()

  /// The classes of VOC's label maps by their ids, background first.
  static let vocNames = [
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable",
    "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
  ]

  /// What applies the network to files, reading them as in training.
  ///
  /// - Parameter inference: How it looks at images; nil for as it was judged.
  public func reader(
    inference: SegmentationInference? = nil, workers: Int, device: Device, computeType: ElementType? = nil
  ) -> SegmentationReader {
    let looks = inference ?? input.inference
    return SegmentationReader(
      network, inference: looks,
      reader: looks.reader(
        workers: workers, scaledDecoding: input.scaledDecoding, layout: network.settings.backbone.batchLayout()),
      device: device,
      computeType: computeType)
  }

  private static func file(_ path: String) throws -> String {
    guard Folder.exists(path) else { return path }
    guard let file = RunFolder(path: path).usedCheckpoint else { throw SegmentationError.noCheckpoint(path) }
    return file
  }
}

extension SegmentationNetworkSettings {
  /// The name of torchvision's network that this one is, with or without its auxiliary head; nil where it has another form, even
  /// under the same names of tensors.
  public var torchvisionName: String? {
    SavedSegmenter.torchvision.keys.sorted().first { name in
      guard var other = SavedSegmenter.torchvision[name] else { return false }
      // What shows in training alone, or says where a network's first weights come from.
      (other.pyramidDropout, other.dropout) = (pyramidDropout, dropout)
      (other.auxiliaryWeight, other.auxiliaryDropout) = (auxiliaryWeight, auxiliaryDropout)
      (other.backbone.norm, other.backbone.frozenStages) = (backbone.norm, backbone.frozenStages)
      other.backbone.dropPath = backbone.dropPath
      other.initialization = initialization
      return other == self
    }
  }
}
