import Documents
import TestSupport
import Testing

@Suite struct JSONTests {
  @Test("what is read is written back as the same bytes: key order, number text, escapes")
  func identity() throws {
    let text =
      #"{"b":0.10,"a":[1,-2.50e+3,1E5,0,-7],"":"ü \" \\ \n /","c":{"z":null,"y":true,"x":false},"d":[],"e":{}}"#
    #expect(try JSON(parsing: text, file: "t").serialized() == text)
  }

  @Test("the pretty form reads back as the same value and ends with a newline")
  func pretty() throws {
    let value: JSON = ["a": [1, 2.5, "x"], "b": ["c": nil, "d": [:]], "e": []]
    let text = value.serialized(pretty: true)
    #expect(text.hasSuffix("}\n"))
    #expect(text.contains("  \"a\": [\n    1,"))
    #expect(try JSON(parsing: text, file: "t") == value)
  }

  @Test("a byte order mark and white space around the value are skipped")
  func mark() throws {
    #expect(try JSON(parsing: [0xEF, 0xBB, 0xBF] + Array(" \n[1] \t\r\n".utf8), file: "t") == [1])
  }

  @Test("escapes are resolved, zero bytes in texts kept")
  func escapes() throws {
    let value = try JSON(parsing: #"["\u00e9\ud83d\ude00\u0000x\/"]"#, file: "t")
    #expect(value == ["é😀\u{0}x/"])
    #expect(try JSON(parsing: #"["\\ud800","\uD83D\uDE00\ud83d\ude00"]"#, file: "t") == [#"\ud800"#, "😀😀"])
    #expect(value.serialized() == #"["é😀\u0000x/"]"#)
  }

  @Test(
    "what is not JSON is refused with its place",
    arguments: [
      (#"{"a":[{"b":NaN}]}"#, #"t.json: a[0].b: NaN is not a number (byte 11)"#),
      (#"[1,2,-Infinity]"#, "t.json: [2]: -Infinity is not a number (byte 5)"),
      (#"{"a":1,"b":2,"a":3}"#, #"t.json: b: has the key "a" twice (byte 13)"#),
      (#"{"a":1,"\u0061":3}"#, #"t.json: a: has the key "\u0061" twice (byte 7)"#),
      (#"{"x":[{"\u0061":1,"b":2,"a":3}]}"#, #"t.json: x[0].b: has the key "a" twice (byte 24)"#),
      (#"[1.]"#, "t.json: [0]: 1. is not a number as JSON writes them (byte 1)"),
      (#"[01]"#, "t.json: [0]: 01 is not a number as JSON writes them (byte 1)"),
      (#"[+1]"#, "t.json: [0]: has + where a value is due (byte 1)"),
      (#"[18446744073709551617]"#, "t.json: [0]: 18446744073709551617 is beyond the range of 64-bit integers (byte 1)"),
      (#"[1e999]"#, "t.json: [0]: 1e999 is beyond the range of numbers (byte 1)"),
      (#"{'a':1}"#, "t.json: has ' where a key in double quotes is due (byte 1)"),
      (#"[1,]"#, "t.json: [1]: has ] where a value is due (byte 3)"),
      (#"{"a":1,}"#, "t.json: a: has } where a key in double quotes is due (byte 7)"),
      (#"[1] x"#, "t.json: has something after its end (byte 4)"),
      (#"[1 2]"#, "t.json: [0]: has 2 where a comma or the end of the array is due (byte 3)"),
      (#"{"a" 1}"#, "t.json: a: has a key without a colon after it (byte 5)"),
      (#"{"a":[1,{"b":"x"#, "t.json: a[1].b: the file ends early, inside this value (byte 15)"),
      (#"{"a":1.5"#, "t.json: a: the file ends early, inside this value (byte 8)"),
      ("", "t.json: the file is empty (byte 0)"),
      ("[\"a\u{1}\"]", "t.json: [0]: has a control character in a text (byte 3)"),
      (#"{"a\u0000b":1}"#, "t.json: has a key with a zero byte (byte 1)"),
      (#"["a","b\x"]"#, "t.json: [1]: has a backslash before x in a text, which is no escape (byte 7)"),
      (#"["\u12g4"]"#, #"t.json: [0]: has \u without four hexadecimal digits in a text (byte 2)"#),
      (#"["\u12"#, "t.json: [0]: the file ends early, inside this value (byte 6)"),
      (#"{"a":"\"#, "t.json: a: the file ends early, inside this value (byte 7)"),
      (#"{"a":["b","\ud800"]}"#, #"t.json: a[1]: has \ud800 in a text, half of a character (byte 11)"#),
      (#"["\udc00\ud800"]"#, #"t.json: [0]: has \udc00 in a text, half of a character (byte 2)"#),
      (#"["x\uD83Dx\uDE00"]"#, #"t.json: [0]: has \uD83D in a text, half of a character (byte 3)"#),
      (#"["\ud83d\ud83d\ude00"]"#, #"t.json: [0]: has \ud83d in a text, half of a character (byte 2)"#),
      (#"{"\ude00":1}"#, #"t.json: has \ude00 in a text, half of a character (byte 2)"#),
      ("/* c */ 1", "t.json: has / where a value is due (byte 0)"),
    ])
  func refused(text: String, message: String) {
    #expect(errorMessage { _ = try JSON(parsing: text, file: "t.json") } == message)
  }

  @Test(
    "text that is not UTF-8 is refused, in values and keys, with its place",
    arguments: [
      [0xFF, 0xFE], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3], [0x80],
    ] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    let value = Array(#"{"a":["b",""#.utf8) + bytes + Array(#""]}"#.utf8)
    #expect(
      errorMessage { _ = try JSON(parsing: value, file: "t") } == "t: a[1]: has a text that is not UTF-8 (byte 10)")
    let key = Array(#"{""#.utf8) + bytes + Array(#"":1}"#.utf8)
    #expect(errorMessage { _ = try JSON(parsing: key, file: "t") }?.contains("not UTF-8") == true)
  }

  @Test("64 levels are read, 65 and a million are refused without a crash")
  func depth() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    _ = try JSON(parsing: nested(64), file: "t")
    for levels in [65, 1_000_000] {
      #expect(throws: DocumentError.self) { try JSON(parsing: nested(levels), file: "t") }
    }
  }

  @Test("an object of very many keys is read, and a late duplicate in it is found, in linear time")
  func manyKeys() throws {
    let members = (0..<50_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let clock = ContinuousClock()
    let time = try clock.measure {
      _ = try JSON(parsing: "{\(members)}", file: "t")
      #expect(throws: DocumentError.self) { try JSON(parsing: "{\(members),\"k7\":1}", file: "t") }
    }
    #expect(time < .seconds(20))
  }

  @Test("every cut of a valid text is refused, none crashes")
  func cuts() {
    let text = Array(#"{"a":[1.5e3,{"b":"x\"y"},null,true],"c":false}"#.utf8)
    for count in 0..<text.count {
      #expect(throws: DocumentError.self) { try JSON(parsing: Array(text[..<count]), file: "t") }
    }
  }

  @Test(
    "numbers are integers where they say so exactly", arguments: [("3", 3), ("3.0", 3), ("-2e2", -200), ("3.5", nil)])
  func integers(text: String, value: Int?) throws {
    #expect(try JSON(parsing: text, file: "t").int == value)
  }

  @Test(
    "doubles get the shortest text that reads back",
    arguments: [(0.1, "0.1"), (2.0, "2"), (-0.0, "-0.0"), (1e300, "1e+300")])
  func doubles(value: Double, text: String) {
    #expect(JSON(value).serialized() == text)
    #expect(Double(text) == value)
  }

  @Test("objects are equal whatever the order of their keys")
  func equality() {
    #expect(["a": 1, "b": 2] as JSON == ["b": 2, "a": 1])
    #expect(["a": 1, "b": 2] as JSON != ["a": 2, "b": 1])
  }
}
