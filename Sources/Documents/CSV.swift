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
}
