import Backbone
import Training

/// The sizes and thresholds of a Faster R-CNN. The defaults are those of torchvision's `fasterrcnn_resnet50_fpn`, or what
/// ``convention`` makes of them.
public struct FasterRCNNSettings: Settings {
  /// Whose rules are followed; decides the defaults of some keys too.
  public var convention = DetectorConvention.torchvision
  /// The network below the heads.
  public var backbone = BackboneSettings()
  /// The side length of the anchors of each level, in pixels of the resized image.
  public var anchorSizes: [Double] = [32, 64, 128, 256, 512]
  /// Height over width of the anchors of a position.
  public var anchorRatios: [Double] = [0.5, 1, 2]
  /// The proposal network.
  public var proposals = ProposalSettings()
  /// The heads on proposals.
  public var regions = RegionSettings()

  /// torchvision's sizes.
  public init() {}

  /// The convention decides defaults.
  public static let choices = [
    SettingsChoice("convention", of: DetectorConvention.self) { FasterRCNNSettings(convention: $0) }
  ]

  /// One anchor size a level.
  public var rules: [SettingsRule] {
    [
      SettingsRule("anchor_sizes", anchorSizes.count == 5 && anchorSizes.allSatisfy { $0 > 0 }, "five positive sizes"),
      SettingsRule(
        "anchor_ratios", !anchorRatios.isEmpty && anchorRatios.allSatisfy { $0 > 0 }, "a list of positive ratios"),
      SettingsRule(
        "backbone.norm_epsilon",
        backbone.normEpsilon == "published" || Double(backbone.normEpsilon).map { $0 >= 0 && $0.isFinite } ?? false,
        "'published' or a number of 0 or more"),
      SettingsRule(
        "backbone.style", backbone.kind.isResNet || backbone.style == .pytorch,
        "pytorch, as \(backbone.kind.family) have one kind of weights only"),
    ]
  }
}

/// How many proposals are kept.
public struct ProposalLimits: Settings {
  /// Of each level before suppression.
  public var perLevel = 1000
  /// Of all levels after suppression.
  public var count = 1000

  /// What torchvision keeps in evaluation.
  public init() {}

  /// Limits before and after suppression.
  public init(perLevel: Int, count: Int) {
    self.perLevel = perLevel
    self.count = count
  }

  /// At least one proposal.
  public var rules: [SettingsRule] {
    [SettingsRule("per_level", perLevel >= 1, "1 or more"), SettingsRule("count", count >= 1, "1 or more")]
  }
}

/// The proposal network's settings.
public struct ProposalSettings: Settings {
  /// Proposals kept in training.
  public var training = ProposalLimits(perLevel: 2000, count: 2000)
  /// Proposals kept in evaluation.
  public var evaluation = ProposalLimits(perLevel: 1000, count: 1000)
  /// IoU above which the lower-scored of two proposals of a level falls.
  public var suppressionOverlap = 0.7
  /// The least width and height of a proposal, in pixels; 0: more than 0.
  public var minimumSize = 1e-3
  /// IoU with a true box from which an anchor is an object.
  public var objectOverlap = 0.7
  /// IoU with every true box below which an anchor is background.
  public var backgroundOverlap = 0.3
  /// Anchors of an image that enter the losses.
  public var sampleCount = 256
  /// The share of objects among them at most.
  public var positiveFraction = 0.5
  /// Where the offsets' loss turns from quadratic to linear; 0: linear everywhere (L1).
  public var smoothL1Beta = 1.0 / 9

  /// torchvision's settings.
  public init() {}

  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("suppression_overlap", (0...1).contains(suppressionOverlap), "between 0 and 1"),
      SettingsRule("minimum_size", minimumSize >= 0, "0 or more"),
      SettingsRule("object_overlap", (0...1).contains(objectOverlap), "between 0 and 1"),
      SettingsRule(
        "background_overlap", (0...objectOverlap).contains(backgroundOverlap), "between 0 and object_overlap"),
      SettingsRule("sample_count", sampleCount >= 1, "1 or more"),
      SettingsRule("positive_fraction", (0...1).contains(positiveFraction), "between 0 and 1"),
      SettingsRule("smooth_l1_beta", smoothL1Beta >= 0, "0 or more"),
    ]
  }
}

/// The settings of the heads on proposals.
public struct RegionSettings: Settings {
  /// Rows and columns of what RoIAlign gives.
  public var poolSize = 7
  /// RoIAlign's samples per bin and axis; 0: as many as the bin has pixels.
  public var samplingRatio = 2
  /// Whether RoIAlign shifts boxes by half a pixel (Detectron2, mmdetection) or not (torchvision).
  public var alignedPooling = false
  /// Width of the two hidden layers.
  public var hiddenSize = 1024
  /// IoU with a true box from which a region is an object, else background.
  public var objectOverlap = 0.5
  /// Regions of an image that enter the losses.
  public var sampleCount = 512
  /// The share of objects among them at most.
  public var positiveFraction = 0.25
  /// Where the offsets' loss turns from quadratic to linear; 0: linear everywhere (L1).
  public var smoothL1Beta = 1.0 / 9
  /// The focal loss's exponent for classes; 0 for the cross-entropy.
  public var focalGamma = 0.0
  /// The least score of a detection.
  public var scoreThreshold = 0.05
  /// IoU above which the lower-scored of two detections of a class falls.
  public var suppressionOverlap = 0.5
  /// Detections of an image at most.
  public var detectionLimit = 100
  /// The least width and height of a detection, in pixels of the resized image; 0 keeps all.
  public var minimumSize = 1e-2

  /// torchvision's settings.
  public init() {}

  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("pool_size", poolSize >= 1, "1 or more"),
      SettingsRule("sampling_ratio", samplingRatio >= 0, "0 or more"),
      SettingsRule("hidden_size", hiddenSize >= 1, "1 or more"),
      SettingsRule("object_overlap", (0...1).contains(objectOverlap), "between 0 and 1"),
      SettingsRule("sample_count", sampleCount >= 1, "1 or more"),
      SettingsRule("positive_fraction", (0...1).contains(positiveFraction), "between 0 and 1"),
      SettingsRule("smooth_l1_beta", smoothL1Beta >= 0, "0 or more"),
      SettingsRule("focal_gamma", focalGamma >= 0, "0 or more"),
      SettingsRule("score_threshold", (0...1).contains(scoreThreshold), "between 0 and 1"),
      SettingsRule("suppression_overlap", (0...1).contains(suppressionOverlap), "between 0 and 1"),
      SettingsRule("detection_limit", detectionLimit >= 1, "1 or more"),
    ]
  }
}
