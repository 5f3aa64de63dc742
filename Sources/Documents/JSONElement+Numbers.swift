import CJSON

extension JSONElement {
  /// The integer of a key; nil where it is missing or null.
  public func optionalInt(_ key: String) throws(DocumentError) -> Int? {
    guard let value = member(key) else { return nil }
    if json_object_get_type(value) == json_type_int { return Int(json_object_get_int64(value)) }
    guard json_object_get_type(value) == json_type_double, let whole = Int(exactly: json_object_get_double(value))
    else {
      throw error(key, "is \(found(value)), not an integer")
    }
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
    guard json_object_get_type(value) == json_type_array else { throw error(key, "is \(found(value)), not an array") }
    var numbers: [Double] = []
    for index in 0..<json_object_array_length(value) {
      numbers.append(try double(json_object_array_get_idx(value, index), "\(key)[\(index)]"))
    }
    return numbers
  }

  private func double(_ value: OpaquePointer?, _ key: String) throws(DocumentError) -> Double {
    switch json_object_get_type(value) {
    case json_type_int, json_type_double: return json_object_get_double(value)
    default: throw error(key, "is \(found(value)), not a number")
    }
  }
}
