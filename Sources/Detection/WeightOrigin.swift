import Backbone
import Layers
import Torch

/// What kind of detector a weight file is of, by its metadata or else by its names.
struct WeightOrigin {
  /// The tensors under torchvision's or mmdetection's names.
  let state: StateDict
  /// Whether the names are mmdetection's.
  let hasForeignNames: Bool
  /// Whether it is more than a backbone.
  let isWholeDetector: Bool
  /// Whose rules the weights were trained by; nil where a backbone alone cannot say.
  private let convention: DetectorConvention?
  /// The style of their ResNet; nil where nothing says it.
  private let style: BackboneStyle?
  private let path: String
  private var notes: [String] = []

  init(_ stored: StoredWeights, path: String) throws {
    self.path = path
    var found = StateDict(stored).renamed(FasterRCNN.olderNames)
    // A semi-supervised model of mmdetection or Soft Teacher holds two.
    let branches = ["teacher.", "student."].filter { branch in found.names.contains { $0.hasPrefix(branch) } }
    if let branch = branches.first {
      let rest = found.entries.filter { entry in !branches.contains { entry.name.hasPrefix($0) } }
      found = StateDict(found.removingPrefix(branch).entries + rest)
      let other = branches.count > 1 ? "; its student is not used" : ""
      notes.append("\(path): the \(branch.dropLast()) of a semi-supervised checkpoint is taken\(other)")
    }
    state = found
    hasForeignNames = MMDetectionWeights.areNames(found.names)
    isWholeDetector =
      hasForeignNames || found.names.contains { $0.hasPrefix("backbone.") || $0.hasPrefix("roi_heads.") }
    if let own = try DetectorMetadata(stored.metadata, file: path)?.detector {
      (convention, style) = (own.convention, own.backbone.style)
    } else if hasForeignNames {
      (convention, style) = (.mmdetection, nil)
    } else {
      // Under torchvision's names detectors are torchvision's, and of one style.
      (convention, style) = isWholeDetector ? (.torchvision, .pytorch) : (nil, nil)
    }
  }

  /// The number of the file's classes without background; nil where there is no classifier.
  var classCount: Int? {
    let biases = ["roi_heads.box_predictor.cls_score.bias", "roi_head.bbox_head.fc_cls.bias"]
    guard let bias = state.entries.first(where: { biases.contains($0.name) })?.tensor, bias.count >= 2 else {
      return nil
    }
    return bias.count - 1
  }

  /// Under this detector's names, in its rows and order of channels.
  func translated(for settings: FasterRCNNSettings) -> StateDict {
    hasForeignNames ? MMDetectionWeights.translated(state, style: settings.backbone.style) : state
  }

  /// What there is to say about these weights in a detector of these settings.
  ///
  /// - Throws: Where they can find nothing: the stride in another place and pixels of another scale.
  func notes(for settings: FasterRCNNSettings) throws(DetectorFileError) -> [String] {
    if let style, style != settings.backbone.style {
      throw .otherStyle(path, found: style, wanted: settings.backbone.style)
    }
    var lines = notes
    if hasForeignNames {
      lines.append(
        "\(path): names are mmdetection's; its backbone is taken for one of style \(settings.backbone.style.rawValue) "
          + "(model.backbone.style), which no file says")
    }
    if let convention, convention != settings.convention {
      lines.append(
        "warning: \(path): was trained in \(convention.rawValue)'s convention, the detector follows "
          + "\(settings.convention.rawValue)'s (model.convention): RoIAlign and anchors differ, so expect some points "
          + "of AP less until it is trained on")
    }
    return lines
  }
}
