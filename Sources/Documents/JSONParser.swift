import CJSON

/// json-c behind the scan: checked bytes in, json-c's values out.
struct JSONParser {
  private let tokener: Tokener
  var scan: JSONScan

  init(bytes: UnsafeRawBufferPointer, file: String) {
    tokener = Tokener()
    scan = JSONScan(bytes: bytes, file: file)
  }

  /// Checks and parses the value at `start`; gives it with the position after it.
  mutating func value(at start: Int) throws(DocumentError) -> (value: JSONHandle, end: Int) {
    let end = try scan.value(at: start)
    return (try scanned(start..<end), end)
  }

  /// Parses a value that has just been checked.
  private func scanned(_ range: Range<Int>) throws(DocumentError) -> JSONHandle {
    let (start, end) = (range.lowerBound, range.upperBound)
    guard end - start < Int(Int32.max) else { throw scan.error(start, "is larger than 2 GiB") }
    json_tokener_reset(tokener.pointer)
    let text = scan.bytes.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
    var object = json_tokener_parse_ex(tokener.pointer, text, Int32(end - start))
    if json_tokener_get_error(tokener.pointer) == json_tokener_continue {
      // A bare number may go on; the zero byte says that it does not.
      object = json_tokener_parse_ex(tokener.pointer, "", 1)
    }
    let status = json_tokener_get_error(tokener.pointer)
    guard status == json_tokener_success else {
      let offset = start + json_tokener_get_parse_end(tokener.pointer)
      throw .json(
        file: scan.file, path: scan.base, offset: offset,
        reason: status == json_tokener_error_parse_utf8_string
          ? "has a text that is not UTF-8" : String(cString: json_tokener_error_desc(status)))
    }
    let handle = JSONHandle(object)
    if scan.hasEscapedKey, Self.keyCount(object) != scan.keyCount {
      throw scan.error(start, "has a key twice, once with an escape")
    }
    return handle
  }

  /// The value at `start` with the position after it: plain ones without json-c, whose values would be four times the memory of ours.
  mutating func plainValue(at start: Int) throws(DocumentError) -> (value: JSON, end: Int) {
    var cursor = JSONCursor(scan.bytes, at: start)
    if let value = cursor.value() { return (value, cursor.at) }
    let (value, end) = try value(at: start)
    return (value.json, end)
  }

  /// The value at `start` as an element, with the position after it.
  mutating func element(at start: Int) throws(DocumentError) -> (element: JSONElement, end: Int) {
    let end = try scan.value(at: start)
    var cursor = JSONCursor(scan.bytes, at: start)
    let value = if let plain = cursor.value() { plain } else { try scanned(start..<end).json }
    return (JSONElement(value, scan: scan, offset: start), end)
  }

  /// The position after the value at `start`, of which nothing is wanted.
  mutating func skip(at start: Int) throws(DocumentError) -> Int {
    var cursor = JSONCursor(scan.bytes, at: start)
    return try cursor.skipValue() ? cursor.at : scan.value(at: start)
  }

  private static func keyCount(_ object: OpaquePointer?) -> Int {
    var count = 0
    if json_object_get_type(object) == json_type_array {
      for index in 0..<json_object_array_length(object) { count += keyCount(json_object_array_get_idx(object, index)) }
    } else if json_object_get_type(object) == json_type_object {
      JSONHandle.members(of: object) { _, value in count += 1 + keyCount(value) }
    }
    return count
  }

  private final class Tokener {
    let pointer: UnsafeMutablePointer<json_tokener>
    init() {
      // One level more than the scan lets through, so that the scan's message is the one seen.
      guard let tokener = json_tokener_new_ex(Int32(JSONScan.deepest + 1)) else {
        preconditionFailure("json-c: out of memory")
      }
      json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
      pointer = tokener
    }
    deinit { json_tokener_free(pointer) }
  }
}

/// Owns a value of json-c with all that is in it.
final class JSONHandle {
  /// nil is JSON's null.
  let pointer: OpaquePointer?

  init(_ pointer: OpaquePointer?) { self.pointer = pointer }
  deinit { json_object_put(pointer) }

  /// The value as ours.
  var json: JSON { withExtendedLifetime(self) { JSON(pointer) } }

  /// Calls `body` with each member of an object, in the file's order.
  static func members(of object: OpaquePointer?, _ body: (UnsafePointer<CChar>, OpaquePointer?) -> Void) {
    var member = json_object_iter_begin(object)
    var end = json_object_iter_end(object)
    while json_object_iter_equal(&member, &end) == 0 {
      if let name = json_object_iter_peek_name(&member) { body(name, json_object_iter_peek_value(&member)) }
      json_object_iter_next(&member)
    }
  }
}

extension JSON {
  /// Reads a whole JSON text: one value, nothing after it.
  ///
  /// - Parameters:
  ///   - bytes: the text in UTF-8; a byte order mark is skipped.
  ///   - file: the name that errors give.
  public init(parsing bytes: UnsafeRawBufferPointer, file: String) throws(DocumentError) {
    var parser = JSONParser(bytes: bytes, file: file)
    let start = parser.scan.skipSpace(ByteOrderMark.end(in: bytes))
    let (value, end) = try parser.value(at: start)
    let rest = parser.scan.skipSpace(end)
    guard rest == bytes.count else {
      throw .json(file: file, path: "", offset: rest, reason: "has something after its end")
    }
    self = value.json
  }

  /// Reads a whole JSON text: one value, nothing after it.
  public init(parsing text: String, file: String) throws(DocumentError) {
    try self.init(parsing: Array(text.utf8), file: file)
  }

  /// Reads a whole JSON text: one value, nothing after it.
  public init(parsing bytes: [UInt8], file: String) throws(DocumentError) {
    let result = bytes.withUnsafeBytes { bytes -> Result<JSON, DocumentError> in
      do throws(DocumentError) { return .success(try JSON(parsing: bytes, file: file)) } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  /// Reads the JSON file at `path` as a whole.
  public init(contentsOf path: String) throws(DocumentError) {
    self = try MappedFile(path: path).withBytes { bytes throws(DocumentError) in
      try JSON(parsing: bytes, file: path)
    }
  }

  /// The value of json-c that `pointer` is.
  fileprivate init(_ pointer: OpaquePointer?) {
    switch json_object_get_type(pointer) {
    case json_type_boolean: self = .bool(json_object_get_boolean(pointer) != 0)
    case json_type_int: self = .number(String(json_object_get_int64(pointer)))
    // json-c keeps the text of the numbers it has read.
    case json_type_double: self = .number(String(cString: json_object_get_string(pointer)))
    case json_type_string: self = .string(Self.text(pointer))
    case json_type_array:
      self = .array((0..<json_object_array_length(pointer)).map { JSON(json_object_array_get_idx(pointer, $0)) })
    case json_type_object:
      var object = JSONObject()
      object.reserve(Int(json_object_object_length(pointer)))
      JSONHandle.members(of: pointer) { key, value in object.append(String(cString: key), JSON(value)) }
      self = .object(object)
    default: self = .null
    }
  }

  /// The text of json-c's string, which may hold zero bytes.
  static func text(_ pointer: OpaquePointer?) -> String {
    let count = Int(json_object_get_string_len(pointer))
    guard let start = json_object_get_string(pointer) else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
