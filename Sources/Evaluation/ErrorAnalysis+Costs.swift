extension ErrorAnalysis {
  /// A detection on the curve of a class.
  private struct Point {
    var category: Int
    var isRight: Bool
  }

  /// Counts the errors and takes the average precision before and after each kind is mended.
  ///
  /// - Parameters:
  ///   - detections: those that are right or wrong, by ascending image and falling score.
  ///   - owners: for objects that are nearly found, the detection that would find them.
  mutating func measure(
    _ order: [Int], _ truth: [TruthBox], _ detections: [DetectedBox], _ owners: [Int: Int]
  ) {
    let sorted = ScoreOrder.falling(order) { detections[$0].score }
    var wanted: [Int: Int] = [:]
    for (place, fate) in fates.enumerated() where fate != .notWanted { wanted[truth[place].category, default: 0] += 1 }

    func points(mending mended: Kind?) -> [Point] {
      sorted.compactMap { detection in
        let category = detections[detection].category
        guard case .wrong(let kind, let object) = verdicts[detection] else {
          return Point(category: category, isRight: true)
        }
        if kind != mended { return Point(category: category, isRight: false) }
        guard let object, owners[object] == detection else { return nil }
        return Point(category: truth[object].category, isRight: true)
      }
    }
    func without(_ isLeftOut: (Fate) -> Bool) -> [Int: Int] {
      var fewer = wanted
      for (place, fate) in fates.enumerated() where isLeftOut(fate) { fewer[truth[place].category, default: 0] -= 1 }
      return fewer
    }
    let before = points(mending: nil)
    AP = Self.mean(before, wanted)
    /// Where nothing is wanted any more and nothing detected, nothing is wrong.
    func gain(_ points: [Point], _ wanted: [Int: Int]) -> Double {
      let mended = Self.mean(points, wanted)
      return (mended < 0 ? 1 : mended) - AP
    }
    for kind in Kind.allCases {
      counts[kind] =
        kind == .missed
        ? fates.count { $0 == .missed }
        : order.count { if case .wrong(kind, _) = verdicts[$0] { true } else { false } }
      guard AP >= 0 else { continue }
      costs[kind] =
        kind == .missed ? gain(before, without { $0 == .missed }) : gain(points(mending: kind), wanted)
    }
    guard AP >= 0 else { return }
    falsePositiveCost = gain(before.filter(\.isRight) + before.filter { !$0.isRight }, wanted)
    falseNegativeCost = gain(before, without { $0 == .missed || $0 == .nearlyFound })
  }

  /// The mean over the classes with wanted objects; -1 where there is none left.
  ///
  /// Where mending has left a class nothing to want, it counts 0 while something is detected as it, else it is no part of the mean.
  private static func mean(_ points: [Point], _ wanted: [Int: Int]) -> Double {
    var curves: [Int: [Bool]] = wanted.mapValues { _ in [] }
    for point in points where wanted[point.category] != nil { curves[point.category]?.append(point.isRight) }
    var (sum, count) = (0.0, 0)
    for category in wanted.keys.sorted() {
      let (curve, wanted) = (curves[category] ?? [], wanted[category] ?? 0)
      if wanted == 0, curve.isEmpty { continue }
      count += 1
      if wanted > 0 { sum += averagePrecision(of: curve, wanted: wanted) }
    }
    return count == 0 ? -1 : sum / Double(count)
  }

  /// The mean of the falling envelope of precision at the recalls 0, 1/100 … 1, as COCO reads it.
  static func averagePrecision(of isRight: [Bool], wanted: Int) -> Double {
    var (right, seen) = (0, 0)
    // Precision only matters where something is found: between two of these it falls.
    var precisions: [Double] = []
    for one in isRight {
      seen += 1
      guard one else { continue }
      right += 1
      precisions.append(Double(right) / Double(seen))
    }
    for place in precisions.indices.dropLast().reversed() {
      precisions[place] = max(precisions[place], precisions[place + 1])
    }
    var (sum, place) = (0.0, 0)
    for hundredth in 0...100 {
      while place < right, Double(place + 1) / Double(wanted) < Double(hundredth) / 100 { place += 1 }
      if place == right { break }
      sum += precisions[place]
    }
    return sum / 101
  }
}
