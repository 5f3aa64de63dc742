import TestSupport
import Testing

@testable import Documents

/// Rows of comma-separated values, written and read.
@Suite struct CSVTests {
  @Test("what is written is read back, with the lines where rows begin")
  func roundTrip() throws {
    let rows = [["a", "b,c"], ["say \"so\"", ""], ["two\nlines", "x"], ["", "y"], ["ä", " z "]]
    let read = try CSV.rows(of: CSV.text(rows), file: "f")
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
    #expect(try CSV.rows(of: CSV.text(rows), file: "f").map(\.cells) == rows)
    #expect(try CSV.rows(of: "a\rb\r\nc", file: "f").map(\.line) == [1, 2, 3])
  }

  @Test("blank lines, other line ends and a byte order mark are no rows; a row need not end")
  func lines() throws {
    let folder = try ScratchFolder()
    let file = try folder.write("\u{FEFF}a,b\r\n\r\n\"c\",d\n\n,e", to: "rows.csv")
    let read = try CSV.rows(ofFile: file)
    #expect(read.map(\.cells) == [["a", "b"], ["c", "d"], ["", "e"]] && read.map(\.line) == [1, 3, 5])
    #expect(try CSV.rows(of: "", file: "f").isEmpty && CSV.rows(of: "\n\n", file: "f").isEmpty)
    #expect(try CSV.rows(of: "\"\"\n", file: "f").map(\.cells) == [[""]])
  }

  @Test("quotes that do not fit are an error with the line")
  func quotes() {
    #expect(
      errorMessage { _ = try CSV.rows(of: "a\n\"b\n", file: "f") } == "f: line 2: a quoted cell does not end")
    #expect(
      errorMessage { _ = try CSV.rows(of: "a\n\"b\"c\n", file: "f") } == "f: line 2: something follows a quoted cell")
  }
}
