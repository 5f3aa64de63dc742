import Documents

/// How many values lie between given bounds.
public struct Histogram: Sendable, Equatable {
  /// The bounds, rising: a value belongs where it is at least one and below the next; above the last it belongs to the last part.
  public let bounds: [Double]
  /// How many values each part has, one for each bound.
  public private(set) var counts: [Int]

  /// An empty histogram.
  ///
  /// - Precondition: bounds rise, and there is one.
  public init(bounds: [Double]) {
    precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "Histogram: bounds rise")
    self.bounds = bounds
    counts = bounds.map { _ in 0 }
  }

  /// Counts a value; those below the first bound, and what is no number, are not counted.
  public mutating func add(_ value: Double) {
    guard let place = bounds.lastIndex(where: { value >= $0 }) else { return }
    counts[place] += 1
  }

  /// The parts, for an axis: `8–16`, and `≥ 512` for the last; whole numbers alone as `6–10`.
  public func labels(areWhole: Bool = false) -> [String] {
    bounds.indices.map { place in
      let low = JSON.text(of: bounds[place])
      guard place + 1 < bounds.count else { return "≥ " + low }
      guard areWhole else { return "\(low)–\(JSON.text(of: bounds[place + 1]))" }
      let high = JSON.text(of: bounds[place + 1] - 1)
      return low == high ? low : "\(low)–\(high)"
    }
  }

  /// The parts as JSON: `from`, `to` (missing for the last) and `count`.
  public var json: JSON {
    .array(
      bounds.indices.map { place in
        var part = JSONObject([("from", JSON(bounds[place]))])
        if place + 1 < bounds.count { part["to"] = JSON(bounds[place + 1]) }
        part["count"] = JSON(counts[place])
        return .object(part)
      })
  }
}
