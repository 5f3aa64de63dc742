import Documents

/// The arrays behind COCO's figures, laid out as `pycocotools` lays out its `eval`: T IoU thresholds, R recall thresholds, K classes by
/// ascending id, A ranges of area, M limits on detections; the last index runs fastest.
public struct AveragePrecisionArrays: Sendable, Equatable {
  /// Precision [T, R, K, A, M]: 0 where a recall is not reached, -1 where there is nothing to be found.
  public let precision: [Double]
  /// The scores at which these recalls are reached [T, R, K, A, M].
  public let scores: [Double]
  /// The recall reached [T, K, A, M].
  public let recall: [Double]
  /// T, R, K, A and M.
  public let counts: [Int]
  /// The ids of the classes, K of them.
  public let categoryIDs: [Int]
  /// The IoU thresholds, T of them.
  public let iouThresholds: [Double]
  /// The recall thresholds, R of them.
  public let recallThresholds: [Double]
  /// How many detections of an image and class are looked at, M of them.
  public let maxDetections: [Int]

  init(_ curves: [ClassCurves], categoryIDs: [Int], maxDetections: [Int]) {
    let (T, R, K) = (AveragePrecision.iouThresholds.count, AveragePrecision.recallThresholds.count, curves.count)
    let (A, M) = (AveragePrecision.areaRanges.count, maxDetections.count)
    var precision = [Double](repeating: -1, count: T * R * K * A * M)
    var scores = precision
    var recall = [Double](repeating: -1, count: T * K * A * M)
    for (k, curve) in curves.enumerated() {
      precondition(curve.places.count == M, "AveragePrecisionArrays: curves of all limits are wanted")
      for a in 0..<A where curve.isJudged[a] {
        for m in 0..<M {
          for t in 0..<T {
            let row = (a * M + m) * T + t
            recall[((t * K + k) * A + a) * M + m] = curve.recall[row]
            for r in 0..<R {
              let place = (((t * R + r) * K + k) * A + a) * M + m
              precision[place] = curve.precision[row * R + r]
              scores[place] = curve.scores[row * R + r]
            }
          }
        }
      }
    }
    (self.precision, self.scores, self.recall) = (precision, scores, recall)
    counts = [T, R, K, A, M]
    self.categoryIDs = categoryIDs
    (iouThresholds, recallThresholds) = (AveragePrecision.iouThresholds, AveragePrecision.recallThresholds)
    self.maxDetections = maxDetections
  }

  /// For `numpy.load`: the arrays by the names above, and what their indices stand for under the names of pycocotools'
  /// parameters.
  public var archive: NumPyArchive {
    var archive = NumPyArchive()
    archive.add("precision", precision, shape: counts)
    archive.add("scores", scores, shape: counts)
    archive.add("recall", recall, shape: [counts[0]] + counts[2...])
    archive.add("iouThrs", iouThresholds, shape: [iouThresholds.count])
    archive.add("recThrs", recallThresholds, shape: [recallThresholds.count])
    archive.add("catIds", categoryIDs, shape: [categoryIDs.count])
    let bounds = AveragePrecision.areaRanges.flatMap { [$0.lowerBound, $0.upperBound] }
    archive.add("areaRng", bounds, shape: [bounds.count / 2, 2])
    archive.add("maxDets", maxDetections, shape: [maxDetections.count])
    return archive
  }
}

extension AveragePrecision {
  /// The whole arrays.
  ///
  /// - Precondition: they were asked for when this was computed.
  public var arrays: AveragePrecisionArrays {
    AveragePrecisionArrays(curves, categoryIDs: categories.map(\.id), maxDetections: settings.maxDetections)
  }
}
