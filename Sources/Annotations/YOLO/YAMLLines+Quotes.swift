import Documents

extension YAMLLines {
  /// Whether a text begins with a quote, whatever would be one `Character` with it.
  static func isQuoted(_ text: Substring) -> Bool {
    text.utf8.first == UInt8(ascii: "\"") || text.utf8.first == UInt8(ascii: "'")
  }

  /// A text in single or double quotes at the start of `text`, and what is behind it. It goes by code points: a quote or a backslash is
  /// one before a combining character, too.
  func quoted(_ text: Substring, _ line: Line) throws(DocumentError) -> (value: String, rest: Substring) {
    var rest = text.unicodeScalars
    guard let quote = rest.popFirst() else { throw error(line, "has no quoted text") }
    var value = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == quote {
        guard quote == "'", rest.first == "'" else { return (String(value), Substring(rest)) }
        value.append("'")
        rest = rest.dropFirst()
      } else if scalar == "\\", quote == "\"" {
        value.append(try escaped(&rest, line))
      } else {
        value.append(scalar)
      }
    }
    throw error(line, "has no \(quote) at the end of a quoted text")
  }

  /// What stands for one code point behind a backslash (YAML 1.2.2, section 5.7).
  private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
    "\"": "\"", "\\": "\\", "/": "/", " ": " ", "0": "\0", "a": "\u{7}", "b": "\u{8}", "t": "\t", "n": "\n",
    "v": "\u{B}", "f": "\u{C}", "r": "\r", "e": "\u{1B}", "N": "\u{85}", "_": "\u{A0}", "L": "\u{2028}",
    "P": "\u{2029}",
  ]
  /// How many hexadecimal digits follow a letter.
  private static let digitCounts: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]

  private func escaped(
    _ rest: inout Substring.UnicodeScalarView, _ line: Line
  ) throws(DocumentError) -> Unicode.Scalar {
    if let letter = rest.popFirst() {
      if let scalar = Self.escapes[letter] { return scalar }
      let count = Self.digitCounts[letter] ?? 0
      let digits = rest.prefix(count)
      if count > 0, digits.count == count, digits.allSatisfy(\.properties.isASCIIHexDigit),
        let number = UInt32(Substring(digits), radix: 16), let scalar = Unicode.Scalar(number)
      {
        rest = rest.dropFirst(count)
        return scalar
      }
    }
    throw error(line, "has a backslash that begins no character")
  }

  /// A text as YAML: as it stands where nobody could take it for something else, else in double quotes as JSON has them, and what
  /// YAML takes for the end of a line or does not print as `\x85` or `\u2028`.
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
    var quoted = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x7F...0x9F: quoted += "\\x" + String(scalar.value, radix: 16)
      case 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: quoted += "\\u" + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted
  }
}
