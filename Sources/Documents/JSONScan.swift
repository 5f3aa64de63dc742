/// Walks over one JSON value to find its end and to refuse what json-c lets through: NaN and Infinity, numbers such as
/// `1.`, integers beyond 64 bits, doubles beyond their range, keys given twice, single quotes, nesting beyond a limit.
///
/// It makes no values: json-c parses the bytes afterwards. It works without recursion, and knows at every moment the
/// JSON path, so that its errors name the exact place.
struct JSONScan {
  /// Where a member of the scanned object lies in the file.
  struct Span {
    /// The key between its quotes, still escaped.
    var key: Range<Int>
    /// The value.
    var value: Range<Int>
  }

  /// Arrays and objects within each other that are still accepted.
  static let deepest = 64

  let bytes: UnsafeRawBufferPointer
  let file: String
  /// The path of the scanned value in its file.
  var base = ""
  /// The members of the scanned value where it is an object, not of those within it.
  private(set) var members: [Span] = []
  /// How many keys all objects within the value have together.
  private(set) var keyCount = 0
  /// Whether a key is escaped: two spellings of one key then need a look at the parsed value.
  private(set) var hasEscapedKey = false

  private struct Level {
    var isObject: Bool
    var index = 0
    var key = 0..<0
    var seen = SeenKeys()
  }
  private var levels: [Level] = []

  init(bytes: UnsafeRawBufferPointer, file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// The first position at or after `start` that is not white space.
  func skipSpace(_ start: Int) -> Int {
    var at = start
    while at < bytes.count, Self.isSpace(bytes[at]) { at += 1 }
    return at
  }

  /// Scans the value that begins at `start` (no white space before it) and returns the position after it.
  mutating func value(at start: Int) throws(DocumentError) -> Int {
    levels.removeAll(keepingCapacity: true)
    members.removeAll(keepingCapacity: true)
    keyCount = 0
    hasEscapedKey = false
    var at = start
    while true {
      // Here a value begins.
      let byte = try self.byte(at)
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        guard levels.count < Self.deepest else { throw error(at, "is nested deeper than \(Self.deepest) levels") }
        levels.append(Level(isObject: byte == UInt8(ascii: "{")))
        at = skipSpace(at + 1)
        let closing = levels[levels.count - 1].isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        if try self.byte(at) != closing {
          if byte == UInt8(ascii: "{") { at = try key(at) }
          continue
        }
        levels.removeLast()
        at += 1
      } else {
        at = try scalar(at, byte)
      }
      // Here a value has ended at `at`.
      at = try afterValue(at)
      if levels.isEmpty { return at }
    }
  }

  /// Goes from the end of a value to the start of the next one, or to the end of all.
  private mutating func afterValue(_ end: Int) throws(DocumentError) -> Int {
    var at = end
    while let isObject = levels.last?.isObject {
      if levels.count == 1, isObject { closeMember(at) }
      at = skipSpace(at)
      let byte = try self.byte(at)
      if byte == UInt8(ascii: ",") {
        at = skipSpace(at + 1)
        if isObject { return try key(at) }
        levels[levels.count - 1].index += 1
        return at
      }
      guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw error(at, "has \(name(byte)) where a comma or the end of \(isObject ? "the object" : "the array") is due")
      }
      levels.removeLast()
      at += 1
    }
    return at
  }

  /// Notes that the value of the outermost object's newest key ends at `end`.
  private mutating func closeMember(_ end: Int) {
    let last = members.count - 1
    members[last].value = members[last].value.lowerBound..<end
  }

  /// Scans a key and its colon; returns where the value begins.
  private mutating func key(_ start: Int) throws(DocumentError) -> Int {
    let byte = try self.byte(start)
    guard byte == UInt8(ascii: "\"") else {
      throw error(start, "has \(name(byte)) where a key in double quotes is due")
    }
    let end = try string(start)
    let range = start + 1..<end - 1
    let raw = UnsafeRawBufferPointer(rebasing: bytes[range])
    if raw.contains(UInt8(ascii: "\\")) {
      hasEscapedKey = true
      if String(decoding: raw, as: UTF8.self).contains("\\u0000") { throw error(start, "has a key with a zero byte") }
    }
    keyCount += 1
    let level = levels.count - 1
    guard levels[level].seen.insert(range, in: bytes) else {
      throw error(start, "has the key \(Self.quoted(raw)) twice")
    }
    levels[level].key = range
    var at = skipSpace(end)
    guard try self.byte(at) == UInt8(ascii: ":") else { throw error(at, "has a key without a colon after it") }
    at = skipSpace(at + 1)
    if level == 0 { members.append(Span(key: range, value: at..<at)) }
    return at
  }

  private func scalar(_ at: Int, _ byte: UInt8) throws(DocumentError) -> Int {
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

  /// The position after the string that begins at `start`. Escapes are left to json-c, but for halves of surrogate pairs, which it
  /// replaces; it lets overlong UTF-8 through, and surrogates and what is beyond Unicode, so texts beyond ASCII are looked at here.
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
    guard let unit = codeUnit(at) else { return 2 }
    if UTF16.isLeadSurrogate(unit), let next = codeUnit(at + 6), UTF16.isTrailSurrogate(next) { return 12 }
    guard !UTF16.isLeadSurrogate(unit), !UTF16.isTrailSurrogate(unit) else {
      throw error(at, "has \(text(at..<at + 6)) in a text, half of a character")
    }
    return 6
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

  private func byte(_ at: Int) throws(DocumentError) -> UInt8 {
    guard at < bytes.count else { throw early() }
    return bytes[at]
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }
}

extension JSONScan {
  /// The text of a range of the file.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func clipped(_ range: Range<Int>) -> String {
    range.count <= 40 ? text(range) : text(range.lowerBound..<range.lowerBound + 40) + "…"
  }

  private func name(_ byte: UInt8) -> String {
    (33..<127).contains(byte) ? String(UnicodeScalar(byte)) : "the byte \(byte)"
  }

  private static func quoted(_ bytes: UnsafeRawBufferPointer) -> String {
    let text = String(decoding: bytes.prefix(60), as: UTF8.self)
    return "\"\(text)\(bytes.count > 60 ? "…" : "")\""
  }

  /// An error at a byte, with the path of the place that was being scanned.
  func error(_ offset: Int, _ reason: String) -> DocumentError {
    .json(file: file, path: path, offset: offset, reason: reason)
  }

  /// The file ends inside the value.
  func early() -> DocumentError {
    .json(
      file: file, path: path, offset: bytes.count,
      reason: bytes.isEmpty
        ? "the file is empty" : "the file ends early, inside \(path.isEmpty ? "its outermost value" : "this value")")
  }

  /// The path of the place that was being scanned.
  private var path: String {
    var path = base
    for level in levels {
      if !level.isObject {
        path += "[\(level.index)]"
      } else if !level.key.isEmpty {
        path += (path.isEmpty ? "" : ".") + String(decoding: bytes[level.key].prefix(60), as: UTF8.self)
      }
    }
    return path
  }
}
