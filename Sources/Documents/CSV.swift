/// Tables as comma-separated values (RFC 4180, lines end with a line feed).
public enum CSV {
  /// A cell as it stands in a row: in quotes where it holds a comma, a quote or a line break, or begins with a byte order mark.
  public static func quoted(_ cell: String) -> String {
    // By code points: a mark that combines with a comma or a quote must not hide it.
    let scalars = cell.unicodeScalars
    guard scalars.first == "\u{FEFF}" || scalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else {
      return cell
    }
    let parts = scalars.split(separator: "\"", omittingEmptySubsequences: false).map { String($0) }
    return "\"" + parts.joined(separator: "\"\"") + "\""
  }

  /// Rows as text, a line each. A row of one empty cell has quotes, because a blank line is no row.
  public static func text(_ rows: [[String]]) -> String {
    rows.map { ($0 == [""] ? "\"\"" : $0.map(quoted).joined(separator: ",")) + "\n" }.joined()
  }

  /// The rows of a file in UTF-8 with the lines where they begin, counted from 1; blank lines are none.
  ///
  /// - Throws: For a cell whose quotes do not end, or end before the cell does.
  public static func rows(ofFile path: String) throws(DocumentError) -> [(line: Int, cells: [String])] {
    try rows(of: TextFile.read(path), file: path)
  }

  /// The rows of text.
  static func rows(of text: String, file: String) throws(DocumentError) -> [(line: Int, cells: [String])] {
    var rows: [(line: Int, cells: [String])] = []
    var (cells, cell): ([String], String.UnicodeScalarView) = ([], .init())
    var (line, start) = (1, 1)
    var (isQuoted, wasQuoted) = (false, false)
    func endCell() {
      cells.append(String(cell))
      (cell, wasQuoted) = (.init(), false)
    }
    func endRow() {
      if !cells.isEmpty || !cell.isEmpty || wasQuoted {
        endCell()
        rows.append((start, cells))
      }
      cells = []
    }
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      // The line feed of a pair counts.
      let isEnd = scalar == "\n" || scalar == "\r" && rest.first != "\n"
      if isEnd { line += 1 }
      switch scalar {
      case "\"" where isQuoted && rest.first == "\"": cell.append(rest.removeFirst())
      case "\"" where isQuoted: (isQuoted, wasQuoted) = (false, true)
      case _ where isQuoted: cell.append(scalar)
      case ",": endCell()
      case _ where isEnd:
        endRow()
        start = line
      case "\r": break
      case "\"" where cell.isEmpty && !wasQuoted: isQuoted = true
      case _ where wasQuoted:
        throw .content(file: file, reason: "line \(line): something follows a quoted cell")
      default: cell.append(scalar)
      }
    }
    guard !isQuoted else { throw .content(file: file, reason: "line \(start): a quoted cell does not end") }
    endRow()
    return rows
  }
}
