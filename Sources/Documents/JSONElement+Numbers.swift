extension JSONElement {
  /// The integer of a key; nil where it is missing or null.
  public func optionalInt(_ key: String) throws(DocumentError) -> Int? {
    guard let value = member(key) else { return nil }
    guard let whole = value.int else { throw error(key, "is \(found(value)), not an integer") }
    return whole
  }

  /// The integer of a key that must be there.
  public func int(_ key: String) throws(DocumentError) -> Int { try required(key, try optionalInt(key)) }

  /// The number of a key; nil where it is missing or null.
  public func optionalDouble(_ key: String) throws(DocumentError) -> Double? {
    guard let value = member(key) else { return nil }
    return try double(value, key)
  }

  /// The number of a key that must be there.
  public func double(_ key: String) throws(DocumentError) -> Double { try required(key, try optionalDouble(key)) }

  /// The numbers of a key's array; nil where the key is missing or null.
  public func optionalDoubles(_ key: String) throws(DocumentError) -> [Double]? {
    guard let value = member(key) else { return nil }
    guard let elements = value.array else { throw error(key, "is \(found(value)), not an array") }
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() { numbers.append(try double(element, "\(key)[\(index)]")) }
    return numbers
  }

  private func double(_ value: JSON, _ key: @autoclosure () -> String) throws(DocumentError) -> Double {
    guard let number = value.double else { throw error(key(), "is \(found(value)), not a number") }
    return number
  }
}
