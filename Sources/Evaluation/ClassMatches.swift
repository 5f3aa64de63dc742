/// Which detections of one class found an object, at each overlap and in each range of area.
struct ClassMatches: Sendable {
  /// What became of one detection: bit `t` of each mask stands for overlap `t`, each mask for a range of area.
  struct Verdict: Sendable {
    var score: Double
    /// Bits of the overlaps at which an object was matched.
    var matched: SIMD4<UInt16> = .zero
    /// Bits of the overlaps at which the detection does not count.
    var ignored: SIMD4<UInt16> = .zero
    /// Where the detection was given.
    var index: Int32
    /// The place of its image among the sorted ones.
    var image: Int32
    /// The place among the detections of its image and class, 0 for the highest score.
    var rank: Int32
    /// Bit `a`: its own area lies in range `a`.
    var areas: UInt8
  }

  /// Detections by ascending image, then rank, up to the largest limit.
  var verdicts: [Verdict] = []
  /// Objects to be found in each range of area.
  var wanted: [Int] = Array(repeating: 0, count: AveragePrecision.areaRanges.count)
  /// Objects to be found, of any size.
  var truthCount = 0
}
