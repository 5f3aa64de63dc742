extension JSON {
  /// `null`.
  public static let null = JSON(Content.null)
  /// `true` or `false`.
  public static func bool(_ value: Bool) -> JSON { JSON(Content.bool(value)) }
  /// A number of this text, which must follow JSON's grammar.
  public static func number(_ text: String) -> JSON { JSON(Content.number(text)) }
  /// A text.
  public static func string(_ text: String) -> JSON { JSON(Content.string(text)) }
  /// Values in order.
  public static func array(_ elements: [JSON]) -> JSON { JSON(Content.array(elements)) }
  /// Named values in order.
  public static func object(_ members: JSONObject) -> JSON { JSON(Content.object(members)) }

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
}
