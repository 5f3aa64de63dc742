import CJSON

/// Values of bytes that have been checked, by a ``JSONScan`` or a ``JSONCursor``.
extension JSON {
  /// The value that these bytes are. Arrays and objects are copied, no longer ones than ``JSONText/longest``.
  init(checked bytes: UnsafeRawBufferPointer) {
    switch bytes.first {
    case UInt8(ascii: "["), UInt8(ascii: "{"): self.init(JSONText(copying: bytes))
    default: self.init(checkedScalar: bytes)
    }
  }

  /// The text, number or word that these bytes are.
  init(checkedScalar bytes: UnsafeRawBufferPointer) {
    switch bytes.first {
    case UInt8(ascii: "\""): self = .string(Self.text(ofChecked: bytes))
    case UInt8(ascii: "t"): self = .bool(true)
    case UInt8(ascii: "f"): self = .bool(false)
    case UInt8(ascii: "n"): self = .null
    default:
      let text = String(decoding: bytes, as: UTF8.self)
      // An integer, which knows no sign of zero.
      self = .number(text == "-0" ? "0" : text)
    }
  }

  /// What a text in quotes says.
  static func text(ofChecked quoted: UnsafeRawBufferPointer) -> String {
    let inner = UnsafeRawBufferPointer(rebasing: quoted[1..<quoted.count - 1])
    return inner.contains(UInt8(ascii: "\\")) ? unescaped(quoted) : String(decoding: inner, as: UTF8.self)
  }

  /// What a text with escapes says, as json-c reads it.
  private static func unescaped(_ quoted: UnsafeRawBufferPointer) -> String {
    guard let tokener = json_tokener_new_ex(1) else { preconditionFailure("json-c: out of memory") }
    defer { json_tokener_free(tokener) }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
    let text = json_tokener_parse_ex(
      tokener, quoted.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(quoted.count))
    defer { json_object_put(text) }
    guard let start = json_object_get_string(text) else {
      preconditionFailure("json-c refuses a text that was checked")
    }
    // It may hold zero bytes.
    return String(
      decoding: UnsafeRawBufferPointer(start: start, count: Int(json_object_get_string_len(text))), as: UTF8.self)
  }
}
