import Backbone

/// What is wrong with settings or files of a segmentation network; each description is one line.
public enum SegmentationError: Error, Equatable, CustomStringConvertible {
  /// Another number of class weights than classes.
  case classWeights(found: Int, wanted: Int)
  /// Weights that say nothing about their model.
  case notACheckpoint(String)
  /// The checkpoint of a detector.
  case detector(String)
  /// A folder without weights of a run.
  case noCheckpoint(String)
  /// A model that is not known by this name.
  case unknownModel(String, known: [String])
  /// A state dict of something else.
  case notASegmenter(String, model: String, missing: String)
  /// Another number of classes than was said.
  case classCount(String, found: Int, wanted: Int)
  /// Metadata that cannot be.
  case damaged(String, reason: String)
  /// Weights of a backbone with another first convolution.
  case otherStem(String, found: ExtractorForm.Stem, wanted: ExtractorForm.Stem)
  /// Weights of a network on another kind of encoder.
  case otherEncoder(String, found: String, wanted: String)
  /// Weights of another style of backbone.
  case otherStyle(String, found: BackboneStyle, wanted: BackboneStyle)

  /// One line: file, what was found, what was wanted.
  public var description: String {
    switch self {
    case .classWeights(let found, let wanted):
      "loss.class_weights has \(found) weights, wanted is [] or one for each of the \(wanted) classes"
    case .notACheckpoint(let file):
      "\(file): does not say which segmentation network it is of; wanted is a checkpoint of a segmentation run, or "
        + "--model NAME --weights FILE for torchvision's and transformers'"
    case .detector(let file):
      "\(file): is a detector's, which finds boxes (`predict detect`); wanted is a segmenter's"
    case .noCheckpoint(let folder):
      "\(folder): has no checkpoints/best.safetensors and no checkpoints/last.safetensors; wanted is a run's folder"
    case .unknownModel(let name, let known): "model '\(name)' is not known; there is \(known.joined(separator: ", "))"
    case .notASegmenter(let file, let model, let missing):
      "\(file): is not a state dict of \(model): '\(missing)' is missing"
    case .classCount(let file, let found, let wanted): "\(file): has \(found) classes, wanted are \(wanted)"
    case .damaged(let file, let reason): "\(file): \(reason)"
    case .otherStem(let file, let found, let wanted):
      "\(file): its backbone has a \(found.rawValue) stem, backbone.stem is \(wanted.rawValue)"
    case .otherEncoder(let file, let found, let wanted):
      "\(file): its encoder is \(found), backbone.kind is \(wanted)"
    case .otherStyle(let file, let found, let wanted):
      "\(file): its backbone is of style \(found.rawValue), backbone.style is \(wanted.rawValue): the stride "
        + "lies in another convolution and pixels have another scale, so it would find nothing"
    }
  }
}
