/// Precision over recall of one class, at each overlap and in each range of area.
struct ClassCurves: Sendable {
  /// Precision, index `(area * overlaps + overlap) * recalls + recall`, with the largest limit of detections.
  /// Meaningless in ranges of area that are not judged.
  private(set) var precision: [Double]
  /// Scores at those points, in the same order; 0 where the recall is not reached.
  private(set) var scores: [Double]
  /// Recall reached, index `(area * limits + limit) * overlaps + overlap`.
  private(set) var recall: [Double]
  /// Whether there is an object to be found, for each range of area.
  private(set) var isJudged: [Bool]
  /// Objects to be found, of all sizes.
  private(set) var truthCount: Int
  /// Detections looked at.
  private(set) var detectionCount: Int

  init(_ outcome: BoxMatcher.Outcome) {
    let areas = BoxAveragePrecision.areaRanges.count
    let overlaps = BoxAveragePrecision.overlaps.count
    let points = BoxAveragePrecision.recalls.count
    let limits = BoxAveragePrecision.detectionLimits
    precision = Array(repeating: 0, count: areas * overlaps * points)
    scores = precision
    recall = Array(repeating: 0, count: areas * limits.count * overlaps)
    isJudged = outcome.wanted.map { $0 > 0 }
    truthCount = outcome.truthCount
    detectionCount = outcome.verdicts.count

    // All images together by descending score; equal scores by image, then rank.
    let unsorted = outcome.verdicts
    let order = unsorted.indices.sorted {
      unsorted[$0].score != unsorted[$1].score ? unsorted[$0].score > unsorted[$1].score : $0 < $1
    }
    let verdicts = order.map { unsorted[$0] }
    var curve: [Double] = []
    var reached: [Double] = []
    for area in 0..<areas where isJudged[area] {
      let wanted = Double(outcome.wanted[area])
      for overlap in 0..<overlaps {
        let bit = UInt16(1) << UInt16(overlap)
        curve.removeAll(keepingCapacity: true)
        reached.removeAll(keepingCapacity: true)
        var right = 0.0
        var wrong = 0.0
        var rightWithin = Array(repeating: 0, count: limits.count)
        for verdict in verdicts {
          if verdict.ignored[area] & bit == 0 {
            if verdict.matched[area] & bit != 0 {
              right += 1
              for (place, limit) in limits.enumerated() where verdict.rank < limit { rightWithin[place] += 1 }
            } else {
              wrong += 1
            }
          }
          reached.append(right / wanted)
          curve.append(right / (wrong + right + Double.ulpOfOne))
        }
        for place in limits.indices {
          recall[(area * limits.count + place) * overlaps + overlap] = Double(rightWithin[place]) / wanted
        }
        interpolate(&curve, reached, verdicts, at: (area * overlaps + overlap) * points)
      }
    }
  }

  /// Reads the falling envelope of `curve` at the 101 recalls; where one is not reached the precision is 0.
  private mutating func interpolate(
    _ curve: inout [Double], _ reached: [Double], _ verdicts: [BoxMatcher.Verdict], at start: Int
  ) {
    for index in stride(from: curve.count - 1, to: 0, by: -1) where curve[index] > curve[index - 1] {
      curve[index - 1] = curve[index]
    }
    var index = 0
    for (point, wanted) in BoxAveragePrecision.recalls.enumerated() {
      while index < reached.count, reached[index] < wanted { index += 1 }
      if index == reached.count { break }
      precision[start + point] = curve[index]
      scores[start + point] = verdicts[index].score
    }
  }
}
