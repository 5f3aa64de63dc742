import Detection
import Samples
import Torch

/// What a teacher passed on in one step, for those who look on beside the steps.
public struct TaughtStep {
  /// What the teacher saw.
  public let weak: ViewBatch
  /// What the student saw of the same images.
  public let strong: ViewBatch
  /// All that the teacher found, whatever its score, in pixels of the weak views.
  public let detections: [Detections]
  /// The candidates among it.
  public let found: [PseudoBoxes]
  /// What lets candidates through to a loss.
  public let filters: PseudoBoxFilters
  /// What was learnt as background; nil for a method that does not say it.
  public var background: BackgroundRegions?

  /// A step in which unlabelled images were learnt from.
  public init(
    weak: ViewBatch, strong: ViewBatch, detections: [Detections], found: [PseudoBoxes], filters: PseudoBoxFilters,
    background: BackgroundRegions? = nil
  ) {
    self.weak = weak
    self.strong = strong
    self.detections = detections
    self.found = found
    self.filters = filters
    self.background = background
  }
}

/// The regions of which the class loss of unlabelled images was made, with their weights.
public struct BackgroundRegions {
  /// The regions of each image in pixels of its strong view, objects among them; background has label 0.
  public let samples: [RegionHeads.Sample]
  /// [R], the weight of each region of all images, in their order.
  public let weights: Tensor

  /// Regions with a weight each.
  public init(samples: [RegionHeads.Sample], weights: Tensor) {
    self.samples = samples
    self.weights = weights
  }
}

/// A method that can show what its teacher passes on to its student.
public protocol PseudoBoxShowing: AnyObject {
  /// What was passed on in the last step; nil where unlabelled images were not learnt from.
  var taught: TaughtStep? { get }
}

extension PseudoBoxShowing {
  /// The contact sheet of the last step.
  public var sheet: PseudoBoxSheet? {
    taught.map { PseudoBoxSheet(weak: $0.weak, strong: $0.strong, found: $0.found, filters: $0.filters) }
  }
}
