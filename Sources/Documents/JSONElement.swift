import CJSON

/// One object of a JSON file while it is read, with typed access whose errors name file, path and byte.
///
/// The values stay in json-c; what is asked for is turned into Swift's types.
public struct JSONElement {
  private let root: JSONHandle
  private let pointer: OpaquePointer?
  private let file: String
  private let offset: Int
  private let spans: [JSONScan.Span]
  private let bytes: UnsafeRawBufferPointer
  /// Where the value stands, as `annotations[12]`.
  public let path: String

  /// Reads the JSON file at `path` as one element, and hands it to `body`.
  public static func read(
    _ path: String, _ body: (JSONElement) throws(DocumentError) -> Void
  ) throws(DocumentError) {
    try MappedFile(path: path).withBytes { bytes throws(DocumentError) in
      var parser = JSONParser(bytes: bytes, file: path)
      let start = parser.scan.skipSpace(ByteOrderMark.end(in: bytes))
      let (value, end) = try parser.value(at: start)
      let rest = parser.scan.skipSpace(end)
      guard rest == bytes.count else {
        throw .json(file: path, path: "", offset: rest, reason: "has something after its end")
      }
      try body(JSONElement(value, scan: parser.scan, offset: start))
    }
  }

  init(_ root: JSONHandle, scan: JSONScan, offset: Int) {
    self.root = root
    pointer = root.pointer
    file = scan.file
    path = scan.base
    self.offset = offset
    spans = scan.members
    bytes = scan.bytes
  }

  /// The object that a file holds.
  init(_ root: JSONHandle, file: String, _ bytes: UnsafeRawBufferPointer) {
    self.root = root
    pointer = root.pointer
    self.file = file
    (path, offset, spans, self.bytes) = ("", 0, [], bytes)
  }

  private init(_ parent: JSONElement, _ pointer: OpaquePointer?, _ path: String) {
    root = parent.root
    self.pointer = pointer
    file = parent.file
    self.path = path
    offset = parent.offset
    spans = []
    bytes = parent.bytes
  }

  /// The whole value.
  public var json: JSON { JSON(pointer) }

  /// Whether it is an object; the accessors by key find nothing in anything else.
  public var isObject: Bool { json_object_get_type(pointer) == json_type_object }

  /// The keys in the file's order.
  public var keys: [String] {
    var keys: [String] = []
    if isObject { JSONHandle.members(of: pointer) { key, _ in keys.append(String(cString: key)) } }
    return keys
  }

  /// All members but those with the given keys, in the file's order.
  public func others(than keys: Set<String>) -> JSONObject {
    var others = JSONObject()
    guard isObject else { return others }
    JSONHandle.members(of: pointer) { key, value in
      let key = String(cString: key)
      if !keys.contains(key) { others.append(key, JSON(value)) }
    }
    return others
  }

  /// Whether the key is there with a value other than null.
  public func has(_ key: String) -> Bool { member(key) != nil }

  /// The value of a key, nil where it is missing.
  public func value(_ key: String) -> JSON? {
    var value: OpaquePointer?
    guard isObject, json_object_object_get_ex(pointer, key, &value) != 0 else { return Optional.none }
    return JSON(value)
  }

  /// The text of a key's value as it stands in the file; only in an element that a stream hands out, and only until
  /// the stream's closure returns. Nil where the key is missing.
  public func text(_ key: String) -> String? {
    for span in spans where bytes[span.key].elementsEqual(key.utf8) {
      return String(decoding: bytes[span.value], as: UTF8.self)
    }
    return nil
  }

  /// The member of a key as an element of its own; nil where it is missing or null.
  public func element(_ key: String) -> JSONElement? {
    member(key).map { JSONElement(self, $0, path(key)) }
  }

  /// The text or number of a key as text; nil where it is missing or null. For formats whose writers use both.
  public func optionalText(_ key: String) throws(DocumentError) -> String? {
    guard let value = member(key) else { return nil }
    switch json_object_get_type(value) {
    case json_type_string: return JSON.text(value)
    case json_type_int, json_type_double: return String(cString: json_object_get_string(value))
    case json_type_boolean: return json_object_get_boolean(value) != 0 ? "1" : "0"
    default: throw error(key, "is \(found(value)), not a text or a number")
    }
  }

  /// The elements of an array under a key. One object without the array counts as one element; a missing key as none.
  public func elements(_ key: String) -> [JSONElement] {
    guard let value = member(key) else { return [] }
    guard json_object_get_type(value) == json_type_array else { return [JSONElement(self, value, path(key))] }
    return (0..<json_object_array_length(value)).map {
      JSONElement(self, json_object_array_get_idx(value, $0), "\(path(key))[\($0)]")
    }
  }

  /// The text of a key; nil where it is missing or null.
  public func optionalString(_ key: String) throws(DocumentError) -> String? {
    guard let value = member(key) else { return nil }
    guard json_object_get_type(value) == json_type_string else { throw error(key, "is \(found(value)), not a string") }
    return JSON.text(value)
  }

  /// The text of a key that must be there.
  public func string(_ key: String) throws(DocumentError) -> String { try required(key, try optionalString(key)) }

  /// An error about the value of a key, or about the element itself with an empty key.
  public func error(_ key: String, _ reason: String) -> DocumentError {
    .json(file: file, path: key.isEmpty ? path : path(key), offset: offset, reason: reason)
  }

  /// The error of a key without a value: it is missing, null or empty, or this is no object at all.
  public func missing(_ key: String) -> DocumentError {
    guard isObject else { return error("", "is \(found(pointer)), not an object") }
    switch value(key) {
    case nil: return error("", "the key \"\(key)\" is missing")
    case .some(.null): return error(key, "is null")
    default: return error(key, "is empty")
    }
  }

  /// The value of a key; nil where it is missing or null.
  func member(_ key: String) -> OpaquePointer? {
    var value: OpaquePointer?
    return isObject && json_object_object_get_ex(pointer, key, &value) != 0 ? value : nil
  }

  /// A value that must be there.
  func required<Value>(_ key: String, _ value: Value?) throws(DocumentError) -> Value {
    guard let value else { throw missing(key) }
    return value
  }

  /// A value as an error shows it.
  func found(_ value: OpaquePointer?) -> String {
    let json = JSON(value)
    switch json {
    case .number(let text): return text
    case .string(let text): return "the string \"\(text.prefix(40))\""
    default: return json.kind
    }
  }

  private func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
