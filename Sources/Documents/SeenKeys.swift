/// The keys of one JSON object so far: a short list at first, a table once there are many, so that a hostile file with
/// a million keys costs no quadratic time.
struct SeenKeys {
  private var ranges: [Range<Int>] = []
  private var table: Set<String>?
  private static let longestList = 24

  /// Adds the key at `range`; false where it is there already.
  mutating func insert(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Bool {
    if table != nil {
      return table?.insert(Self.text(range, bytes)).inserted ?? false
    }
    for other in ranges where other.count == range.count && bytes[other].elementsEqual(bytes[range]) { return false }
    ranges.append(range)
    if ranges.count > Self.longestList {
      table = Set(ranges.map { Self.text($0, bytes) })
    }
    return true
  }

  /// Bytes as Latin-1, so that different bytes are never the same text.
  private static func text(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> String {
    String(String.UnicodeScalarView(bytes[range].map { UnicodeScalar($0) }))
  }
}
