/// Sorting by small whole numbers, in one pass over what is sorted.
enum CountingSort {
  /// The places of elements by ascending key, equal keys in their order; nil where they are in order as they stand.
  static func order(of keys: [Int32], keyCount: Int) -> [Int32]? {
    var isSorted = true
    for place in keys.indices.dropFirst() where keys[place - 1] > keys[place] {
      isSorted = false
      break
    }
    return isSorted ? nil : order(of: keys, keyCount: keyCount, after: nil).order
  }

  /// The places of elements by ascending key, equal keys in the order `after`; those of a negative key are left out.
  ///
  /// - Returns: the places, and where in them each key starts; the last start is their number.
  static func order(
    of keys: [Int32], keyCount: Int, after earlier: [Int32]?
  ) -> (order: [Int32], starts: [Int]) {
    var starts = [Int](repeating: 0, count: keyCount + 1)
    for key in keys where key >= 0 { starts[Int(key) + 1] += 1 }
    for key in 0..<keyCount { starts[key + 1] += starts[key] }
    var next = starts
    let order = [Int32](unsafeUninitializedCapacity: starts[keyCount]) { order, count in
      func put(_ place: Int32) {
        let key = keys[Int(place)]
        guard key >= 0 else { return }
        order[next[Int(key)]] = place
        next[Int(key)] += 1
      }
      if let earlier {
        for place in earlier { put(place) }
      } else {
        for place in 0..<Int32(keys.count) { put(place) }
      }
      count = starts[keyCount]
    }
    return (order, starts)
  }
}
