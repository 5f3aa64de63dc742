/// The keys of one JSON object so far: a short list at first, a table once there are many, so that a hostile file with
/// a million keys costs no quadratic time.
struct SeenKeys {
  private var ranges: [Range<Int>] = []
  /// Places in the list by hashes of the keys, each in the first free slot from its own on; -1 where none is. Empty at first.
  private var slots: [Int32] = []
  private static let longestList = 24

  /// Adds the key at `range`; false where it is there already.
  mutating func insert(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Bool {
    if slots.isEmpty {
      for other in ranges where Self.isSame(other, range, bytes) { return false }
      ranges.append(range)
      if ranges.count > Self.longestList { grow(bytes) }
      return true
    }
    let slot = slot(of: range, bytes)
    guard slots[slot] < 0 else { return false }
    slots[slot] = Int32(ranges.count)
    ranges.append(range)
    if 2 * ranges.count > slots.count { grow(bytes) }
    return true
  }

  /// Twice as many slots as before, of which half at most are taken.
  private mutating func grow(_ bytes: UnsafeRawBufferPointer) {
    slots = Array(repeating: -1, count: max(128, 2 * slots.count))
    for (place, range) in ranges.enumerated() { slots[slot(of: range, bytes)] = Int32(place) }
  }

  /// The slot of a key, or the free one where it belongs.
  private func slot(of range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
    var slot = hasher.finalize() & (slots.count - 1)
    while slots[slot] >= 0, !Self.isSame(ranges[Int(slots[slot])], range, bytes) {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private static func isSame(_ one: Range<Int>, _ other: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Bool {
    one.count == other.count && bytes[one].elementsEqual(bytes[other])
  }
}
