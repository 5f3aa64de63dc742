extension JSONCursor {
  /// Takes a whole value, as json-c would give it.
  public mutating func value() -> JSON? { value(depth: 0) }

  private mutating func value(depth: Int) -> JSON? {
    guard depth < Self.deepest else { return nil }
    switch peek() {
    case UInt8(ascii: "\""): return text().map { .string(string($0)) }
    case UInt8(ascii: "t"): return take(word: "true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take(word: "false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take(word: "null") ? .null : nil
    case UInt8(ascii: "["):
      at += 1
      var elements: [JSON] = []
      if take(UInt8(ascii: "]")) { return .array(elements) }
      while let element = value(depth: depth + 1) {
        // Growing by doubling would take three times the memory in the end.
        if elements.count == Self.manyElements { elements.reserveCapacity(elements.count + commasAhead() + 1) }
        elements.append(element)
        if take(UInt8(ascii: "]")) { return .array(elements) }
        guard take(UInt8(ascii: ",")) else { return nil }
      }
      return nil
    case UInt8(ascii: "{"):
      at += 1
      var object = JSONObject()
      var seen = SeenKeys()
      if take(UInt8(ascii: "}")) { return .object(object) }
      while let key = key() {
        guard seen.insert(key, in: bytes), let value = value(depth: depth + 1) else { return nil }
        object.append(string(key), value)
        if take(UInt8(ascii: "}")) { return .object(object) }
        guard take(UInt8(ascii: ",")) else { return nil }
      }
      return nil
    default: return number().map { .number(string($0.range)) }
    }
  }
}

extension JSONCursor {
  /// From how many elements on an array has the others counted before it grows.
  private static let manyElements = 1 << 12

  /// How many commas of the array that is being read lie ahead, at the most.
  private func commasAhead() -> Int {
    var (count, depth, position) = (0, 0, at)
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: ","): count += depth == 0 ? 1 : 0
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if depth == 0 { return count }
        depth -= 1
      case UInt8(ascii: "\""):
        repeat {
          position += 1
          // A text with an escape is not plain: nothing after it is wanted.
          if position < end, bytes[position] == UInt8(ascii: "\\") { return count }
        } while position < end && bytes[position] != UInt8(ascii: "\"")
      default: break
      }
      position += 1
    }
    return count
  }
}

extension JSONObject {
  /// The most members of an object that are still compared one by one.
  private static let mostPlain = 64

  /// Appends a member of a file; false for a key that is there, and for more members than plain objects have.
  public mutating func add(_ key: String, _ value: JSON) -> Bool {
    guard count < Self.mostPlain, self[key] == nil else { return false }
    append(key, value)
    return true
  }
}
