import Backbone
import Documents
import Layers
import Samples
import Torch
import Training

/// A trained detector from files, with all that its use needs: the reading of images and the names of its classes.
public struct SavedDetector {
  /// The network, in evaluation mode.
  public let detector: FasterRCNN
  /// How images were read in its training.
  public var input: DetectorMetadata.Input
  /// The classes in the order of the network's labels, without background.
  public var classes: [String]
  /// What there is to say about the loading, a line each.
  public private(set) var notes: [String]

  /// The detector of a run's folder (its best weights, else its last) or of a weight file of a run.
  public init(checkpoint path: String) throws {
    let file = try Self.file(path)
    let stored = try WeightFile.read(file)
    guard let metadata = try DetectorMetadata(stored.metadata, file: file) else {
      throw stored.metadata["task"] == "segmentation"
        ? DetectorFileError.segmenter(file) : DetectorFileError.notACheckpoint(file)
    }
    input = metadata.input
    classes = metadata.classes
    detector = FasterRCNN(metadata.detector, classCount: classes.count, using: Generator(seed: 0))
    try DetectorWeights.load(stored, into: detector, source: file)
    detector.evaluate()
    notes = ["\(file): \(classes.count) classes: \(classes.joined(separator: ", "))"]
  }

  /// A detector of torchvision or mmdetection from its state dict. The number of classes is that of the file.
  ///
  /// - Parameters:
  ///   - model: A name of ``models``.
  ///   - classCount: Without background; nil takes what the file has, another number than the file's is an error.
  ///   - classes: The classes' names; nil for COCO's where the file has as many, else `class 1` and so on.
  ///   - epsilon: Of the batch norms; nil: 0 for files that are known to want it, else 1e-5.
  public init(model: String, weights: String, classCount: Int? = nil, classes: [String]? = nil, epsilon: Double? = nil)
    throws
  {
    guard let settings = Self.models[model] else {
      throw DetectorFileError.unknownModel(model, known: Self.models.keys.sorted())
    }
    let stored = try WeightFile.read(weights)
    guard let count = try WeightOrigin(stored, path: weights).classCount else {
      throw DetectorFileError.notADetector(weights, model: model)
    }
    if let classCount, classCount != count {
      throw DetectorFileError.classCount(weights, found: count, wanted: classCount)
    }
    if let classes, classes.count != count {
      throw DetectorFileError.classNames(weights, found: count, named: classes.count)
    }
    detector = FasterRCNN(settings, classCount: count, using: Generator(seed: 0))
    notes = try DetectorWeights.load(weights, into: detector, epsilon: epsilon).notes
    detector.evaluate()
    input = DetectorMetadata.Input()
    if let classes {
      self.classes = classes
    } else if count == COCOClasses.names.count {
      self.classes = COCOClasses.names
      notes.append("\(count) classes: taken for COCO's, numbered by their COCO ids")
    } else if count == COCOClasses.used.count {
      self.classes = COCOClasses.used
      notes.append("\(count) classes: taken for COCO's, in the order of their ids")
    } else {
      self.classes = (1...count).map { "class \($0)" }
    }
  }

  /// The models of other toolkits whose state dicts can be used, by their names there: torchvision's, and mmdetection's by its
  /// configurations.
  public static let models: [String: FasterRCNNSettings] = {
    func mmdetection(_ kind: BackboneKind, _ style: BackboneStyle) -> FasterRCNNSettings {
      var settings = FasterRCNNSettings(convention: .mmdetection)
      settings.backbone.kind = kind
      settings.backbone.style = style
      return settings
    }
    return [
      "fasterrcnn_resnet50_fpn": FasterRCNNSettings(),
      "faster-rcnn_r50_fpn": mmdetection(.resnet50, .pytorch),
      "faster-rcnn_r50-caffe_fpn": mmdetection(.resnet50, .caffe),
      "faster-rcnn_r101_fpn": mmdetection(.resnet101, .pytorch),
      "faster-rcnn_r101-caffe_fpn": mmdetection(.resnet101, .caffe),
    ]
  }()

  /// The reading of images as in training.
  public func reader(batchSize: Int, workers: Int) -> PoolReader {
    input.reader(
      batchSize: batchSize, workers: workers, normalization: detector.settings.backbone.inputNormalization)
  }

  private static func file(_ path: String) throws -> String {
    guard Folder.exists(path) else { return path }
    guard let file = RunFolder(path: path).usedCheckpoint else { throw DetectorFileError.noCheckpoint(path) }
    return file
  }
}

/// Why a file gives no detector; each description is one line.
public enum DetectorFileError: Error, Equatable, CustomStringConvertible {
  /// Weights that say nothing about their model.
  case notACheckpoint(String)
  /// The checkpoint of a segmenter.
  case segmenter(String)
  /// A folder without weights of a run.
  case noCheckpoint(String)
  /// A model that is not known by this name.
  case unknownModel(String, known: [String])
  /// A state dict of something else.
  case notADetector(String, model: String)
  /// Another number of classes than was said.
  case classCount(String, found: Int, wanted: Int)
  /// Another number of classes than names.
  case classNames(String, found: Int, named: Int)
  /// Weights of another style of backbone.
  case otherStyle(String, found: BackboneStyle, wanted: BackboneStyle)

  /// One line: file, what was found, what was wanted.
  public var description: String {
    switch self {
    case .notACheckpoint(let file):
      "\(file): does not say which detector it is of; wanted is a checkpoint of detect-train, or --model NAME --weights "
        + "FILE for another toolkit's"
    case .segmenter(let file):
      "\(file): is a segmenter's, which gives pixels classes (`predict segment`); wanted is a detector's"
    case .noCheckpoint(let folder):
      "\(folder): has no checkpoints/best.safetensors and no checkpoints/last.safetensors; wanted is a run's folder"
    case .unknownModel(let name, let known): "model '\(name)' is not known; there is \(known.joined(separator: ", "))"
    case .notADetector(let file, let model):
      "\(file): is not a state dict of \(model): 'roi_heads.box_predictor.cls_score.bias' is missing"
        + (SavedDetector.models[model]?.convention == .mmdetection ? ", and 'roi_head.bbox_head.fc_cls.bias'" : "")
    case .classCount(let file, let found, let wanted):
      "\(file): has \(found) classes and background, --class-count (without background) says \(wanted)"
    case .classNames(let file, let found, let named):
      "\(file): has \(found) classes and background, but \(named) names are given"
    case .otherStyle(let file, let found, let wanted):
      "\(file): its backbone is of style \(found.rawValue), model.backbone.style is \(wanted.rawValue): the stride lies in "
        + "another convolution and pixels have another scale, so it would find nothing"
    }
  }
}
