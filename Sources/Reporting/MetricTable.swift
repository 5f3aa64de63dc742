import Documents

/// A small table of texts that prints as Markdown, as plain text, and in an ``HTMLReport``.
public struct MetricTable: Sendable, Equatable {
  /// On which side of its column a text stands.
  public enum Alignment: Sendable {
    /// Words.
    case left
    /// Numbers.
    case right
  }

  /// A column's title and alignment.
  public struct Column: Sendable, Equatable {
    /// The text in the first line.
    public var title: String
    /// Where its texts stand.
    public var alignment: Alignment

    /// A column; numbers are usual.
    public init(_ title: String, _ alignment: Alignment = .right) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// The columns, from left to right.
  public let columns: [Column]
  /// The texts, row by row; each row has as many as there are columns.
  public private(set) var rows: [[String]] = []

  /// An empty table.
  public init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row.
  ///
  /// - Precondition: one text for each column.
  public mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "MetricTable: a row has \(row.count) texts, expected \(columns.count)")
    rows.append(row)
  }

  /// GitHub's Markdown, padded so that the source is readable too; ends without a newline.
  public var markdown: String {
    let cells = rows.map { $0.map(Self.escapedForMarkdown) }
    let titles = columns.map { Self.escapedForMarkdown($0.title) }
    let widths = columns.indices.map { column in max(3, ([titles] + cells).map { $0[column].columns }.max() ?? 0) }
    func line(_ texts: [String]) -> String {
      "| " + texts.indices.map { padded(texts[$0], widths[$0], columns[$0].alignment) }.joined(separator: " | ") + " |"
    }
    let rule = columns.indices.map { column in
      let dashes = String(repeating: "-", count: widths[column] - 1)
      return columns[column].alignment == .right ? dashes + ":" : dashes + "-"
    }
    return ([line(titles), "| " + rule.joined(separator: " | ") + " |"] + cells.map(line)).joined(separator: "\n")
  }

  /// Columns set apart by two spaces, with a rule under the titles; ends without a newline.
  public var text: String {
    let titles = columns.map(\.title)
    let rows = rows.map { $0.map(Self.onOneLine) }
    let widths = columns.indices.map { column in ([titles] + rows).map { $0[column].columns }.max() ?? 0 }
    func line(_ texts: [String]) -> String {
      var line = texts.indices.map { padded(texts[$0], widths[$0], columns[$0].alignment) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(titles), rule] + rows.map(line)).joined(separator: "\n")
  }

  private func padded(_ text: String, _ width: Int, _ alignment: Alignment) -> String {
    let space = String(repeating: " ", count: max(0, width - text.columns))
    return alignment == .left ? text + space : space + text
  }

  /// The text with blanks for what would end a line or steer a terminal, as names of classes from a file may hold.
  private static func onOneLine(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 32 || $0 == 127 }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
  }

  private static func escapedForMarkdown(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character == "|" || character == "\\" { escaped.append("\\") }
      escaped.append(character.isNewline ? " " : character)
    }
    return escaped
  }
}
