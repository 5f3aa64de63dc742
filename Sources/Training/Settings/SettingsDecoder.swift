/// Reads a tree of settings into a value; every error names the file and line, or the `--set`, of the key.
final class SettingsDecoder: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  let node: SettingsNode
  /// The dotted path of the node, for errors.
  let path: String

  init(node: SettingsNode, path: String) {
    self.node = node
    self.path = path
  }

  /// The value at this node; a group's rules are checked here.
  func value<T: Decodable>(_ type: T.Type) throws -> T {
    switch type {
    case is Bool.Type: return try convert(plainText.flatMap { Bool($0) }, "true or false")
    case is String.Type: return try convert(text, "text")
    case is any FixedWidthInteger.Type:
      guard let integer = type as? any FixedWidthInteger.Type else { break }
      return try convert(plainText.flatMap { parsed($0, as: integer) }, "a whole number")
    case is Double.Type: return try convert(number, "a number")
    case is Float.Type: return try convert(number.map { Float($0) }, "a number")
    default: break
    }
    let wanted = allowedValues(of: type)
    do {
      let result = try type.init(from: self)
      if let group = result as? any Settings { try check(group) }
      return result
    } catch let error as SettingsError {
      guard let wanted, case .wrongType = error else { throw error }
      throw wrongType(wanted)
    } catch let error as DecodingError {
      throw wrongType(wanted ?? reason(error))
    }
  }

  private var text: String? {
    guard case .value(let text, _) = node.content else { return nil }
    return text
  }

  private var plainText: String? {
    guard case .value(let text, quoted: false) = node.content else { return nil }
    return text
  }

  private var number: Double? {
    plainText.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }

  private func parsed<T: FixedWidthInteger>(_ text: String, as type: T.Type) -> T? { T(text) }

  private func convert<T>(_ value: Any?, _ wanted: String) throws -> T {
    guard let result = value as? T else { throw wrongType(wanted) }
    return result
  }

  func wrongType(_ wanted: String) -> SettingsError {
    .wrongType(place: "\(node.origin)", key: path, found: node.found, wanted: wanted)
  }

  private func check(_ group: any Settings) throws {
    for rule in group.rules where !rule.holds {
      let culprit = node.node(at: rule.key.split(separator: ".").map(String.init)) ?? node
      throw SettingsError.refused(
        place: "\(culprit.origin)", key: child(rule.key), found: culprit.found, wanted: rule.wanted)
    }
  }

  private func reason(_ error: DecodingError) -> String {
    switch error {
    case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
      .valueNotFound(_, let context):
      context.debugDescription
    @unknown default: "another value"
    }
  }

  func child(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .group(let entries) = node.content else { throw wrongType("a group of keys") }
    return KeyedDecodingContainer(Keyed<Key>(decoder: self, entries: entries))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let items) = node.content else { throw wrongType("a list") }
    return Unkeyed(decoder: self, items: items)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }

  private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: SettingsDecoder
    let entries: [SettingsNode.Entry]
    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { entries.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool { decoder.node[key.stringValue.snakeCased] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      let name = key.stringValue.snakeCased
      guard let node = decoder.node[name] else {
        throw SettingsError.wrongType(
          place: "\(decoder.node.origin)", key: decoder.child(name), found: "missing", wanted: "a value")
      }
      return try SettingsDecoder(node: node, path: decoder.child(name)).value(type)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { plainOnly(key.stringValue) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { plainOnly(key.stringValue) }

    func superDecoder() throws -> any Decoder { plainOnly("super") }

    func superDecoder(forKey key: Key) throws -> any Decoder { plainOnly(key.stringValue) }
  }

  private struct Unkeyed: UnkeyedDecodingContainer {
    let decoder: SettingsDecoder
    let items: [SettingsNode]
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex == items.count }

    init(decoder: SettingsDecoder, items: [SettingsNode]) {
      self.decoder = decoder
      self.items = items
    }

    mutating func decodeNil() throws -> Bool { false }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
      guard !isAtEnd else {
        throw decoder.wrongType("a list of more than \(items.count)")
      }
      defer { currentIndex += 1 }
      return try SettingsDecoder(node: items[currentIndex], path: "\(decoder.path)[\(currentIndex)]").value(type)
    }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { plainOnly("list") }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { plainOnly("list") }

    mutating func superDecoder() throws -> any Decoder { plainOnly("list") }
  }

  private struct Single: SingleValueDecodingContainer {
    let decoder: SettingsDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.value(type) }
  }
}

/// "one of a, b, c" for an enum with raw values whose cases are known, nil for other types.
private func allowedValues(of type: Any.Type) -> String? {
  guard let cases = (type as? any CaseIterable.Type).map({ rawValues(of: $0) }), !cases.isEmpty else { return nil }
  return "one of " + cases.joined(separator: ", ")
}

private func rawValues<T: CaseIterable>(of type: T.Type) -> [String] {
  type.allCases.compactMap { ($0 as? any RawRepresentable).map { "\($0.rawValue)" } }
}
