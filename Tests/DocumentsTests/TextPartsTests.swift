import Documents
import Randomness
import Testing

/// Lines, words and ends of text against Swift's characters.
@Suite struct TextPartsTests {
  /// What newlines, white space and characters are made of.
  private static let scalars: [Unicode.Scalar] = [
    "a", "é", "#", "\u{308}", " ", "\t", "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{A0}", "\u{1C}", "\u{2028}",
    "\u{2029}", "\u{2003}", "\u{3000}", "\u{200D}", "\u{FEFF}", "\u{0}", "中", "🚲", "\u{C2}", "\u{E2}",
  ]

  private func check(_ text: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    #expect(Array(text.lines) == lines, "\(text.debugDescription)")
    for part in [text[...]] + lines {
      #expect(part.words == part.split(whereSeparator: \.isWhitespace), "\(part.debugDescription)")
      let first = part.firstIndex { !$0.isWhitespace }
      let last = part.lastIndex { !$0.isWhitespace }
      let wanted = first.flatMap { first in last.map { String(part[first...$0]) } } ?? ""
      // The same scalars: texts that differ in their composition alone are equal.
      #expect(Array(part.trimmed.unicodeScalars) == Array(wanted.unicodeScalars), "\(part.debugDescription)")
    }
  }

  @Test("all texts of up to three scalars, and random ones, are divided as characters divide them")
  func asCharacters() {
    let all = Self.scalars.map { String($0) }
    check("")
    for one in all {
      check(one)
      for two in all {
        check(one + two)
        for three in all { check(one + two + three) }
      }
    }
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<3000 {
      let length = generator.integer(below: 40)
      // Half of the texts are ASCII alone.
      let isPlain = generator.chance(0.5)
      let known = isPlain ? Self.scalars.filter(\.isASCII) : Self.scalars
      check(String(String.UnicodeScalarView((0..<length).map { _ in known[generator.integer(below: known.count)] })))
    }
  }

  @Test("by hand")
  func byHand() {
    #expect(Array("a b\r\n\r\n c\td \u{2028}e".lines) == ["a b", "", " c\td ", "e"])
    #expect(" c\td ".words == ["c", "d"] && "".words.isEmpty && " \r\n ".words.isEmpty)
    #expect(" \u{3000}é x\u{A0}\n".trimmed == "é x" && "\t".trimmed.isEmpty)
  }
}
