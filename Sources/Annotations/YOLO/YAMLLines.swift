import Documents

/// The lines of a small YAML file, and the values that stand in them: texts, lists of texts, and texts by key.
struct YAMLLines {
  struct Line {
    let number: Int
    let indent: Int
    let isIndentedByTab: Bool
    /// Without its indentation and what is behind it.
    let text: Substring
  }

  enum Value {
    case text(String)
    case list([String])
    case map([(String, String)])
  }

  /// The most items of a list, and keys with their texts: hostile files have more.
  static let mostItems = 100_000

  private let file: String
  private var lines: EnumeratedSequence<TextLines>.Iterator
  /// The next line that says something.
  private var ahead: Line?

  init(text: String, file: String) {
    self.file = file
    lines = text.lines.enumerated().makeIterator()
    advance()
  }

  private mutating func advance() {
    ahead = nil
    while ahead == nil, let (index, line) = lines.next() {
      let content = line.drop { $0 == " " || $0 == "\t" }
      if content.isEmpty || content.hasPrefix("#") || line == "---" || line == "..." { continue }
      let indent = line.distance(from: line.startIndex, to: content.startIndex)
      ahead = Line(
        number: index + 1, indent: indent, isIndentedByTab: line.prefix(indent).contains("\t"), text: content)
    }
  }

  func error(_ line: Line, _ reason: String) -> DocumentError {
    .content(file: "\(file):\(line.number)", reason: reason)
  }

  /// The next line that says something.
  mutating func next() -> Line? {
    defer { advance() }
    return ahead
  }

  /// Passes over the lines below the last one: indented ones, and the items of a list.
  mutating func skipBlock() throws(DocumentError) {
    while let line = ahead, line.indent > 0 || Self.isItem(line.text) { advance() }
  }

  private static func isItem(_ text: Substring) -> Bool { text == "-" || text.hasPrefix("- ") }

  /// The key of a line and what is behind its colon.
  func keyAndValue(_ line: Line) throws(DocumentError) -> (key: String, rest: Substring) {
    guard !line.isIndentedByTab else { throw error(line, "is indented by a tab, which YAML does not allow") }
    if Self.isQuoted(line.text) {
      let (key, rest) = try quoted(line.text, line)
      let behind = rest.drop { $0 == " " }
      guard behind.hasPrefix(":") else { throw error(line, "has no colon behind its key") }
      return (key, behind.dropFirst().drop { $0 == " " })
    }
    var at = line.text.startIndex
    while at < line.text.endIndex {
      let after = line.text.index(after: at)
      if line.text[at] == ":", after == line.text.endIndex || line.text[after] == " " {
        return (String(line.text[..<at]), line.text[after...].drop { $0 == " " })
      }
      at = after
    }
    throw error(line, "has no key and colon")
  }

  /// The value behind a key: on the same line, or in the lines below.
  mutating func value(_ rest: Substring, _ line: Line) throws(DocumentError) -> Value {
    if rest.hasPrefix("[") || rest.hasPrefix("{") { return try flow(rest, line) }
    guard rest.isEmpty || rest.hasPrefix("#") else {
      if let inner = ahead, inner.indent > line.indent {
        throw error(inner, "goes on with the line above, which is not read")
      }
      return .text(try scalar(rest, line))
    }
    var items: [String] = []
    var pairs: [(String, String)] = []
    while let inner = ahead, inner.indent > line.indent || Self.isItem(inner.text) {
      advance()
      guard !inner.isIndentedByTab else { throw error(inner, "is indented by a tab, which YAML does not allow") }
      if Self.isItem(inner.text) {
        items.append(try scalar(inner.text.dropFirst().drop { $0 == " " }, inner))
      } else {
        let (key, value) = try keyAndValue(inner)
        pairs.append((key, try scalar(value, inner)))
      }
      try checkCount(items.count + pairs.count, line)
    }
    guard items.isEmpty || pairs.isEmpty else { throw error(line, "has both items and keys below it") }
    return pairs.isEmpty ? (items.isEmpty ? .text("") : .list(items)) : .map(pairs)
  }

  private func checkCount(_ count: Int, _ line: Line) throws(DocumentError) {
    guard count <= Self.mostItems else { throw error(line, "has more than \(Self.mostItems) items") }
  }

  /// `[a, 'b']` or `{0: a, 1: b}`, which may go on over lines.
  private mutating func flow(_ rest: Substring, _ line: Line) throws(DocumentError) -> Value {
    let isList = rest.hasPrefix("[")
    let close: Character = isList ? "]" : "}"
    var items: [String] = []
    var pairs: [(String, String)] = []
    var text = rest.dropFirst()
    while true {
      text = text.drop { $0 == " " }
      if text.isEmpty || text.hasPrefix("#") {
        guard let inner = next() else { throw error(line, "has no \(close) at its end") }
        text = inner.text
        continue
      }
      if text.first == close { break }
      if isList {
        items.append(try flowScalar(&text, close, line))
      } else {
        let key = try flowScalar(&text, ":", line)
        guard text.first == ":" else { throw error(line, "has no colon behind \(key)") }
        text = text.dropFirst().drop { $0 == " " }
        pairs.append((key, try flowScalar(&text, close, line)))
      }
      try checkCount(items.count + pairs.count, line)
      text = text.drop { $0 == " " }
      if text.first == "," {
        text = text.dropFirst()
      } else if !text.isEmpty, text.first != close {
        throw error(line, "has neither a comma nor \(close) after an item")
      }
    }
    let behind = text.dropFirst().drop { $0 == " " }
    guard behind.isEmpty || behind.hasPrefix("#") else { throw error(line, "has something behind \(close)") }
    return isList ? .list(items) : .map(pairs)
  }

  private func flowScalar(_ text: inout Substring, _ end: Character, _ line: Line) throws(DocumentError) -> String {
    if Self.isQuoted(text) {
      let (value, rest) = try quoted(text, line)
      text = rest.drop { $0 == " " }
      return value
    }
    let value = text.prefix { $0 != "," && $0 != end }
    text = text.dropFirst(value.count)
    return try scalar(value, line)
  }

  /// One text: in quotes, or as it stands up to a comment.
  private func scalar(_ text: Substring, _ line: Line) throws(DocumentError) -> String {
    guard let first = text.first else { return "" }
    if Self.isQuoted(text) {
      let (value, rest) = try quoted(text, line)
      let behind = rest.drop { $0 == " " }
      guard behind.isEmpty || behind.hasPrefix("#") else { throw error(line, "has something behind a quoted text") }
      return value
    }
    guard !"&*!|>@`%[]{}".contains(first) else {
      throw error(line, "has a value beginning with \(first), which is not read; put it in quotes")
    }
    var end = text.endIndex
    var at = text.startIndex
    while at < text.endIndex {
      if text[at] == "#", at == text.startIndex || text[text.index(before: at)] == " " {
        end = at
        break
      }
      at = text.index(after: at)
    }
    var value = text[..<end]
    while let last = value.last, last == " " || last == "\t" { value = value.dropLast() }
    return value == "~" || value == "null" ? "" : String(value)
  }
}
