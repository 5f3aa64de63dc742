/// Turns a value's declarations into a tree of settings: the defaults, with keys in snake_case and in declared order.
final class SettingsEncoder: Encoder {
  var codingPath: [any CodingKey] = []
  var userInfo: [CodingUserInfoKey: Any] = [:]
  private var content = SettingsNode.Content.group([])

  /// The tree of `value`.
  static func node(of value: some Encodable) throws -> SettingsNode {
    let encoder = SettingsEncoder()
    try encoder.encode(value)
    return SettingsNode(content: encoder.content, origin: .declaration)
  }

  private func encode(_ value: some Encodable) throws {
    switch value {
    case let text as String: content = .value(text, quoted: true)
    case let flag as Bool: content = .value(flag ? "true" : "false", quoted: false)
    case let number as any BinaryInteger: content = .value("\(number)", quoted: false)
    case let number as Double: content = .value("\(number)", quoted: false)
    case let number as Float: content = .value("\(number)", quoted: false)
    default: try value.encode(to: self)
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    content = .group([])
    return KeyedEncodingContainer(Keyed<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    content = .list([])
    return Unkeyed(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }

  private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: SettingsEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
      guard case .group(var entries) = encoder.content else { return }
      entries.append(.init(key: key.stringValue.snakeCased, node: try SettingsEncoder.node(of: value)))
      encoder.content = .group(entries)
    }

    mutating func encodeNil(forKey key: Key) { noOptionals(key.stringValue) }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { plainOnly(key.stringValue) }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { plainOnly(key.stringValue) }

    mutating func superEncoder() -> any Encoder { plainOnly("super") }

    mutating func superEncoder(forKey key: Key) -> any Encoder { plainOnly(key.stringValue) }
  }

  private struct Unkeyed: UnkeyedEncodingContainer {
    let encoder: SettingsEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    private(set) var count = 0

    init(encoder: SettingsEncoder) { self.encoder = encoder }

    mutating func encode<T: Encodable>(_ value: T) throws {
      guard case .list(var items) = encoder.content else { return }
      items.append(try SettingsEncoder.node(of: value))
      encoder.content = .list(items)
      count += 1
    }

    mutating func encodeNil() { noOptionals("list") }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
      plainOnly("list")
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { plainOnly("list") }

    mutating func superEncoder() -> any Encoder { plainOnly("list") }
  }

  private struct Single: SingleValueEncodingContainer {
    let encoder: SettingsEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encode<T: Encodable>(_ value: T) throws { try encoder.encode(value) }

    mutating func encodeNil() { noOptionals("value") }
  }
}

/// Ends the program for a settings type that has an optional: absence is a named case there.
func noOptionals(_ key: String) -> Never {
  preconditionFailure("settings key '\(key)': expected a value or a named case, got nil")
}

/// Ends the program for a settings type that is neither a struct, a list, an enum with raw values nor a single value.
func plainOnly(_ key: String) -> Never {
  preconditionFailure("settings key '\(key)': expected a struct, list, raw-value enum or single value")
}
