/// Goes through what stands between the brackets of a checked array or object: elements, or keys and values by turns.
struct JSONParts {
  let bytes: UnsafeRawBufferPointer
  private var at: Int
  private let end: Int

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    (at, end) = (range.lowerBound, range.upperBound)
  }

  /// How many parts are left.
  var count: Int {
    var (rest, count) = (self, 0)
    while rest.next() != nil { count += 1 }
    return count
  }

  /// Where the next part stands.
  mutating func next() -> Range<Int>? {
    while at < end, Self.isBetween(bytes[at]) { at += 1 }
    guard at < end else { return nil }
    let start = at
    switch bytes[at] {
    case UInt8(ascii: "\""): skipText()
    case UInt8(ascii: "["), UInt8(ascii: "{"): skipBrackets()
    default: while at < end, !Self.isBetween(bytes[at]) { at += 1 }
    }
    return start..<at
  }

  private mutating func skipText() {
    at += 1
    while bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
    at += 1
  }

  private mutating func skipBrackets() {
    var depth = 0
    repeat {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        skipText()
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      at += 1
    } while depth > 0
  }

  /// White space, commas and colons.
  private static func isBetween(_ byte: UInt8) -> Bool {
    JSONScan.isSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":")
  }
}
