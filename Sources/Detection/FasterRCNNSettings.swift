import Backbone
import Training

/// The sizes and thresholds of a Faster R-CNN. The defaults are those of torchvision's `fasterrcnn_resnet50_fpn`.
public struct FasterRCNNSettings: Settings {
  /// The network below the heads.
  public var backbone = PyramidBackboneSettings()
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
}

/// How many proposals are kept.
public struct ProposalLimits: Settings {
  /// Of each level before suppression.
  public var perLevel: Int
  /// Of all levels after suppression.
  public var count: Int

  /// Limits before and after suppression.
  public init(perLevel: Int, count: Int) {
    self.perLevel = perLevel
    self.count = count
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
  /// The least width and height of a proposal, in pixels.
  public var minimumSize = 1e-3
  /// IoU with a true box from which an anchor is an object.
  public var objectOverlap = 0.7
  /// IoU with every true box below which an anchor is background.
  public var backgroundOverlap = 0.3
  /// Anchors of an image that enter the losses.
  public var sampleCount = 256
  /// The share of objects among them at most.
  public var positiveFraction = 0.5
  /// Where the offsets' loss turns from quadratic to linear.
  public var smoothL1Beta = 1.0 / 9

  /// torchvision's settings.
  public init() {}
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
  /// Where the offsets' loss turns from quadratic to linear.
  public var smoothL1Beta = 1.0 / 9
  /// The least score of a detection.
  public var scoreThreshold = 0.05
  /// IoU above which the lower-scored of two detections of a class falls.
  public var suppressionOverlap = 0.5
  /// Detections of an image at most.
  public var detectionLimit = 100
  /// The least width and height of a detection, in pixels of the resized image.
  public var minimumSize = 1e-2

  /// torchvision's settings.
  public init() {}
}
