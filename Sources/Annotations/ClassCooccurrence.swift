import Documents

/// In how many images two classes are seen together.
public struct ClassCooccurrence: Sendable, Equatable {
  /// Two classes by their places, the smaller one first.
  struct Pair: Hashable, Sendable {
    let first: Int
    let second: Int
  }

  private var images: [Pair: Int] = [:]
  /// The most pairs that JSON lists.
  private static let mostPairs = 1000

  /// Counts an image that shows these classes, each named once.
  mutating func add(_ classes: [Int]) {
    let sorted = classes.sorted()
    for (place, first) in sorted.enumerated() {
      for second in sorted[(place + 1)...] { images[Pair(first: first, second: second), default: 0] += 1 }
    }
  }

  /// In how many images both classes are.
  public func count(_ one: Int, _ other: Int) -> Int {
    images[Pair(first: min(one, other), second: max(one, other))] ?? 0
  }

  /// The pairs that are most often together, as JSON.
  func json(names: [String]) -> JSON {
    let sorted = images.sorted { ($1.value, $0.key.first, $0.key.second) < ($0.value, $1.key.first, $1.key.second) }
    return .array(
      sorted.prefix(Self.mostPairs).map { pair, count in
        ["classes": [JSON(names[pair.first]), JSON(names[pair.second])], "images": JSON(count)]
      })
  }
}
