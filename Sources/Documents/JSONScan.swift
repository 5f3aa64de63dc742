/// Walks over one JSON value to find its end and to refuse what is not JSON, and what json-c lets through: NaN and Infinity,
/// numbers such as `1.`, integers beyond 64 bits, doubles beyond their range, keys given twice, single quotes, nesting beyond a
/// limit.
///
/// It makes no values. It works without recursion, and knows at every moment the JSON path, so that its errors name the exact
/// place. Whatever it accepts json-c accepts, with the same values.
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
    if hasZero(range) { throw error(start, "has a key with a zero byte") }
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

  func byte(_ at: Int) throws(DocumentError) -> UInt8 {
    guard at < bytes.count else { throw early() }
    return bytes[at]
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }
}

extension JSONScan {
  /// The text of a range of the file.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The same, cut to what an error can show.
  func clipped(_ range: Range<Int>) -> String {
    range.count <= 40 ? text(range) : text(range.lowerBound..<range.lowerBound + 40) + "…"
  }

  /// A byte as an error shows it.
  func name(_ byte: UInt8) -> String {
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
