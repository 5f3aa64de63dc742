import Documents
import Oracles
import Randomness
import TestSupport
import Testing

@Suite struct JSONCursorTests {
  private func withCursor<Result>(_ bytes: [UInt8], _ body: (inout JSONCursor) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes {
      var cursor = JSONCursor($0)
      return try body(&cursor)
    }
  }

  private func number(_ text: String) -> JSONNumber? {
    withCursor(Array((text + ",").utf8)) { cursor in
      let number = cursor.number()
      #expect(number == nil || cursor.at == text.utf8.count && number?.range == 0..<text.utf8.count)
      return number
    }
  }

  @Test("numbers are the doubles that the library's conversion gives, bit for bit")
  func numbers() {
    var random = RandomJSON(SeededGenerator(seed: 1))
    for _ in 0..<50_000 {
      let text = random.decimal()
      guard let number = number(text) else {
        #expect(text == "-0" || text.split(separator: ".")[0].count > 18, "\(text)")
        continue
      }
      #expect(number.value.bitPattern == Double(text)?.bitPattern, "\(text)")
      if number.isUsualText { #expect(JSON.text(of: number.value) == text) }
    }
  }

  @Test("numbers of 16 to 19 digits halfway between two doubles go to the even one")
  func halfway() {
    var random = SeededGenerator(seed: 2)
    for exponent in 1...10 {
      for _ in 0..<500 {
        // An odd multiple of half a unit in the last place: it ends exactly after as many binary digits as decimals.
        let even = (1 << 52 + UInt64(random.integer(below: 1 << 52))) >> exponent
        let half = Double(even) + 0.5
        let text = "\(even).5"
        #expect(number(text)?.value == half)
        let longer = "\(even).\(String(repeating: "5", count: min(15, 19 - "\(even)".count)))"
        #expect(number(longer)?.value.bitPattern == Double(longer)?.bitPattern, "\(longer)")
      }
    }
    for text in [
      "9007199254740993.0", "9007199254740995.0", "900719925474099.25", "1.000000000000000055", "0.3000000000000000444",
    ] {
      #expect(number(text)?.value.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }

  @Test(
    "what json-c reads otherwise, or not at all, is not plain",
    arguments: [
      "01", "1.", ".5", "-", "+1", "1e", "1e+", "--1", "NaN", "Infinity", "-0", "1e400", "1234567890123456789", "\"1\"",
    ])
  func notPlain(text: String) {
    #expect(number(text) == nil)
  }

  @Test(
    "which texts are those that the value would be written as",
    arguments: [
      ("0", true), ("12", true), ("-12.5", true), ("0.0001", true), ("0.00001", false), ("1.50", false), ("2.0", false),
      ("123456789012345", true), ("1234567890123456", false), ("0.0", false), ("1e3", false), ("-0.0", false),
    ])
  func usualText(text: String, isUsual: Bool) {
    #expect(number(text)?.isUsualText == isUsual)
  }

  @Test("integers are taken where they are written as such, in 18 digits at most")
  func integers() {
    let cases: [(String, Int?)] = [
      ("0", 0), ("-7", -7), ("999999999999999999", 999_999_999_999_999_999), ("1000000000000000000", nil), ("-0", nil),
      ("01", nil), ("1.0", nil), ("1e2", nil), ("-", nil), ("", nil),
    ]
    for (text, wanted) in cases {
      #expect(withCursor(Array((text + "]").utf8)) { $0.int() } == wanted, "\(text)")
      // A number that the bytes end with may go on.
      #expect(withCursor(Array(text.utf8)) { $0.int() } == nil)
    }
  }

  @Test("texts end at their quote wherever it stands, and are not plain with escapes, controls or beyond ASCII")
  func texts() {
    for length in 0..<40 {
      let plain = String(repeating: "x", count: length)
      for (text, isPlain, isEscaped) in [
        (plain, true, true), (plain + "\\n", false, true), (plain + "\\\\\\\"", false, true),
        (plain + "\\u0041", false, false), (plain + "ü", false, false), (plain + "\u{1F}", false, false),
        (plain + "\u{7F}", true, true), (plain + "\\", false, false),
      ] {
        let bytes = Array("\"\(text)\", 1234567".utf8)
        let wanted = 1..<1 + text.utf8.count
        #expect(withCursor(bytes) { $0.text() } == (isPlain ? wanted : nil), "\(text)")
        #expect(withCursor(bytes) { $0.escapedText() } == (isEscaped ? wanted : nil), "\(text)")
      }
    }
  }

  @Test("objects of any number of keys are plain, long arrays too; a key given twice is seen wherever it stands")
  func manyKeys() throws {
    for count in [3, 24, 25, 64, 65, 1000, 9000] {
      let members = (0..<count).map { "\"k\($0 * 7919)\":[\($0),\"[,\"]" }
      func value(_ text: String) -> JSON? { withCursor(Array(text.utf8)) { $0.value() } }
      let text = "{\(members.joined(separator: ","))}"
      #expect(try value(text) == JSON(parsing: text, file: "t"))
      let list = "[\(members.map { "{\($0)}" }.joined(separator: " ,"))]"
      #expect(try value(list) == JSON(parsing: list, file: "t"))
      for place in [0, count / 2, count - 1] {
        let twice = "{\((members + [members[place]]).joined(separator: ","))}"
        #expect(value(twice) == Optional.none)
        let reason = errorMessage { _ = try JSON(parsing: twice, file: "t") }
        #expect(reason?.contains("has the key \"k\(place * 7919)\" twice") == true)
      }
    }
  }

  @Test("what is taken, by the cursor or as a whole, has json-c's value: 40,000 random and damaged texts")
  func likeJSONC() {
    var random = RandomJSON(SeededGenerator(seed: 3))
    var (taken, skipped, refused) = (0, 0, 0)
    for round in 0..<40_000 {
      var bytes = Array(random.value(depth: 4).utf8)
      if round % 2 == 1 { bytes = random.damaged(bytes) }
      let text = String(decoding: bytes, as: UTF8.self)
      // Within an array, as elements are: a bare number may go on at the end of the bytes.
      let wrapped = Array("[".utf8) + bytes + Array("]".utf8)
      let wanted = JSON.readByJSONC(wrapped)
      let whole = try? JSON(parsing: wrapped, file: "random")
      if let whole { #expect(whole.serialized() == wanted?.serialized(), "\(text)") }
      refused += whole == nil ? 1 : 0
      let found = withCursor(wrapped) { cursor -> JSON? in
        let value = cursor.value()
        return cursor.at == wrapped.count ? value : nil
      }
      if let found {
        taken += 1
        #expect(found.serialized() == wanted?.serialized() && found == whole, "\(text)")
      }
      let isSkipped = withCursor(wrapped) { $0.skipValue() && $0.at == wrapped.count }
      if isSkipped {
        skipped += 1
        #expect(wanted != nil && whole != nil, "\(text)")
      }
    }
    #expect(taken > 5_000 && skipped > 5_000 && refused > 5_000, "\(taken) \(skipped) \(refused)")
  }
}
