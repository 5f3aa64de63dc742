/// A JSON value with everything kept that a file may say: the order of keys and the text of numbers.
///
/// Read by json-c (`init(parsing:file:)`), written by `serialized(pretty:)`. For large files see `JSONStream`.
public enum JSON: Sendable, Equatable {
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

  /// The value of an object's key; nil for a missing key and for what is no object.
  public subscript(key: String) -> JSON? {
    if case .object(let object) = self { return object[key] }
    return nil
  }

  /// The number as an integer; nil where it is none, as in `1.5`, `"1"` and what exceeds 64 bits. `2.0` is one.
  public var int: Int? {
    guard case .number(let text) = self else { return nil }
    if let value = Int(text) { return value }
    return Double(text).flatMap { Int(exactly: $0) }
  }

  /// The number as a double.
  public var double: Double? {
    if case .number(let text) = self { return Double(text) }
    return nil
  }

  /// The text of a string.
  public var string: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// `true` or `false`.
  public var bool: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  /// The elements of an array.
  public var array: [JSON]? {
    if case .array(let elements) = self { return elements }
    return nil
  }

  /// The members of an object.
  public var object: JSONObject? {
    if case .object(let object) = self { return object }
    return nil
  }

  /// What kind of value it is, as error messages name it.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .number(String(value)) }
  /// A number.
  public init(floatLiteral value: Double) { self.init(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Values in order.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// Named values in order. A key given twice is a programming error.
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }

  /// An integer.
  public init(_ value: Int) { self = .number(String(value)) }

  /// A number in the shortest text that reads back as the same value, without `.0` for whole numbers below 2⁵³.
  /// JSON knows no NaN and no infinity: they become `null`.
  public init(_ value: Double) {
    self = value.isFinite ? .number(Self.text(of: value)) : .null
  }

  /// A text.
  public init(_ value: String) { self = .string(value) }

  /// The shortest text that reads back as `value`, which must be finite; whole numbers below 2⁵³ without `.0`.
  public static func text(of value: Double) -> String {
    if abs(value) < 9_007_199_254_740_992, value == value.rounded(.towardZero), !(value == 0 && value.sign == .minus) {
      return String(Int(value))
    }
    return value.description
  }
}
