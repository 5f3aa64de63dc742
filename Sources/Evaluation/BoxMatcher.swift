/// Which detections of one class found an object, at each overlap and in each range of area.
enum BoxMatcher {
  /// What became of one detection: bit `t` of each mask stands for overlap `t`.
  struct Verdict: Sendable {
    var score: Double
    /// The place among the detections of its image, 0 for the highest score.
    var rank: Int32
    /// Bits of the overlaps at which an object was matched; one mask for each range of area.
    var matched: SIMD4<UInt16> = .zero
    /// Bits of the overlaps at which the detection does not count.
    var ignored: SIMD4<UInt16> = .zero
  }

  /// The verdicts on a class: detections by ascending image, then rank.
  struct Outcome: Sendable {
    var verdicts: [Verdict] = []
    /// Objects to be found in each range of area.
    var wanted: [Int] = Array(repeating: 0, count: BoxAveragePrecision.areaRanges.count)
    var truthCount = 0
  }

  /// Greedy matching, image by image.
  ///
  /// - Parameters:
  ///   - truth: objects by ascending image.
  ///   - detections: by ascending image, then descending score.
  static func match(truth: [BoxGroups.Truth], detections: [BoxGroups.Detection]) -> Outcome {
    var outcome = Outcome()
    outcome.verdicts.reserveCapacity(detections.count)
    for object in truth where !object.isIgnored {
      outcome.truthCount += 1
      for (area, range) in BoxAveragePrecision.areaRanges.enumerated() where range.contains(object.area) {
        outcome.wanted[area] += 1
      }
    }
    let limit = BoxAveragePrecision.detectionLimits.last ?? 0
    var matching = ImageMatching()
    var truthStart = 0
    var start = 0
    while start < detections.count {
      let image = detections[start].image
      var end = start
      while end < detections.count, detections[end].image == image { end += 1 }
      while truthStart < truth.count, truth[truthStart].image < image { truthStart += 1 }
      var truthEnd = truthStart
      while truthEnd < truth.count, truth[truthEnd].image == image { truthEnd += 1 }
      matching.run(
        truth: truth[truthStart..<truthEnd], detections: detections[start..<min(end, start + limit)],
        into: &outcome.verdicts)
      start = end
      truthStart = truthEnd
    }
    return outcome
  }
}

/// The matching of one image and class; kept between images for its storage.
private struct ImageMatching {
  /// An object that overlaps the detection at hand enough for the lowest threshold.
  private struct Candidate {
    var overlap: Double
    var truth: Int
  }

  /// Objects in the order of matching for each range of area, ignored ones last.
  private var orders: [[Int]] = Array(repeating: [], count: BoxAveragePrecision.areaRanges.count)
  /// Bit `a` of entry `g`: object `g` does not count in area range `a`.
  private var ignoredIn: [UInt8] = []
  /// Bit `t` of entry `a * G + g`: object `g` is taken at overlap `t`.
  private var taken: [UInt16] = []
  private var overlaps: [Double] = []

  /// Judges the detections of one image, best first.
  mutating func run(
    truth: ArraySlice<BoxGroups.Truth>, detections: ArraySlice<BoxGroups.Detection>,
    into verdicts: inout [BoxMatcher.Verdict]
  ) {
    let objects = truth.count
    prepare(truth)
    let lowest = Self.limits[0]
    for (rank, detection) in detections.enumerated() {
      var verdict = BoxMatcher.Verdict(score: detection.score, rank: Int32(rank))
      var isCandidate = false
      for (place, object) in truth.enumerated() {
        let overlap = Self.overlap(detection, object)
        overlaps[place] = overlap
        if overlap >= lowest { isCandidate = true }
      }
      if isCandidate {
        for area in BoxAveragePrecision.areaRanges.indices {
          for threshold in Self.limits.indices {
            guard let match = best(area: area, threshold: threshold, truth) else { continue }
            let bit = UInt16(1) << UInt16(threshold)
            taken[area * objects + match] |= bit
            verdict.matched[area] |= bit
            if ignoredIn[match] & (1 << UInt8(area)) != 0 { verdict.ignored[area] |= bit }
          }
        }
      }
      // What found nothing and is itself of another size is neither right nor wrong.
      let size = detection.width * detection.height
      for (area, range) in BoxAveragePrecision.areaRanges.enumerated() where !range.contains(size) {
        verdict.ignored[area] |= ~verdict.matched[area]
      }
      verdicts.append(verdict)
    }
  }

  private mutating func prepare(_ truth: ArraySlice<BoxGroups.Truth>) {
    overlaps = Array(repeating: 0, count: truth.count)
    taken = Array(repeating: 0, count: truth.count * BoxAveragePrecision.areaRanges.count)
    ignoredIn = truth.map { object in
      var bits: UInt8 = 0
      for (area, range) in BoxAveragePrecision.areaRanges.enumerated()
      where object.isIgnored || !range.contains(object.area) {
        bits |= 1 << UInt8(area)
      }
      return bits
    }
    for area in orders.indices {
      let bit = UInt8(1) << UInt8(area)
      orders[area].removeAll(keepingCapacity: true)
      for place in ignoredIn.indices where ignoredIn[place] & bit == 0 { orders[area].append(place) }
      for place in ignoredIn.indices where ignoredIn[place] & bit != 0 { orders[area].append(place) }
    }
  }

  /// The object with the largest overlap that is still free; the later one of equals; a real one before an ignored.
  private func best(area: Int, threshold: Int, _ truth: ArraySlice<BoxGroups.Truth>) -> Int? {
    let areaBit = UInt8(1) << UInt8(area)
    let overlapBit = UInt16(1) << UInt16(threshold)
    var best = Self.limits[threshold]
    var match: Int?
    for place in orders[area] {
      let overlap = overlaps[place]
      if overlap < best { continue }
      if taken[area * truth.count + place] & overlapBit != 0, !truth[truth.startIndex + place].isCrowd { continue }
      if let match, ignoredIn[match] & areaBit == 0, ignoredIn[place] & areaBit != 0 { break }
      best = overlap
      match = place
    }
    return match
  }

  /// The least overlap that counts at each threshold.
  private static let limits = BoxAveragePrecision.overlaps.map { min($0, 1 - 1e-10) }

  /// Intersection over union; over a crowd, intersection over the detection. Touching edges give 0.
  private static func overlap(_ detection: BoxGroups.Detection, _ object: BoxGroups.Truth) -> Double {
    let width = min(detection.width + detection.x, object.width + object.x) - max(detection.x, object.x)
    if width <= 0 { return 0 }
    let height = min(detection.height + detection.y, object.height + object.y) - max(detection.y, object.y)
    if height <= 0 { return 0 }
    let intersection = width * height
    let own = detection.width * detection.height
    return object.isCrowd
      ? intersection / own : intersection / (own + object.width * object.height - intersection)
  }
}
