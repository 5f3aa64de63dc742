import TestSupport
import Testing

@testable import Documents

/// Rows of comma-separated values, written and read.
@Suite struct CSVTests {
  private func rows(_ text: String) throws -> [CSVRows.Row] { try rows(CSVRows(of: text, file: "f")) }

  private func rows(_ reader: CSVRows) throws -> [CSVRows.Row] {
    var (reader, rows): (CSVRows, [CSVRows.Row]) = (reader, [])
    while let row = try reader.next() { rows.append(row) }
    return rows
  }

  @Test("what is written is read back, with the lines where rows begin")
  func roundTrip() throws {
    let rows = [["a", "b,c"], ["say \"so\"", ""], ["two\nlines", "x"], ["", "y"], ["ä", " z "]]
    let read = try self.rows(CSV.text(rows))
    #expect(read.map(\.cells) == rows)
    #expect(read.map(\.line) == [1, 2, 3, 5, 6])
  }

  @Test("what hides a comma, a quote or a row is written so that it is read back")
  func hidden() throws {
    // Marks that combine with what stands before them, an empty row, a byte order mark, line ends of other systems.
    let rows = [
      ["\u{FEFF}a"], [""], ["a", "\u{301}b"], ["\"\u{301}", "\u{301}\""], ["a\rb", "c\r\nd"], ["\u{2028}", "\u{B}"],
      ["", ""],
    ]
    #expect(try self.rows(CSV.text(rows)).map(\.cells) == rows)
    #expect(try self.rows("a\rb\r\nc").map(\.line) == [1, 2, 3])
  }

  @Test("blank lines, other line ends and a byte order mark are no rows; a row need not end")
  func lines() throws {
    let folder = try ScratchFolder()
    let file = try folder.write("\u{FEFF}a,b\r\n\r\n\"c\",d\n\n,e", to: "rows.csv")
    let read = try rows(CSVRows(ofFile: file))
    #expect(read.map(\.cells) == [["a", "b"], ["c", "d"], ["", "e"]] && read.map(\.line) == [1, 3, 5])
    #expect(try rows("").isEmpty && rows("\n\n").isEmpty)
    #expect(try rows("\"\"\n").map(\.cells) == [[""]])
  }

  @Test("quotes that do not fit are an error with the line")
  func quotes() {
    #expect(
      errorMessage { _ = try rows("a\n\"b\n") } == "f: line 2: a quoted cell does not end")
    #expect(
      errorMessage { _ = try rows("a\n\"b\"c\n") } == "f: line 2: something follows a quoted cell")
    let wide = "x\n" + String(repeating: ",", count: 10_000)
    #expect(errorMessage { _ = try rows(wide) } == "f: line 2: the row has more than 10000 cells")
  }
}
