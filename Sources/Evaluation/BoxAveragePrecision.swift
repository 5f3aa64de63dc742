/// COCO's average precision and recall of boxes (``AveragePrecision``).
public enum BoxAveragePrecision {
  /// Judges detections against true objects.
  ///
  /// - Parameters:
  ///   - truth: the objects, in the order of their file; of equal overlaps the later one is matched.
  ///   - detections: what was found, in the order of its file; of equal scores the earlier one comes first.
  ///   - categories: the classes to judge; boxes of other classes are left out.
  ///   - images: the identifiers of the images to judge, `nil` for all that occur; boxes of others are left out.
  ///   - settings: the ladder of limits and the parity; those of training unless something else is said.
  /// - Returns: the figures; all -1 where there is no object, 0 where there are objects but no detections.
  /// - Precondition: scores and boxes are finite.
  public static func evaluate(
    truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]? = nil,
    settings: AveragePrecisionSettings = AveragePrecisionSettings()
  ) -> BoxMetrics {
    accumulate(
      truth: truth, detections: detections, categories: categories, images: images, settings: settings,
      keepsArrays: false
    ).metrics
  }

  /// The same with the curves kept, so that figures and whole arrays can be read.
  public static func accumulate(
    truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]? = nil,
    settings: AveragePrecisionSettings = AveragePrecisionSettings(), keepsArrays: Bool = true
  ) -> AveragePrecision {
    AveragePrecision(
      truth: truth, detections: detections, overlaps: BoxOverlaps(truth: truth, detections: detections),
      categories: categories, images: images, settings: settings, keepsArrays: keepsArrays)
  }
}
