extension JSONCursor {
  /// Takes a whole value, as json-c would give it.
  public mutating func value() -> JSON? {
    skipSpace()
    let start = at
    guard skipValue(), at - start <= JSONText.longest else { return nil }
    return JSON(checked: UnsafeRawBufferPointer(rebasing: bytes[start..<at]))
  }

  /// Takes a value of which only the end is wanted.
  public mutating func skipValue() -> Bool { skipValue(within: 0) }

  /// Takes a value that stands in so many arrays and objects.
  private mutating func skipValue(within outer: Int) -> Bool {
    var depth = outer
    while true {
      switch peek() {
      case UInt8(ascii: "["):
        at += 1
        depth += 1
        guard depth <= Self.deepest else { return false }
        if peek() != UInt8(ascii: "]") { continue }
        at += 1
        depth -= 1
      case UInt8(ascii: "{"): guard depth < Self.deepest, skipObject(within: depth + 1) else { return false }
      case UInt8(ascii: "\""): guard text() != nil else { return false }
      case UInt8(ascii: "t"): guard take(word: "true") else { return false }
      case UInt8(ascii: "f"): guard take(word: "false") else { return false }
      case UInt8(ascii: "n"): guard take(word: "null") else { return false }
      default: guard skipNumber() || number() != nil else { return false }
      }
      // Here a value has ended.
      while depth > outer {
        skipSpace()
        guard at < end else { return false }
        let byte = bytes[at]
        at += 1
        if byte == UInt8(ascii: ",") { break }
        guard byte == UInt8(ascii: "]") else { return false }
        depth -= 1
      }
      if depth == outer { return true }
    }
  }

  private mutating func skipObject(within depth: Int) -> Bool {
    at += 1
    if take(UInt8(ascii: "}")) { return true }
    var seen = SeenKeys()
    repeat {
      guard let key = key(), seen.insert(key, in: bytes), skipValue(within: depth) else { return false }
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}"))
  }

  /// Goes past a number without exponent, no larger than a 64-bit integer can be.
  @inline(__always)
  private mutating func skipNumber() -> Bool {
    var position = at
    if position < end, bytes[position] == UInt8(ascii: "-") { position += 1 }
    let first = position
    while position < end, bytes[position] &- 48 < 10 { position += 1 }
    let whole = position - first
    guard whole > 0, whole <= 18, position < end, bytes[first] != 48 || whole == 1 else { return false }
    if bytes[position] == UInt8(ascii: ".") {
      let point = position
      position += 1
      while position < end, bytes[position] &- 48 < 10 { position += 1 }
      guard position > point + 1, position < end else { return false }
    }
    guard (bytes[position] | 32) != UInt8(ascii: "e") else { return false }
    at = position
    return true
  }
}
