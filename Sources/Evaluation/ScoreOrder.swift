/// Sorting by falling score, equal scores in their order.
enum ScoreOrder {
  /// Elements by falling score.
  static func falling<Element>(_ elements: [Element], score: (Element) -> Double) -> [Element] {
    descending(elements.count) { score(elements[$0]) }.map { elements[Int($0)] }
  }

  /// The places of `count` elements by falling score: of many by a radix sort of eleven bits at a time.
  ///
  /// - Precondition: scores are finite.
  static func descending(_ count: Int, score: (Int) -> Double) -> [Int32] {
    if count < fewest {
      return (0..<Int32(count)).sorted {
        let (one, other) = (score(Int($0)), score(Int($1)))
        return one != other ? one > other : $0 < $1
      }
    }
    var keys = [UInt64](unsafeUninitializedCapacity: count) { keys, filled in
      for place in 0..<count { keys[place] = ascendingKey(score(place)) }
      filled = count
    }
    var order = Array(0..<Int32(count))
    var otherKeys = keys
    var otherOrder = order
    var (always, ever) = (UInt64.max, UInt64(0))
    for key in keys { (always, ever) = (always & key, ever | key) }
    var starts = [Int](repeating: 0, count: 1 << digit)
    for shift in stride(from: UInt64(0), to: 64, by: Int(digit)) {
      // A digit that is the same everywhere sorts nothing.
      if ((always ^ ever) >> shift) & mask == 0 { continue }
      for place in starts.indices { starts[place] = 0 }
      for key in keys { starts[Int((key >> shift) & mask)] += 1 }
      var sum = 0
      for place in starts.indices { (starts[place], sum) = (sum, sum + starts[place]) }
      for place in 0..<count {
        let bin = Int((keys[place] >> shift) & mask)
        let target = starts[bin]
        starts[bin] = target + 1
        otherKeys[target] = keys[place]
        otherOrder[target] = order[place]
      }
      swap(&keys, &otherKeys)
      swap(&order, &otherOrder)
    }
    return order
  }

  /// Of fewer elements, a radix sort would take longer to clear its bins than to sort.
  private static let fewest = 200
  private static let digit: UInt64 = 11
  private static let mask: UInt64 = 1 << digit - 1

  /// A number that grows as the score falls; 0 and -0 are alike.
  private static func ascendingKey(_ score: Double) -> UInt64 {
    let bits = (score + 0).bitPattern
    return bits >> 63 == 0 ? ~bits ^ (1 << 63) : bits
  }
}
