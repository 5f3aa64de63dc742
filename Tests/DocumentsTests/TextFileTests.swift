import Documents
import TestSupport
import Testing

@Suite struct TextFileTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("lines that say something keep their numbers; white space, blank lines, comments and byte order marks go")
  func lines() throws {
    let file = try folder.write("\u{FEFF}# c\r\n a b \r\n\n\t\n#x\n \u{2003}é\u{2003}\u{2028}\u{FEFF}z", to: "list.txt")
    let lines = try Array(TextFile.lines(file))
    #expect(lines.map(\.number) == [2, 6, 7])
    #expect(lines.map(\.text) == ["a b", "é", "z"])
    #expect(try TextFile.read(folder.write("\u{FEFF}", to: "mark.txt")).isEmpty)
    #expect(try Array(TextFile.lines(folder.write("", to: "empty.txt"))).isEmpty)
  }

  @Test("what is no text, and what is not there, is named")
  func refused() throws {
    let file = try folder.file("latin.txt")
    try AtomicFile.write([0x61, 0xC3, 0x28], to: file)
    #expect(errorMessage { _ = try TextFile.read(file) } == "\(file): is not UTF-8 text")
    let missing = Path.join(folder.path, "none.txt")
    #expect(errorMessage { _ = try TextFile.lines(missing) }?.hasPrefix("\(missing): ") == true)
  }

  @Test(
    "text is trimmed at both ends and nowhere else",
    arguments: [("", ""), (" \t", ""), ("a", "a"), (" a  b\n", "a  b")])
  func trimmed(text: String, wanted: String) { #expect(text.trimmed == wanted) }
}
