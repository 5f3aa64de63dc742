import Documents

extension YAMLLines {
  /// A text in single or double quotes at the start of `text`, and what is behind it.
  func quoted(_ text: Substring, _ line: Line) throws(DocumentError) -> (value: String, rest: Substring) {
    guard let quote = text.first else { throw error(line, "has no quoted text") }
    var value = ""
    var rest = text.dropFirst()
    while let character = rest.popFirst() {
      if character == quote {
        guard quote == "'", rest.first == "'" else { return (value, rest) }
        value.append("'")
        rest = rest.dropFirst()
      } else if character == "\\", quote == "\"" {
        value.append(try escaped(&rest, line))
      } else {
        value.append(character)
      }
    }
    throw error(line, "has no \(quote) at the end of a quoted text")
  }

  private func escaped(_ rest: inout Substring, _ line: Line) throws(DocumentError) -> Character {
    switch rest.popFirst() {
    case "\""?: return "\""
    case "\\"?: return "\\"
    case "/"?: return "/"
    case "n"?: return "\n"
    case "t"?: return "\t"
    case "r"?: return "\r"
    case "u"?:
      let digits = rest.prefix(4)
      guard digits.count == 4, let number = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(number) else {
        break
      }
      rest = rest.dropFirst(4)
      return Character(scalar)
    default: break
    }
    throw error(line, "has a backslash that begins no character")
  }

  /// A text as YAML: as it stands where nobody could take it for something else, else in double quotes as JSON has them.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: " "), UInt8(ascii: ".")].contains(
            byte)
      } && text.first?.isLetter == true && text.last != " "
    let isWord = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
    if isPlain, !isWord { return text }
    var bytes: [UInt8] = []
    JSON.append(string: text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
