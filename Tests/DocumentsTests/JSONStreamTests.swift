import Documents
import TestSupport
import Testing

@Suite struct JSONStreamTests {
  private func read(_ text: String, arrays: Set<String> = ["a", "b"]) throws -> (elements: [String], members: [String])
  {
    let folder = try ScratchFolder()
    let file = try folder.write(text, to: "s.json")
    var elements: [String] = []
    var members: [String] = []
    try JSONStream.read(
      file, arrays: arrays,
      element: { key, element in elements.append("\(key) \(element.path) \(element.json.serialized())") },
      member: { key, value in members.append("\(key) \(value.serialized())") })
    return (elements, members)
  }

  @Test("elements of named arrays come one by one, other members whole, in the file's order")
  func order() throws {
    let (elements, members) = try read(#" {"b" : [ {"x":1} , 2.50 ] , "info":{"y":[1,2]}, "a":[], "n":7, "c":[1]} "#)
    #expect(elements == [#"b b[0] {"x":1}"#, "b b[1] 2.50"])
    #expect(members == [#"info {"y":[1,2]}"#, "n 7", "c [1]"])
  }

  @Test("an object is read but for the elements of one array, which come one by one")
  func streamed() throws {
    let folder = try ScratchFolder()
    func read(_ text: String) throws -> (elements: [String], rest: String) {
      let file = try folder.write(text, to: "o.json")
      var (elements, rest) = ([String](), "")
      try JSONElement.read(file, elementsOf: "a") {
        elements.append("\($0.path) \($0.json.serialized())")
      } rest: {
        rest = $0.json.serialized()
      }
      return (elements, rest)
    }
    let both = try read(#" {"x":null, "a":[{"y":1},7], "z":[1,{"a":2.50}]} "#)
    #expect(both.elements == [#"a[0] {"y":1}"#, "a[1] 7"] && both.rest == #"{"x":null,"a":[],"z":[1,{"a":2.50}]}"#)
    // What is no array is a member like others.
    let other = try read(#"{"a":{"b":[]}}"#)
    #expect(other.elements.isEmpty && other.rest == #"{"a":{"b":[]}}"#)
    #expect(errorMessage { _ = try read(#"{"a":[1],"b":1,"b":2}"#) }?.contains("has the key \"b\" twice") == true)
    #expect(errorMessage { _ = try read("[1]") }?.contains("begins with neither an object") == true)
  }

  @Test("an outermost array is handed out under the empty key")
  func outermost() throws {
    #expect(try read(#"[{"x":1},{"x":2}]"#, arrays: [""]).elements == [#" [0] {"x":1}"#, #" [1] {"x":2}"#])
  }

  @Test(
    "errors name file, path and byte",
    arguments: [
      (#"{"a":[{"v":[1,NaN]}]}"#, "a[0].v[1]: NaN is not a number (byte 14)"),
      (#"{"a":[{"v":1},{"v":"#, "a[1].v: the file ends early, inside this value (byte 19)"),
      (#"{"a":[{"v":1}"#, "a[0]: the file ends early, inside this value (byte 13)"),
      (#"{"a":[{"v":1}]"#, "the file ends early, inside its outermost value (byte 14)"),
      (
        #"{"a":[{"v":1} {"v":2}]}"#,
        "a[0]: is followed by something else than a comma or the end of the array (byte 14)"
      ),
      (#"{"a":{"v":1}}"#, "a: is not an array (byte 5)"),
      (#"{"a":[],"a":[]}"#, #"has the key "a" twice (byte 8)"#),
      (#"{"a":[]} {}"#, "has something after its end (byte 9)"),
      (#"[1]"#, "begins with neither an object (byte 0)"),
      ("", "the file is empty (byte 0)"),
    ])
  func errors(text: String, message: String) {
    let found = errorMessage { _ = try read(text) }
    #expect(found?.hasSuffix("s.json: " + message) == true, "\(found ?? "nothing")")
  }

  @Test("typed access says what it found where it wanted something else")
  func typedAccess() throws {
    let text = #"{"a":[{"i":7,"f":7.0,"d":1.5,"s":"x","n":null,"box":[1,2.5,"3"],"o":{"k":"v"},"one":{"q":1}}]}"#
    let folder = try ScratchFolder()
    let file = try folder.write(text, to: "s.json")
    try JSONStream.read(
      file, arrays: ["a"],
      element: { _, element throws(DocumentError) in
        #expect(try element.int("i") == 7)
        #expect(try element.int("f") == 7)
        #expect(try element.double("d") == 1.5)
        #expect(try element.string("s") == "x")
        #expect(try element.optionalInt("n") == nil)
        #expect(try element.optionalInt("missing") == nil)
        #expect(try element.element("o")?.string("k") == "v")
        #expect(Array(element.elements("one")).count == 1)
        #expect(element.text("box") == #"[1,2.5,"3"]"#)
        #expect(element.text("d") == "1.5")
        #expect(element.keys == ["i", "f", "d", "s", "n", "box", "o", "one"])
        for (message, body) in [
          ("a[0].d: is 1.5, not an integer (byte 6)", { () throws in _ = try element.int("d") }),
          ("a[0].box[2]: is the string \"3\", not a number (byte 6)", { _ = try element.optionalDoubles("box") }),
          ("a[0]: the key \"zz\" is missing (byte 6)", { _ = try element.string("zz") }),
          ("a[0].o.k: is the string \"v\", not a number (byte 6)", { _ = try element.element("o")?.double("k") }),
          ("a[0].o: is an object, not a string (byte 6)", { _ = try element.string("o") }),
        ] as [(String, () throws -> Void)] {
          #expect(errorMessage(body)?.hasSuffix("s.json: " + message) == true)
        }
      })
  }

  @Test("the shape of a file is seen without reading on after a telling key")
  func shape() throws {
    let folder = try ScratchFolder()
    let file = try folder.write(#"{"info":{},"images":[{"id":1}],"annotations": broken"#, to: "s.json")
    #expect(try JSONStream.shape(of: file, until: ["images"]) == .object(keys: ["info", "images"]))
    let list = try folder.write(#"[{"image_id":1,"score":0.5},"#, to: "l.json")
    #expect(try JSONStream.shape(of: list) == .array(elementKeys: ["image_id", "score"]))
  }
}
