/// Reads a large JSON file piece by piece: no more than one element of its long arrays is in memory as a value.
public enum JSONStream {
  /// What stands at the top of a JSON file.
  public enum Shape: Equatable, Sendable {
    /// An object with these keys.
    case object(keys: [String])
    /// An array whose first element is an object with these keys; none where it is empty or holds something else.
    case array(elementKeys: [String])
  }

  /// Goes through the JSON file at `path` once.
  ///
  /// - Parameters:
  ///   - arrays: keys of the outermost object whose arrays are handed out element by element; the empty key stands for
  ///     the outermost value itself, where that is an array.
  ///   - element: gets the array's key and each of its elements, in the file's order.
  ///   - member: gets every other key of the outermost object with its whole value.
  public static func read(
    _ path: String, arrays: Set<String>,
    element: (String, JSONElement) throws(DocumentError) -> Void,
    member: (String, JSON) throws(DocumentError) -> Void = { _, _ in }
  ) throws(DocumentError) {
    try MappedFile(path: path).withBytes { bytes throws(DocumentError) in
      try read(bytes, file: path, arrays: arrays, element: element, member: member)
    }
  }

  /// Goes through JSON text in memory once; `file` is the name that errors give.
  public static func read(
    _ bytes: UnsafeRawBufferPointer, file: String, arrays: Set<String>,
    element: (String, JSONElement) throws(DocumentError) -> Void,
    member: (String, JSON) throws(DocumentError) -> Void = { _, _ in }
  ) throws(DocumentError) {
    try read(bytes, file: file, isArray: arrays.contains("")) { key, at, scan throws(DocumentError) in
      if arrays.contains(key) {
        guard bytes[at] == UInt8(ascii: "[") else { throw scan.error(at, "is not an array") }
        return try elements(of: key, at: at, &scan, element)
      }
      let (value, end) = try scan.json(at: at)
      try member(key, value)
      return end
    }
  }

  /// Goes through the outermost object or, with `isArray`, array: `body` gets the key of each member, empty for the
  /// array, and where its value begins, and returns where it ends.
  static func read(
    _ bytes: UnsafeRawBufferPointer, file: String, isArray: Bool,
    _ body: (String, Int, inout JSONScan) throws(DocumentError) -> Int
  ) throws(DocumentError) {
    var scan = JSONScan(bytes: bytes, file: file)
    let start = scan.skipSpace(ByteOrderMark.end(in: bytes))
    guard start < bytes.count else { throw scan.early() }
    var end: Int
    if bytes[start] == UInt8(ascii: "["), isArray {
      end = try body("", start, &scan)
    } else if bytes[start] == UInt8(ascii: "{") {
      end = try members(at: start, &scan, body)
    } else {
      throw scan.error(start, "begins with neither an object\(isArray ? " nor an array" : "")")
    }
    end = scan.skipSpace(end)
    guard end == bytes.count else {
      throw .json(file: file, path: "", offset: end, reason: "has something after its end")
    }
  }

  /// Looks at what a JSON file holds, without making values of it, until one of the keys in `until` has been seen.
  public static func shape(of path: String, until: Set<String> = []) throws(DocumentError) -> Shape {
    try MappedFile(path: path).withBytes { bytes throws(DocumentError) in
      try shape(of: bytes, file: path, until: until)
    }
  }

  /// The keys of the first element of an array in the outermost object, without making values of what comes before; none where
  /// there is no such array or its first element is no object.
  public static func keys(ofFirstElementOf array: String, in path: String) throws(DocumentError) -> [String] {
    try MappedFile(path: path).withBytes { bytes throws(DocumentError) in
      var scan = JSONScan(bytes: bytes, file: path)
      let start = scan.skipSpace(ByteOrderMark.end(in: bytes))
      guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return [] }
      var keys: [String] = []
      _ = try members(at: start, &scan) { key, at, scan throws(DocumentError) in
        guard key == array, bytes[at] == UInt8(ascii: "[") else { return try scan.skip(at: at) }
        let first = scan.skipSpace(at + 1)
        guard first < bytes.count, bytes[first] == UInt8(ascii: "{") else { return nil }
        _ = try scan.value(at: first)
        keys = scan.members.map { scan.text($0.key) }
        return nil
      }
      return keys
    }
  }

  private static func shape(
    of bytes: UnsafeRawBufferPointer, file: String, until: Set<String>
  ) throws(DocumentError) -> Shape {
    var scan = JSONScan(bytes: bytes, file: file)
    let start = scan.skipSpace(ByteOrderMark.end(in: bytes))
    guard start < bytes.count else { throw scan.early() }
    var keys: [String] = []
    if bytes[start] == UInt8(ascii: "[") {
      let first = scan.skipSpace(start + 1)
      guard first < bytes.count, bytes[first] != UInt8(ascii: "]") else { return .array(elementKeys: []) }
      _ = try scan.value(at: first)
      return .array(elementKeys: scan.members.map { scan.text($0.key) })
    }
    guard bytes[start] == UInt8(ascii: "{") else {
      throw scan.error(start, "begins with neither an object nor an array")
    }
    _ = try members(at: start, &scan) { key, at, scan throws(DocumentError) in
      keys.append(key)
      return until.contains(key) ? nil : try scan.skip(at: at)
    }
    return .object(keys: keys)
  }

  /// Goes through the elements of the array at `start`; returns the position after it.
  static func elements(
    of key: String, at start: Int, _ scan: inout JSONScan,
    _ body: (String, JSONElement) throws(DocumentError) -> Void
  ) throws(DocumentError) -> Int {
    let bytes = scan.bytes
    let at = scan.skipSpace(start + 1)
    if at < bytes.count, bytes[at] == UInt8(ascii: "]") { return at + 1 }
    return try elements(of: key, from: at, index: 0, &scan, body)
  }

  /// Goes through the elements of an array from the one at `start` on; returns the position after the array.
  static func elements(
    of key: String, from start: Int, index first: Int, _ scan: inout JSONScan,
    _ body: (String, JSONElement) throws(DocumentError) -> Void
  ) throws(DocumentError) -> Int {
    let bytes = scan.bytes
    var at = start
    var index = first
    while true {
      scan.base = "\(key)[\(index)]"
      let (element, end) = try scan.element(at: at)
      try body(key, element)
      at = scan.skipSpace(end)
      guard at < bytes.count else { throw scan.early() }
      if bytes[at] == UInt8(ascii: "]") { return at + 1 }
      guard bytes[at] == UInt8(ascii: ",") else {
        throw scan.error(at, "is followed by something else than a comma or the end of the array")
      }
      at = scan.skipSpace(at + 1)
      index += 1
    }
  }

  /// Goes through the members of the object at `start`: `body` gets key and start of the value and returns its end, or
  /// nil to stop. Returns the position after the object.
  static func members(
    at start: Int, _ scan: inout JSONScan,
    _ body: (String, Int, inout JSONScan) throws(DocumentError) -> Int?
  ) throws(DocumentError) -> Int {
    let bytes = scan.bytes
    var seen: Set<String> = []
    var at = scan.skipSpace(start + 1)
    if at < bytes.count, bytes[at] == UInt8(ascii: "}") { return at + 1 }
    while true {
      scan.base = ""
      guard at < bytes.count else { throw scan.early() }
      guard bytes[at] == UInt8(ascii: "\"") else {
        throw scan.error(at, "has no key in double quotes where one is due")
      }
      let keyEnd = try scan.string(at)
      guard keyEnd - at <= JSONText.longest else { throw scan.error(at, "has a key of more than 1 GiB") }
      let key = JSON.text(ofChecked: UnsafeRawBufferPointer(rebasing: bytes[at..<keyEnd]))
      guard seen.insert(key).inserted else { throw scan.error(at, "has the key \"\(key)\" twice") }
      at = scan.skipSpace(keyEnd)
      guard at < bytes.count else { throw scan.early() }
      guard bytes[at] == UInt8(ascii: ":") else { throw scan.error(at, "has a key without a colon after it") }
      at = scan.skipSpace(at + 1)
      scan.base = key
      guard at < bytes.count else { throw scan.early() }
      guard let end = try body(key, at, &scan) else { return at }
      at = scan.skipSpace(end)
      scan.base = ""
      guard at < bytes.count else { throw scan.early() }
      if bytes[at] == UInt8(ascii: "}") { return at + 1 }
      guard bytes[at] == UInt8(ascii: ",") else {
        throw scan.error(at, "has something else than a comma or the end after \"\(key)\"")
      }
      at = scan.skipSpace(at + 1)
    }
  }
}
