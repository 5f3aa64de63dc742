/// Whose rules a detector follows where toolkits differ in what weights count on.
///
/// Some of the rules are settings (``FasterRCNNSettings/init(convention:)`` has their defaults); the others are here, since
/// nothing is gained by mixing them. Sources: torchvision 0.14.1, mmdetection 3.3.0.
public enum DetectorConvention: String, Codable, CaseIterable, Sendable {
  case torchvision, mmdetection

  /// What goes by the convention alone.
  var rules: ConventionRules { self == .mmdetection ? .mmdetection : .torchvision }
}

/// What a convention decides that is no setting.
struct ConventionRules: Sendable, Equatable {
  /// Anchors are rounded to whole pixels, and a level's stride is the padded side over the map's, which may be 61
  /// instead of 64; else anchors are as computed, on the pyramid's strides.
  var roundsAnchors: Bool
  /// Decoding limits how far a box shrinks, as it limits how far it grows.
  var limitsShrinking: Bool
  /// The IoU from which the anchors nearest to a true box are matched to it, of several true boxes to the last; nil: they
  /// are objects whatever their IoU, each matched to its own best true box.
  var nearestTakenFrom: Double?
  /// Anchors behind an image's own padding, which only a larger image of the batch made, are left out of the losses.
  var ignoresForeignPadding: Bool
  /// In the proposal network's losses an image without objects, or without background, counts as if it had one sample of it.
  var countsAtLeastOne: Bool
  /// A true box among the regions is matched to itself, also where another one covers it.
  var truthMatchesItself: Bool
  /// How the level that a region is read from follows from its size.
  var levelRule: RoIAlignPooler.LevelRule

  static let torchvision = ConventionRules(
    roundsAnchors: true, limitsShrinking: false, nearestTakenFrom: nil, ignoresForeignPadding: false,
    countsAtLeastOne: false, truthMatchesItself: false, levelRule: .canonicalSize)
  static let mmdetection = ConventionRules(
    roundsAnchors: false, limitsShrinking: true, nearestTakenFrom: 0.3, ignoresForeignPadding: true,
    countsAtLeastOne: true, truthMatchesItself: true, levelRule: .finestSize)
}

extension FasterRCNNSettings {
  /// The defaults of a convention: torchvision's `fasterrcnn_resnet50_fpn`, or mmdetection's `faster-rcnn_r50_fpn`.
  public init(convention: DetectorConvention) {
    self.init()
    self.convention = convention
    guard convention == .mmdetection else { return }
    proposals.training.count = 1000
    proposals.minimumSize = 0
    proposals.smoothL1Beta = 0
    regions.samplingRatio = 0
    regions.alignedPooling = true
    regions.smoothL1Beta = 0
    regions.minimumSize = 0
  }
}
