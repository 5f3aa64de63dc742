/// Precision over recall of one class, at each overlap, in each range of area, and for each limit of detections.
struct ClassCurves: Sendable {
  /// The limits whose curves are kept, as places in the ladder.
  let places: [Int]
  /// Precision, index `((area * places + place) * overlaps + overlap) * recalls + recall`; 0 where the recall is not
  /// reached. Meaningless in ranges of area that are not judged, empty where none is.
  private(set) var precision: [Double]
  /// Scores at those points, in the same order; 0 where the recall is not reached. Empty as `precision` is.
  private(set) var scores: [Double]
  /// Recall reached, index `(area * limits + limit) * overlaps + overlap`. Empty as `precision` is.
  private(set) var recall: [Double]
  /// Whether there is an object to be found, for each range of area.
  let isJudged: [Bool]
  /// Objects to be found, of all sizes.
  let truthCount: Int
  /// Detections looked at.
  let detectionCount: Int

  /// A detection that matched an object at some overlap, and how many came before it, itself among them, that would be
  /// wrong if none had matched anything. All others move precision only by their number.
  private struct Event {
    var verdict: ClassMatches.Verdict
    var place: Int
  }

  /// A right detection: its score and the precision when it has been counted.
  private struct Point {
    var score: Double
    var precision: Double
  }

  /// The curves from the verdicts; `places` are those of the limits whose curves are wanted.
  init(_ matches: ClassMatches, maxDetections: [Int], places: [Int]) {
    let (areas, overlaps) = (AveragePrecision.areaRanges.count, AveragePrecision.iouThresholds.count)
    let rows = areas * overlaps
    self.places = places
    isJudged = matches.wanted.map { $0 > 0 }
    truthCount = matches.truthCount
    detectionCount = matches.verdicts.count
    guard isJudged.contains(true) else {
      (precision, scores, recall) = ([], [], [])
      return
    }
    precision = Array(repeating: 0, count: rows * places.count * AveragePrecision.recallThresholds.count)
    scores = precision
    recall = Array(repeating: 0, count: rows * maxDetections.count)
    guard let first = matches.verdicts.first else { return }
    let (events, counts, best) = Self.events(of: matches.verdicts, maxDetections: maxDetections, first: first.score)
    var points: [Point] = []
    points.reserveCapacity(events.count)
    for area in 0..<areas where isJudged[area] {
      let wanted = Double(matches.wanted[area])
      for (place, limit) in maxDetections.enumerated() {
        let counter = area * maxDetections.count + place
        for overlap in 0..<overlaps {
          points.removeAll(keepingCapacity: true)
          let bit = UInt16(1) << UInt16(overlap)
          var matched = 0
          for event in events where event.verdict.rank < limit {
            let verdict = event.verdict
            if (verdict.matched[area] | verdict.ignored[area]) & bit == 0 { continue }
            if verdict.areas >> area & 1 != 0 { matched += 1 }
            if verdict.ignored[area] & bit != 0 { continue }
            let right = Double(points.count + 1)
            let wrong = Double(counts[event.place + counter] - Int32(matched))
            points.append(Point(score: verdict.score, precision: right / (wrong + right + Double.ulpOfOne)))
          }
          recall[counter * overlaps + overlap] = Double(points.count) / wanted
          if let kept = places.firstIndex(of: place) {
            let row = (area * places.count + kept) * overlaps + overlap
            interpolate(&points, wanted, best, at: row * AveragePrecision.recallThresholds.count)
          }
        }
      }
    }
  }

  /// Reads the falling envelope of the points at the 101 recalls. The first, a recall of 0, is reached by any detection.
  private mutating func interpolate(_ points: inout [Point], _ wanted: Double, _ best: Double, at start: Int) {
    for place in points.indices.dropFirst().reversed() where points[place].precision > points[place - 1].precision {
      points[place - 1].precision = points[place].precision
    }
    precision[start] = points.first?.precision ?? 0
    scores[start] = best
    var reached = 0
    for (recall, least) in AveragePrecision.recallThresholds.enumerated().dropFirst() {
      while reached < points.count, Double(reached + 1) / wanted < least { reached += 1 }
      if reached == points.count { break }
      precision[start + recall] = points[reached].precision
      scores[start + recall] = points[reached].score
    }
  }

  /// All images together by falling score, equal scores by image, then rank; of them those that matched something.
  ///
  /// - Returns: the events; at each event's place, for each range of area and limit, the detections up to there of that
  ///   area and rank; and the highest score.
  private static func events(
    of verdicts: [ClassMatches.Verdict], maxDetections: [Int], first: Double
  ) -> (events: [Event], counts: [Int32], best: Double) {
    let areas = AveragePrecision.areaRanges.count
    let order = ScoreOrder.descending(verdicts.count) { verdicts[$0].score }
    var events: [Event] = []
    var counts: [Int32] = []
    /// Detections by range of area and the first limit that lets them through.
    var counters = [Int32](repeating: 0, count: areas * maxDetections.count)
    for place in order {
      let verdict = verdicts[Int(place)]
      var step = 0
      while maxDetections[step] <= verdict.rank { step += 1 }
      for area in 0..<areas where verdict.areas >> area & 1 != 0 { counters[area * maxDetections.count + step] += 1 }
      // Ignored at some overlap without being of another size: it took what is not wanted.
      let special = verdict.ignored & AveragePrecision.masks[Int(verdict.areas)]
      if verdict.matched == .zero && special == .zero { continue }
      events.append(Event(verdict: verdict, place: counts.count))
      for area in 0..<areas {
        var sum: Int32 = 0
        for limit in maxDetections.indices {
          sum += counters[area * maxDetections.count + limit]
          counts.append(sum)
        }
      }
    }
    return (events, counts, order.first.map { verdicts[Int($0)].score } ?? first)
  }
}

extension ClassCurves {
  /// Precision at the 101 recalls in a range of area, at one of the ten overlaps, with the largest limit that is kept.
  func precision(area: Int, overlap: Int) -> [Double] {
    let points = AveragePrecision.recallThresholds.count
    let row = ((area + 1) * places.count - 1) * AveragePrecision.iouThresholds.count + overlap
    return Array(precision[row * points..<(row + 1) * points])
  }

  /// The mean over overlaps and recalls in a range of area; -1 where nothing is wanted.
  func meanPrecision(area: Int) -> Double {
    guard isJudged[area] else { return -1 }
    let values = AveragePrecision.iouThresholds.indices.flatMap { precision(area: area, overlap: $0) }
    return values.reduce(0, +) / Double(values.count)
  }
}
