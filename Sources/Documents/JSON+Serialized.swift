extension JSON {
  /// The value as JSON text: keys in their order, numbers as they were read, so the same value gives the same bytes.
  ///
  /// - Parameter pretty: one member or element a line, indented by two spaces, with a newline at the end; else one line.
  public func serialized(pretty: Bool = false) -> String {
    var bytes: [UInt8] = []
    append(to: &bytes, pretty: pretty)
    if pretty { bytes.append(UInt8(ascii: "\n")) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the JSON text to `bytes`; `indent` is the level at which a pretty text begins.
  public func append(to bytes: inout [UInt8], pretty: Bool = false, indent: Int = 0) {
    switch content {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .number(let text): bytes.append(contentsOf: text.utf8)
    case .string(let text): Self.append(string: text, to: &bytes)
    case .array(let elements):
      Self.appendList("[", "]", elements, to: &bytes, pretty, indent) { element, bytes in
        element.append(to: &bytes, pretty: pretty, indent: indent + 1)
      }
    case .object(let object):
      Self.appendList("{", "}", object.members, to: &bytes, pretty, indent) { member, bytes in
        Self.append(string: member.key, to: &bytes)
        bytes.append(contentsOf: (pretty ? ": " : ":").utf8)
        member.value.append(to: &bytes, pretty: pretty, indent: indent + 1)
      }
    }
  }

  /// Appends a text in quotes, with quotes, backslashes and control characters escaped; the rest stays as UTF-8.
  public static func append(string: String, to bytes: inout [UInt8]) {
    var string = string
    bytes.append(UInt8(ascii: "\""))
    string.withUTF8 { text in
      for byte in text {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        case 0..<32:
          let digits = Array("0123456789abcdef".utf8)
          bytes.append(contentsOf: "\\u00".utf8)
          bytes.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
        default: bytes.append(byte)
        }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func appendList<Element>(
    _ open: String, _ close: String, _ elements: [Element], to bytes: inout [UInt8], _ pretty: Bool, _ indent: Int,
    _ appendElement: (Element, inout [UInt8]) -> Void
  ) {
    bytes.append(contentsOf: open.utf8)
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if pretty { breakLine(indent + 1, &bytes) }
      appendElement(element, &bytes)
    }
    if pretty, !elements.isEmpty { breakLine(indent, &bytes) }
    bytes.append(contentsOf: close.utf8)
  }

  private static func breakLine(_ indent: Int, _ bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
  }
}
