/// An array or object as it stands in a file, checked: its values are made when they are asked for, and arrays and objects among
/// them are parts of the same text.
///
/// A tree of values would take up to thirty times the bytes of its text: an array has 32 bytes before its first element, and two
/// brackets make one.
struct JSONText: Sendable {
  private let start: UInt32
  private let end: UInt32
  private let bytes: [UInt8]

  /// The longest text that is kept. json-c, which resolves escapes, counts to twice that.
  static let longest = 1 << 30

  /// A copy of an array or object that has been checked, no longer than ``longest``.
  init(copying bytes: UnsafeRawBufferPointer) {
    self.bytes = Array(bytes)
    (start, end) = (0, UInt32(bytes.count))
  }

  private init(_ range: Range<Int>, of bytes: [UInt8]) {
    self.bytes = bytes
    (start, end) = (UInt32(range.lowerBound), UInt32(range.upperBound))
  }

  /// Whether it is an array; else it is an object.
  var isArray: Bool { bytes[Int(start)] == UInt8(ascii: "[") }

  /// The elements of an array.
  var elements: [JSON] {
    withParts { parts in
      var elements: [JSON] = []
      // Growing by doubling would take three times the memory in the end.
      elements.reserveCapacity(parts.count)
      while let range = parts.next() { elements.append(value(range, parts.bytes)) }
      return elements
    }
  }

  /// The members of an object.
  var object: JSONObject {
    withParts { parts in
      var object = JSONObject()
      object.reserve(parts.count / 2)
      while let key = parts.next(), let range = parts.next() {
        object.append(
          JSON.text(ofChecked: UnsafeRawBufferPointer(rebasing: parts.bytes[key])), value(range, parts.bytes))
      }
      return object
    }
  }

  /// The value of an object's key.
  subscript(key: String) -> JSON? {
    guard !isArray else { return nil }
    return withParts { parts in
      while let name = parts.next(), let range = parts.next() {
        if JSON.text(ofChecked: UnsafeRawBufferPointer(rebasing: parts.bytes[name])) == key {
          return value(range, parts.bytes)
        }
      }
      return nil
    }
  }

  /// Whether both are the same text, byte by byte.
  func isSame(as other: JSONText) -> Bool {
    bytes[Int(start)..<Int(end)] == other.bytes[Int(other.start)..<Int(other.end)]
  }

  private func value(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> JSON {
    let first = bytes[range.lowerBound]
    return first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
      ? JSON(JSONText(range, of: self.bytes))
      : JSON(checkedScalar: UnsafeRawBufferPointer(rebasing: bytes[range]))
  }

  private func withParts<Result>(_ body: (inout JSONParts) -> Result) -> Result {
    bytes.withUnsafeBytes { bytes in
      var parts = JSONParts(bytes, Int(start) + 1..<Int(end) - 1)
      return body(&parts)
    }
  }
}
