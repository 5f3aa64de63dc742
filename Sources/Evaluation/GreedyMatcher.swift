/// COCO's greedy matching of one class: image by image the detections with the highest scores first, each to the free
/// object that it overlaps most; all overlaps and all ranges of area at once, a bit for each.
struct GreedyMatcher<Overlaps: ObjectOverlaps> {
  /// An object that overlaps the detection at hand enough for the lowest threshold.
  private struct Candidate {
    var overlap: Double
    var truth: Int
  }

  private let source: Overlaps
  private var scratch: Overlaps.Scratch
  // Kept from image to image for their storage.
  private var ranked: [EvaluationGroups.Detection] = []
  private var overlaps: [Double] = []
  private var candidates: [Candidate] = []
  /// Bits of the overlaps at which an object is taken, one mask for each range of area.
  private var taken: [SIMD4<UInt16>] = []

  private init(_ source: Overlaps) {
    self.source = source
    scratch = source.makeScratch()
  }

  /// The verdicts on a class.
  ///
  /// - Parameters:
  ///   - truths: objects by ascending image.
  ///   - detections: by ascending image.
  ///   - limit: how many detections of an image are looked at.
  static func match(
    truths: ArraySlice<EvaluationGroups.Truth>, detections: ArraySlice<EvaluationGroups.Detection>, limit: Int,
    overlaps: Overlaps
  ) -> ClassMatches {
    var matches = ClassMatches()
    matches.verdicts.reserveCapacity(detections.count)
    for object in truths {
      if object.wanted != 0 { matches.truthCount += 1 }
      for area in matches.wanted.indices { matches.wanted[area] += Int(object.wanted >> area & 1) }
    }
    var matcher = GreedyMatcher(overlaps)
    truths.withUnsafeBufferPointer { truths in
      detections.withUnsafeBufferPointer { detections in
        var (start, truthStart) = (0, 0)
        while start < detections.count {
          let image = detections[start].image
          let end = Self.end(of: image, from: start, in: detections, \.image)
          while truthStart < truths.count, truths[truthStart].image < image { truthStart += 1 }
          let truthEnd = Self.end(of: image, from: truthStart, in: truths, \.image)
          matcher.run(
            truths: UnsafeBufferPointer(rebasing: truths[truthStart..<truthEnd]),
            detections: UnsafeBufferPointer(rebasing: detections[start..<end]), limit, &matches.verdicts)
          (start, truthStart) = (end, truthEnd)
        }
      }
    }
    return matches
  }

  @inline(__always)
  private static func end<Element>(
    of image: Int32, from start: Int, in elements: UnsafeBufferPointer<Element>, _ key: KeyPath<Element, Int32>
  ) -> Int {
    var end = start
    while end < elements.count, elements[end][keyPath: key] == image { end += 1 }
    return end
  }

  /// Judges the detections of one image.
  private mutating func run(
    truths: UnsafeBufferPointer<EvaluationGroups.Truth>, detections: UnsafeBufferPointer<EvaluationGroups.Detection>,
    _ limit: Int, _ verdicts: inout [ClassMatches.Verdict]
  ) {
    rank(detections, limit)
    if !truths.isEmpty {
      let count = ranked.count * truths.count
      if overlaps.count < count { overlaps = Array(repeating: 0, count: 2 * count) }
      source.fill(&overlaps, detections: ranked, truths: truths, &scratch)
      taken.removeAll(keepingCapacity: true)
      for _ in truths { taken.append(.zero) }
    }
    for (rank, detection) in ranked.enumerated() {
      var verdict = ClassMatches.Verdict(
        score: detection.score, index: detection.index, image: detection.image, rank: Int32(rank),
        areas: detection.areas)
      if !truths.isEmpty { match(rank, truths, &verdict) }
      // What found nothing and is itself of another size is neither right nor wrong.
      verdict.ignored |= ~AveragePrecision.masks[Int(detection.areas)] & ~verdict.matched
      verdicts.append(verdict)
    }
  }

  /// The detections of an image by falling score, equal ones as they were given, cut at the limit.
  private mutating func rank(_ detections: UnsafeBufferPointer<EvaluationGroups.Detection>, _ limit: Int) {
    ranked.removeAll(keepingCapacity: true)
    if detections.count > 32 {
      for place in ScoreOrder.descending(detections.count, score: { detections[$0].score }).prefix(limit) {
        ranked.append(detections[Int(place)])
      }
      return
    }
    for detection in detections {
      var place = ranked.count
      ranked.append(detection)
      while place > 0, ranked[place - 1].score < detection.score {
        ranked[place] = ranked[place - 1]
        place -= 1
      }
      ranked[place] = detection
    }
    if ranked.count > limit { ranked.removeLast(ranked.count - limit) }
  }

  /// At each overlap the free object with the largest one, the later one of equals; a wanted one before an ignored.
  private mutating func match(
    _ rank: Int, _ truths: UnsafeBufferPointer<EvaluationGroups.Truth>, _ verdict: inout ClassMatches.Verdict
  ) {
    candidates.removeAll(keepingCapacity: true)
    let row = rank * truths.count
    for truth in truths.indices where overlaps[row + truth] >= AveragePrecision.leastOverlaps[0] {
      var place = candidates.count
      let candidate = Candidate(overlap: overlaps[row + truth], truth: truth)
      candidates.append(candidate)
      while place > 0, candidates[place - 1].overlap <= candidate.overlap {
        candidates[place] = candidates[place - 1]
        place -= 1
      }
      candidates[place] = candidate
    }
    if candidates.isEmpty { return }
    var open = SIMD4<UInt16>(repeating: .max)
    for isWanted in [true, false] {
      for candidate in candidates {
        let object = truths[candidate.truth]
        let wanted = AveragePrecision.masks[Int(object.wanted)]
        var take = open & (isWanted ? wanted : ~wanted) & Self.reached(by: candidate.overlap)
        if !object.isCrowd { take &= ~taken[candidate.truth] }
        taken[candidate.truth] |= take
        open &= ~take
        if !object.isNeverFound { verdict.matched |= take }
        if !isWanted { verdict.ignored |= take }
      }
    }
  }

  /// Bits of the thresholds that an overlap reaches.
  private static func reached(by overlap: Double) -> SIMD4<UInt16> {
    var bits: UInt16 = 0
    for (threshold, least) in AveragePrecision.leastOverlaps.enumerated() where overlap >= least {
      bits |= 1 << UInt16(threshold)
    }
    return SIMD4(repeating: bits)
  }
}
