/// A JSON value with everything kept that a file may say: the order of keys and the text of numbers.
///
/// Arrays and objects of a file stay the text that they are there, which takes up to thirty times less memory than their values;
/// these are made when they are asked for. Written by `serialized(pretty:)`. For large files see `JSONStream`.
public struct JSON: Sendable {
  /// What a value is, with what is in it.
  public enum Content: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as it stands in the file, so that `0.10` is written back as `0.10`.
    case number(String)
    /// A text, unescaped.
    case string(String)
    /// Values in order.
    case array([JSON])
    /// Named values in order.
    case object(JSONObject)
  }

  private enum Storage {
    case content(Content)
    case text(JSONText)
  }
  private let storage: Storage

  /// A value of this content.
  public init(_ content: Content) { storage = .content(content) }

  /// An array or object as it stands in a file.
  init(_ text: JSONText) { storage = .text(text) }

  /// What it is. Of an array or object of a file this makes the elements or members, each time anew.
  public var content: Content {
    switch storage {
    case .content(let content): content
    case .text(let text): text.isArray ? .array(text.elements) : .object(text.object)
    }
  }

  /// The same value with its elements or members made, for many looks at them; what is in these stays text.
  var opened: JSON { JSON(content) }

  /// The value of an object's key; nil for a missing key and for what is no object.
  public subscript(key: String) -> JSON? {
    switch storage {
    case .content(.object(let object)): object[key]
    case .content: nil
    case .text(let text): text[key]
    }
  }

  /// The number as an integer; nil where it is none, as in `1.5`, `"1"` and what exceeds 64 bits. `2.0` is one.
  public var int: Int? {
    guard case .content(.number(let text)) = storage else { return nil }
    if let value = Int(text) { return value }
    return Double(text).flatMap { Int(exactly: $0) }
  }

  /// The number as a double.
  public var double: Double? {
    if case .content(.number(let text)) = storage { return Double(text) }
    return nil
  }

  /// The text of a string.
  public var string: String? {
    if case .content(.string(let text)) = storage { return text }
    return nil
  }

  /// `true` or `false`.
  public var bool: Bool? {
    if case .content(.bool(let value)) = storage { return value }
    return nil
  }

  /// Whether it is `null`.
  public var isNull: Bool {
    if case .content(.null) = storage { return true }
    return false
  }

  /// Whether it is an array.
  public var isArray: Bool {
    switch storage {
    case .content(.array): true
    case .content: false
    case .text(let text): text.isArray
    }
  }

  /// Whether it is an object.
  public var isObject: Bool {
    switch storage {
    case .content(.object): true
    case .content: false
    case .text(let text): !text.isArray
    }
  }

  /// The elements of an array.
  public var array: [JSON]? {
    if isArray, case .array(let elements) = content { return elements }
    return nil
  }

  /// The members of an object.
  public var object: JSONObject? {
    if isObject, case .object(let object) = content { return object }
    return nil
  }

  /// What kind of value it is, as error messages name it.
  public var kind: String {
    if isArray { return "an array" }
    if isObject { return "an object" }
    return switch content {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    default: "a string"
    }
  }
}

extension JSON: Equatable {
  /// Whether both say the same: numbers in the same text, keys in any order.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left.storage, right.storage) {
    case (.content(let one), .content(let other)): one == other
    case (.text(let one), .text(let other)) where one.isSame(as: other): true
    default: left.isArray == right.isArray && left.isObject == right.isObject && left.content == right.content
    }
  }
}
