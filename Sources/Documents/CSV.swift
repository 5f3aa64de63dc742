/// Tables as comma-separated values (RFC 4180, lines end with a line feed).
public enum CSV {
  /// A cell as it stands in a row: in quotes where it holds a comma, a quote or a line break.
  public static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// Rows as text, a line each.
  public static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// The rows of a file in UTF-8 with the lines where they begin, counted from 1; blank lines are none.
  ///
  /// - Throws: For a cell whose quotes do not end, or end before the cell does.
  public static func rows(ofFile path: String) throws(DocumentError) -> [(line: Int, cells: [String])] {
    let text = try MappedFile(path: path).withBytes { String(validating: $0, as: UTF8.self) }
    guard let text else { throw .content(file: path, reason: "is not UTF-8 text") }
    return try rows(of: text, file: path)
  }

  /// The rows of text.
  static func rows(of text: String, file: String) throws(DocumentError) -> [(line: Int, cells: [String])] {
    var rows: [(line: Int, cells: [String])] = []
    var (cells, cell): ([String], String) = ([], "")
    var (line, start) = (1, 1)
    var (isQuoted, wasQuoted) = (false, false)
    func endRow() {
      if !cells.isEmpty || !cell.isEmpty || wasQuoted { rows.append((start, cells + [cell])) }
      (cells, cell, wasQuoted) = ([], "", false)
    }
    var rest = text.trimmingPrefix("\u{FEFF}")
    while let character = rest.popFirst() {
      if character.isNewline { line += 1 }
      switch character {
      case "\"" where isQuoted && rest.first == "\"": cell.append(rest.removeFirst())
      case "\"" where isQuoted: (isQuoted, wasQuoted) = (false, true)
      case _ where isQuoted: cell.append(character)
      case ",":
        cells.append(cell)
        (cell, wasQuoted) = ("", false)
      case _ where character.isNewline:
        endRow()
        start = line
      case "\"" where cell.isEmpty && !wasQuoted: isQuoted = true
      case _ where wasQuoted:
        throw .content(file: file, reason: "line \(line): something follows a quoted cell")
      default: cell.append(character)
      }
    }
    guard !isQuoted else { throw .content(file: file, reason: "line \(start): a quoted cell does not end") }
    endRow()
    return rows
  }
}
