import Documents

/// COCO's average precision and recall: the curves of all classes, from which its figures and arrays are read.
///
/// Source: the published rules of `cocoeval.py` (evaluateImg, accumulate, summarize) and `maskApi.c` of `pycocotools`
/// 2.0.11; with strict parity the same numbers in every bit, with corrected parity without its quirks
/// (``PycocotoolsQuirk``).
public struct AveragePrecision: Sendable {
  /// Overlaps at which a detection counts as right: `numpy.linspace(0.5, 0.95, 10)`.
  static let iouThresholds: [Double] = evenlySpaced(from: 0.5, through: 0.95, count: 10)
  /// The least overlap that counts at each of them.
  static let leastOverlaps: [Double] = iouThresholds.map { min($0, 1 - 1e-10) }
  /// Recalls at which precision is read: `numpy.linspace(0, 1, 101)`.
  static let recallThresholds: [Double] = evenlySpaced(from: 0, through: 1, count: 101)
  /// Closed ranges of area in square pixels: all, small, medium, large. An area of 32² is both small and medium.
  static let areaRanges: [ClosedRange<Double>] = [0...1e10, 0...1024, 1024...9216, 9216...1e10]
  /// For each set of ranges of area, as bits, ones where a range is among them.
  static let masks: [SIMD4<UInt16>] = (0..<16).map { bits in
    var mask = SIMD4<UInt16>.zero
    for area in 0..<4 where bits >> area & 1 != 0 { mask[area] = .max }
    return mask
  }

  /// The classes by ascending identifier, as the reference adds up.
  let categories: [EvaluatedCategory]
  /// For each of the classes as they were given, its place among the sorted.
  private let placesOfGiven: [Int]
  /// Of each sorted class.
  let curves: [ClassCurves]
  let settings: AveragePrecisionSettings

  /// Matches and counts; classes are worked on in parallel, and the result does not depend on how.
  ///
  /// The cost is that of counting sorts by image and class, of a radix sort by score, and of one pass over the
  /// detections of images that have objects of the class.
  ///
  /// - Parameters:
  ///   - images: the identifiers of the images to judge, nil for all that occur.
  ///   - keepsArrays: whether curves are kept for all limits on detections, as ``arrays`` needs; else for those of the figures.
  init<T: JudgedTruth, D: JudgedDetection, O: ObjectOverlaps>(
    truth: [T], detections: [D], overlaps: O, categories given: [EvaluatedCategory], images: [Int]?,
    settings: AveragePrecisionSettings, keepsArrays: Bool
  ) {
    let order = given.indices.sorted { (given[$0].id, $0) < (given[$1].id, $1) }
    let categories = order.map { given[$0] }
    let groups = EvaluationGroups(
      truth: truth, detections: detections, categories: categories, images: images, parity: settings.parity)
    let figurePlaces = Set([settings.figurePlace] + (settings.headlinePlace.map { [$0] } ?? []))
    let places = keepsArrays ? Array(settings.maxDetections.indices) : figurePlaces.sorted()
    let limit = settings.maxDetections.last ?? 0
    curves = parallelMap(count: categories.count) { index in
      ClassCurves(
        GreedyMatcher.match(
          truths: groups.truths(ofClass: index), detections: groups.detections(ofClass: index), limit: limit,
          overlaps: overlaps),
        maxDetections: settings.maxDetections, places: places)
    }
    self.categories = categories
    self.settings = settings
    var placesOfGiven = order
    for (place, index) in order.enumerated() { placesOfGiven[index] = place }
    self.placesOfGiven = placesOfGiven
  }

  /// The curves of the classes in the order in which they were given.
  var curvesAsGiven: [ClassCurves] { placesOfGiven.map { curves[$0] } }

  /// The twelve figures and those of each class: all -1 where there is no object, 0 where there are objects but no
  /// detections.
  public var metrics: BoxMetrics {
    let all = Self.iouThresholds.indices
    let (headline, figure) = (settings.headlinePlace, settings.figurePlace)
    return BoxMetrics(
      AP: meanPrecision(area: 0, all, at: headline, of: curves),
      AP50: meanPrecision(area: 0, 0..<1, at: figure, of: curves),
      AP75: meanPrecision(area: 0, 5..<6, at: figure, of: curves),
      APs: meanPrecision(area: 1, all, at: figure, of: curves),
      APm: meanPrecision(area: 2, all, at: figure, of: curves),
      APl: meanPrecision(area: 3, all, at: figure, of: curves),
      settings: settings, AR: settings.maxDetections.indices.map { meanRecall(area: 0, at: $0) },
      ARs: meanRecall(area: 1, at: figure), ARm: meanRecall(area: 2, at: figure),
      ARl: meanRecall(area: 3, at: figure),
      classes: placesOfGiven.map { place in
        let curve = curves[place]
        return BoxMetrics.Class(
          category: categories[place], AP: meanPrecision(area: 0, all, at: headline, of: [curve]),
          AP50: meanPrecision(area: 0, 0..<1, at: figure, of: [curve]), truthCount: curve.truthCount,
          detectionCount: curve.detectionCount)
      })
  }

  /// Mean precision in an area range over the overlaps `thresholds`; summed in the reference's order: overlap, recall,
  /// class.
  private func meanPrecision(area: Int, _ thresholds: Range<Int>, at limit: Int?, of curves: [ClassCurves]) -> Double {
    guard let limit, let place = curves.first?.places.firstIndex(of: limit) else { return -1 }
    let judged = curves.filter { $0.isJudged[area] }
    let points = Self.recallThresholds.count
    let start = (area * (judged.first?.places.count ?? 0) + place) * Self.iouThresholds.count
    var values: [Double] = []
    values.reserveCapacity(thresholds.count * points * judged.count)
    for row in thresholds {
      for point in 0..<points {
        for curve in judged { values.append(curve.precision[(start + row) * points + point]) }
      }
    }
    return Self.meanOrMissing(values)
  }

  private func meanRecall(area: Int, at limit: Int) -> Double {
    let start = (area * settings.maxDetections.count + limit) * Self.iouThresholds.count
    let judged = curves.filter { $0.isJudged[area] }
    return Self.meanOrMissing(
      Self.iouThresholds.indices.flatMap { threshold in judged.map { $0.recall[start + threshold] } })
  }

  private static func meanOrMissing(_ values: [Double]) -> Double {
    values.isEmpty ? -1 : values.withUnsafeBufferPointer { pairwiseSum($0) } / Double(values.count)
  }

  /// Bit `a`: the area lies in range `a`.
  @inline(__always)
  static func areaBits(_ area: Double) -> UInt8 {
    var bits: UInt8 = 0
    for (place, range) in areaRanges.enumerated() where range.contains(area) { bits |= 1 << UInt8(place) }
    return bits
  }

  /// `numpy.linspace`: steps are multiplied, not added up, and the last value is exact.
  private static func evenlySpaced(from start: Double, through stop: Double, count: Int) -> [Double] {
    let step = (stop - start) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? stop : Double($0) * step + start }
  }
}
