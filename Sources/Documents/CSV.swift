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
}
