/// The keys of one JSON object so far, as they stand between their quotes in the bytes.
struct SeenKeys {
  private var ranges: [Range<Int>] = []
  private var table = KeyTable()
  /// What the keys say, once one of them has an escape: then another may say the same in other letters.
  private var meanings: Set<[UInt8]> = []

  /// Adds the key at `range`; false where it is there already.
  mutating func insert(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Bool {
    guard !contains(range, bytes) else { return false }
    if !meanings.isEmpty || bytes[range].contains(UInt8(ascii: "\\")) {
      if meanings.isEmpty { for other in ranges { meanings.insert(Self.meaning(of: other, bytes)) } }
      guard meanings.insert(Self.meaning(of: range, bytes)).inserted else { return false }
    }
    ranges.append(range)
    if ranges.count > KeyTable.longestList {
      table.append(count: ranges.count) { Self.hash(ranges[$0], bytes) }
    }
    return true
  }

  private func contains(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Bool {
    if ranges.count <= KeyTable.longestList { return ranges.contains { Self.isSame($0, range, bytes) } }
    return table.place(Self.hash(range, bytes)) { Self.isSame(ranges[$0], range, bytes) } != nil
  }

  private static func meaning(of range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let quoted = UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound - 1..<range.upperBound + 1])
    return Array(JSON.text(ofChecked: quoted).utf8)
  }

  private static func hash(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
    return hasher.finalize()
  }

  private static func isSame(_ one: Range<Int>, _ other: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Bool {
    one.count == other.count && bytes[one].elementsEqual(bytes[other])
  }
}
