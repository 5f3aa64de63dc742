/// Values without others in them.
extension JSONScan {
  /// The position after the text, number or word that begins at `at` with `byte`.
  func scalar(_ at: Int, _ byte: UInt8) throws(DocumentError) -> Int {
    switch byte {
    case UInt8(ascii: "\""): return try string(at)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(at)
    default:
      for word in ["true", "false", "null"] where starts(at, with: word) { return at + word.utf8.count }
      for word in ["NaN", "nan", "Infinity", "inf"] where starts(at, with: word) {
        throw error(at, "\(word) is not a number")
      }
      throw error(at, "has \(name(byte)) where a value is due")
    }
  }

  /// The position after the string that begins at `start`. Of json-c's ways with UTF-8 it has none: json-c replaces halves of
  /// surrogate pairs, and lets overlong forms, surrogates and what is beyond Unicode through.
  func string(_ start: Int) throws(DocumentError) -> Int {
    var at = start + 1
    var isASCII = true
    while at < bytes.count {
      let byte = bytes[at]
      if byte >= 128 { isASCII = false }
      if byte == UInt8(ascii: "\"") {
        guard isASCII || String(validating: bytes[start..<at], as: UTF8.self) != nil else {
          throw error(start, "has a text that is not UTF-8")
        }
        return at + 1
      }
      if byte < 32 { throw error(at, "has a control character in a text") }
      at += byte == UInt8(ascii: "\\") ? try escape(at) : 1
    }
    throw early()
  }

  /// The length of the escape at a backslash: both halves of a surrogate pair together.
  private func escape(_ at: Int) throws(DocumentError) -> Int {
    let letter = try byte(at + 1)
    if JSONCursor.isEscape(letter) { return 2 }
    guard letter == UInt8(ascii: "u") else {
      throw error(at, "has a backslash before \(name(letter)) in a text, which is no escape")
    }
    guard let unit = codeUnit(at) else {
      if at + 6 > bytes.count, bytes[(at + 2)...].allSatisfy(Self.isHexDigit) { throw early() }
      throw error(at, "has \\u without four hexadecimal digits in a text")
    }
    if UTF16.isLeadSurrogate(unit), let next = codeUnit(at + 6), UTF16.isTrailSurrogate(next) { return 12 }
    guard !UTF16.isLeadSurrogate(unit), !UTF16.isTrailSurrogate(unit) else {
      throw error(at, "has \(text(at..<at + 6)) in a text, half of a character")
    }
    return 6
  }

  /// Whether a text that has been scanned has the character 0, which must be escaped.
  func hasZero(_ range: Range<Int>) -> Bool {
    var at = range.lowerBound
    while at < range.upperBound {
      if bytes[at] != UInt8(ascii: "\\") {
        at += 1
      } else if codeUnit(at) == 0 {
        return true
      } else {
        at += 2
      }
    }
    return false
  }

  /// The number of an escape `\uXXXX`; nil for anything else.
  private func codeUnit(_ at: Int) -> UInt16? {
    guard at + 6 <= bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else { return nil }
    return bytes[at + 2..<at + 6].allSatisfy(Self.isHexDigit) ? UInt16(text(at + 2..<at + 6), radix: 16) : nil
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 32
  }

  private func number(_ start: Int) throws(DocumentError) -> Int {
    var at = start
    if bytes[at] == UInt8(ascii: "-") {
      at += 1
      for word in ["NaN", "nan", "Infinity", "inf"] where starts(at, with: word) {
        throw error(start, "-\(word) is not a number")
      }
    }
    let whole = digits(&at)
    let leadingZero = whole > 1 && bytes[at - whole] == UInt8(ascii: "0")
    var isInteger = true
    var hasExponent = false
    var isComplete = whole > 0 && !leadingZero
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      isInteger = false
      if digits(&at) == 0 { isComplete = false }
    }
    if at < bytes.count, bytes[at] | 32 == UInt8(ascii: "e") {
      at += 1
      isInteger = false
      hasExponent = true
      if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
      if digits(&at) == 0 { isComplete = false }
    }
    if at >= bytes.count, !isComplete { throw early() }
    guard isComplete else { throw error(start, "\(clipped(start..<at)) is not a number as JSON writes them") }
    // Only numbers that may be out of range are looked at as values.
    if isInteger, whole > 18, Int(text(start..<at)) == nil {
      throw error(start, "\(clipped(start..<at)) is beyond the range of 64-bit integers")
    }
    if hasExponent || whole > 300, !isInteger, Double(text(start..<at))?.isFinite != true {
      throw error(start, "\(clipped(start..<at)) is beyond the range of numbers")
    }
    return at
  }

  private func digits(_ at: inout Int) -> Int {
    let start = at
    while at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9") { at += 1 }
    return at - start
  }

  private func starts(_ at: Int, with word: String) -> Bool {
    at + word.utf8.count <= bytes.count && zip(word.utf8, bytes[at...]).allSatisfy { $0 == $1 }
  }
}
