/// One object of a JSON file while it is read, with typed access whose errors name file, path and byte.
public struct JSONElement {
  /// The whole value.
  public let json: JSON
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
      try body(JSONElement(JSON(parsing: bytes, file: path), file: path, bytes))
    }
  }

  /// An element that a scan has gone over, which knows where its members stand.
  init(_ json: JSON, scan: JSONScan, offset: Int) {
    self.json = json
    file = scan.file
    path = scan.base
    self.offset = offset
    spans = scan.members
    bytes = scan.bytes
  }

  /// What a file holds.
  init(_ json: JSON, file: String, _ bytes: UnsafeRawBufferPointer) {
    self.json = json
    self.file = file
    (path, offset, spans, self.bytes) = ("", 0, [], bytes)
  }

  private init(_ parent: JSONElement, _ json: JSON, _ path: String) {
    self.json = json.opened
    file = parent.file
    self.path = path
    offset = parent.offset
    spans = []
    bytes = parent.bytes
  }

  /// Whether it is an object; the accessors by key find nothing in anything else.
  public var isObject: Bool { json.isObject }

  /// The keys in the file's order.
  public var keys: [String] { json.object?.keys ?? [] }

  /// All members but those with the given keys, in the file's order.
  public func others(than keys: Set<String>) -> JSONObject {
    json.object?.filter { !keys.contains($0.key) } ?? JSONObject()
  }

  /// Whether the key is there with a value other than null.
  public func has(_ key: String) -> Bool { member(key) != nil }

  /// The value of a key, nil where it is missing.
  public func value(_ key: String) -> JSON? { json[key] }

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
    switch value.content {
    case .string(let text), .number(let text): return text
    case .bool(let flag): return flag ? "1" : "0"
    default: throw error(key, "is \(found(value)), not a text or a number")
    }
  }

  /// The elements of an array under a key. One object without the array counts as one element; a missing key as none.
  public func elements(_ key: String) -> some Sequence<JSONElement> {
    let value = member(key)
    let list = value?.array
    // One after the other: an element has more words than a short value has bytes.
    return (list ?? value.map { [$0] } ?? []).enumerated().lazy.map { index, json in
      JSONElement(self, json, list == nil ? path(key) : "\(path(key))[\(index)]")
    }
  }

  /// The text of a key; nil where it is missing or null.
  public func optionalString(_ key: String) throws(DocumentError) -> String? {
    guard let value = member(key) else { return nil }
    guard let text = value.string else { throw error(key, "is \(found(value)), not a string") }
    return text
  }

  /// The text of a key that must be there.
  public func string(_ key: String) throws(DocumentError) -> String { try required(key, try optionalString(key)) }

  /// An error about the value of a key, or about the element itself with an empty key.
  public func error(_ key: String, _ reason: String) -> DocumentError {
    .json(file: file, path: key.isEmpty ? path : path(key), offset: offset, reason: reason)
  }

  /// The error of a key without a value: it is missing, null or empty, or this is no object at all.
  public func missing(_ key: String) -> DocumentError {
    guard isObject else { return error("", "is \(found(json)), not an object") }
    switch value(key) {
    case nil: return error("", "the key \"\(key)\" is missing")
    case let value? where value.isNull: return error(key, "is null")
    default: return error(key, "is empty")
    }
  }

  /// The value of a key; nil where it is missing or null.
  func member(_ key: String) -> JSON? {
    // `nil` could be JSON's null here.
    if let value = json[key], !value.isNull { .some(value) } else { Optional.none }
  }

  /// A value that must be there.
  func required<Value>(_ key: String, _ value: Value?) throws(DocumentError) -> Value {
    guard let value else { throw missing(key) }
    return value
  }

  /// A value as an error shows it.
  func found(_ value: JSON) -> String {
    switch value.content {
    case .number(let text): text
    case .string(let text): "the string \"\(text.prefix(40))\""
    default: value.kind
    }
  }

  private func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
