/// Finds the keys of a list by their hashes, so that a hostile file with a million keys costs no quadratic time: places in the
/// list, each in the first free slot from its hash's own on.
struct KeyTable: Sendable {
  /// The most keys that a list is searched for without a table.
  static let longestList = 24

  /// -1 where a slot is free. At most half of them are taken.
  private var slots: [Int32] = []

  /// The place of the key of this hash for which `isSame` is true; nil where none is.
  func place(_ hash: Int, isSame: (Int) -> Bool) -> Int? {
    let slot = slot(of: hash, isSame)
    return slots[slot] < 0 ? nil : Int(slots[slot])
  }

  /// Adds the last key of a list that has `count` with it; the others are there, or this is the first time.
  mutating func append(count: Int, hash: (Int) -> Int) {
    if 2 * count <= slots.count { return add(count - 1, hash) }
    var size = 128
    while size < 2 * count { size *= 2 }
    slots = Array(repeating: -1, count: size)
    for place in 0..<count { add(place, hash) }
  }

  private mutating func add(_ place: Int, _ hash: (Int) -> Int) {
    slots[slot(of: hash(place)) { _ in false }] = Int32(place)
  }

  /// The slot of a key, or the free one where it belongs.
  private func slot(of hash: Int, _ isSame: (Int) -> Bool) -> Int {
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0, !isSame(Int(slots[slot])) { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }
}
