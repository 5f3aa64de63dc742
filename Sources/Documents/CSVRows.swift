/// The rows of a table of comma-separated values, one after the other; blank lines are none.
public struct CSVRows {
  /// One row.
  public struct Row: Equatable {
    /// The line where it begins, from 1.
    public let line: Int
    /// What stands between its commas.
    public let cells: [String]
  }

  /// The most cells of a row: hostile files have more.
  private static let mostCells = 10_000

  private let file: String
  private var rest: Substring.UnicodeScalarView
  private var line = 1

  /// The rows of a file in UTF-8.
  public init(ofFile path: String) throws(DocumentError) {
    self.init(of: try TextFile.read(path), file: path)
  }

  /// The rows of text; `file` is the name that errors give.
  init(of text: String, file: String) {
    (rest, self.file) = (text.unicodeScalars[...], file)
  }

  /// The next row; nil behind the last one.
  ///
  /// - Throws: For a cell whose quotes do not end, or end before the cell does.
  public mutating func next() throws(DocumentError) -> Row? {
    var (cells, cell): ([String], String.UnicodeScalarView) = ([], .init())
    var start = line
    var (isQuoted, wasQuoted) = (false, false)
    func isBlank() -> Bool { cells.isEmpty && cell.isEmpty && !wasQuoted }
    while let scalar = rest.popFirst() {
      // The line feed of a pair counts.
      let isEnd = scalar == "\n" || scalar == "\r" && rest.first != "\n"
      if isEnd { line += 1 }
      switch scalar {
      case "\"" where isQuoted && rest.first == "\"": cell.append(rest.removeFirst())
      case "\"" where isQuoted: (isQuoted, wasQuoted) = (false, true)
      case _ where isQuoted: cell.append(scalar)
      case ",":
        cells.append(String(cell))
        (cell, wasQuoted) = (.init(), false)
        guard cells.count < Self.mostCells else { throw error(start, "the row has more than \(Self.mostCells) cells") }
      case _ where isEnd && isBlank(): start = line
      case _ where isEnd: return Row(line: start, cells: cells + [String(cell)])
      case "\r": break
      case "\"" where cell.isEmpty && !wasQuoted: isQuoted = true
      case _ where wasQuoted: throw error(line, "something follows a quoted cell")
      default: cell.append(scalar)
      }
    }
    guard !isQuoted else { throw error(start, "a quoted cell does not end") }
    return isBlank() ? nil : Row(line: start, cells: cells + [String(cell)])
  }

  private func error(_ line: Int, _ reason: String) -> DocumentError {
    .content(file: file, reason: "line \(line): \(reason)")
  }
}
