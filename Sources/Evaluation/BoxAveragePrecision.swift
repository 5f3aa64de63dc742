import Dispatch

/// COCO's average precision and recall of boxes: the twelve figures of `pycocotools` 2.0.11, bit for bit.
///
/// Source: the published rules of `cocoeval.py` (evaluateImg, accumulate, summarize) and `maskApi.c` (bbIou).
/// Differences from the source:
/// - A match is a flag of its own. The reference marks a detection by the identifier of its object, so an object of
///   identifier 0 can never be found; here identifiers of objects play no part.
/// - ``TruthBox/isIgnored`` is honoured; the reference overwrites its `ignore` key by `iscrowd`.
/// - Only what the twelve figures need is accumulated: precision with 100 detections, recall with 1, 10 and 100.
public enum BoxAveragePrecision {
  /// Overlaps at which a detection counts as right: `numpy.linspace(0.5, 0.95, 10)`.
  static let overlaps: [Double] = evenlySpaced(from: 0.5, through: 0.95, count: 10)
  /// Recalls at which precision is read: `numpy.linspace(0, 1, 101)`.
  static let recalls: [Double] = evenlySpaced(from: 0, through: 1, count: 101)
  /// Closed ranges of area in square pixels: all, small, medium, large. An area of 32² is both small and medium.
  static let areaRanges: [ClosedRange<Double>] = [0...1e10, 0...1024, 1024...9216, 9216...1e10]
  /// How many detections of an image and class are looked at.
  static let detectionLimits = [1, 10, 100]

  /// Judges detections against true objects.
  ///
  /// The cost is that of two sorts and of one pass over the detections for each overlap and area range; classes are
  /// worked on in parallel, and the result does not depend on how.
  ///
  /// - Parameters:
  ///   - truth: the objects, in the order of their file; of equal overlaps the later one is matched.
  ///   - detections: what was found, in the order of its file; of equal scores the earlier one comes first.
  ///   - categories: the classes to judge; boxes of other classes are left out.
  ///   - images: the identifiers of the images to judge, `nil` for all that occur; boxes of others are left out.
  /// - Returns: the figures; all -1 where there is no object, 0 where there are objects but no detections.
  /// - Precondition: scores and boxes are finite.
  public static func evaluate(
    truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]? = nil
  ) -> BoxMetrics {
    // By ascending identifier, as the reference adds up; the classes are then handed back in the order given.
    let order = categories.indices.sorted { (categories[$0].id, $0) < (categories[$1].id, $1) }
    let sorted = order.map { categories[$0] }
    var metrics = summarize(
      accumulate(truth: truth, detections: detections, categories: sorted, images: images), sorted)
    let classes = metrics.classes
    for (place, index) in order.enumerated() { metrics.classes[index] = classes[place] }
    return metrics
  }

  /// The curves of each class, in the order of `categories`.
  static func accumulate(
    truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]? = nil
  ) -> [ClassCurves] {
    let groups = BoxGroups(truth: truth, detections: detections, categories: categories, images: images)
    var curves = [ClassCurves?](repeating: nil, count: categories.count)
    curves.withUnsafeMutableBufferPointer { slots in
      nonisolated(unsafe) let slots = slots
      DispatchQueue.concurrentPerform(iterations: categories.count) { index in
        // Each iteration writes its own slot only.
        slots[index] = ClassCurves(
          BoxMatcher.match(truth: groups.truth(ofClass: index), detections: groups.detections(ofClass: index)))
      }
    }
    return curves.compactMap { $0 }
  }

  /// Means over overlaps, recall points and classes, in the reference's order of summation.
  private static func summarize(_ curves: [ClassCurves], _ categories: [EvaluatedCategory]) -> BoxMetrics {
    let points = recalls.count
    /// Mean precision in an area range over the overlaps `thresholds`; order: overlap, recall, class.
    func precision(area: Int, _ thresholds: Range<Int>, of curves: [ClassCurves]) -> Double {
      var values: [Double] = []
      values.reserveCapacity(thresholds.count * points * curves.count)
      for threshold in thresholds {
        for point in 0..<points {
          for curve in curves where curve.isJudged[area] {
            values.append(curve.precision[(area * overlaps.count + threshold) * points + point])
          }
        }
      }
      return meanOrMissing(values)
    }
    func recall(area: Int, limit: Int) -> Double {
      var values: [Double] = []
      for threshold in overlaps.indices {
        for curve in curves where curve.isJudged[area] {
          values.append(curve.recall[(area * detectionLimits.count + limit) * overlaps.count + threshold])
        }
      }
      return meanOrMissing(values)
    }
    let all = overlaps.indices
    return BoxMetrics(
      AP: precision(area: 0, all, of: curves), AP50: precision(area: 0, 0..<1, of: curves),
      AP75: precision(area: 0, 5..<6, of: curves), APs: precision(area: 1, all, of: curves),
      APm: precision(area: 2, all, of: curves), APl: precision(area: 3, all, of: curves),
      AR1: recall(area: 0, limit: 0), AR10: recall(area: 0, limit: 1), AR100: recall(area: 0, limit: 2),
      ARs: recall(area: 1, limit: 2), ARm: recall(area: 2, limit: 2), ARl: recall(area: 3, limit: 2),
      classes: zip(categories, curves).map { category, curve in
        BoxMetrics.Class(
          category: category, AP: precision(area: 0, all, of: [curve]), AP50: precision(area: 0, 0..<1, of: [curve]),
          truthCount: curve.truthCount, detectionCount: curve.detectionCount)
      })
  }

  private static func meanOrMissing(_ values: [Double]) -> Double {
    values.isEmpty ? -1 : values.withUnsafeBufferPointer { pairwiseSum($0) } / Double(values.count)
  }

  /// `numpy.linspace`: steps are multiplied, not added up, and the last value is exact.
  private static func evenlySpaced(from start: Double, through stop: Double, count: Int) -> [Double] {
    let step = (stop - start) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? stop : Double($0) * step + start }
  }
}
