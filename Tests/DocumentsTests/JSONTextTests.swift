import Documents
import TestSupport
import Testing

/// Arrays and objects of a file, which stay text until they are looked at.
@Suite struct JSONTextTests {
  private func read(_ text: String) throws -> JSON { try #require(JSON(parsing: "[\(text)]", file: "t").array?.first) }

  @Test(
    "however it is spaced and spelt, the value is that of its parts, and is written in one way",
    arguments: [
      (#"[]"#, [], "[]"),
      (#" { } "#, [:], "{}"),
      ("[\n\t1 , -0,\r\n 2.50, true,null ]", [1, 0, .number("2.50"), true, nil], "[1,0,2.50,true,null]"),
      (#"["]", "\"[", "\\", "\u0041,:"]"#, ["]", "\"[", "\\", "A,:"], #"["]","\"[","\\","A,:"]"#),
      (#"[[[]], {"a":[{}]} ]"#, [[[]], ["a": [[:]]]], #"[[[]],{"a":[{}]}]"#),
      (#"{"a b" : {"\u0061":"ü"} , "":[1]}"#, ["a b": ["a": "ü"], "": [1]], #"{"a b":{"a":"ü"},"":[1]}"#),
    ] as [(String, JSON, String)])
  func values(text: String, wanted: JSON, written: String) throws {
    let value = try read(text)
    #expect(value == wanted && wanted == value && value.content == wanted.content)
    #expect(value.serialized() == written && value.kind == wanted.kind)
    #expect(try read(value.serialized(pretty: true)) == wanted)
  }

  @Test("a key is found in either form, by what it says; what is no object has none")
  func keys() throws {
    let value = try read(#"{"x":[1,{"y":2}],"k\u00e9y":"v","":null}"#)
    #expect(value["kéy"] == "v" && value["x"]?.array?[1]["y"]?.int == 2 && value[""]?.isNull == true)
    #expect(value["y"] == Optional.none && value["x"]?["y"] == Optional.none)
    #expect(value.isObject && !value.isArray && value.array == nil && value.object?.keys == ["x", "kéy", ""])
    #expect(value["x"]?.isArray == true && value["x"]?.object == nil)
  }

  @Test("the order of keys makes no difference to what is equal, another value or number text does")
  func equality() throws {
    #expect(try read(#"{"a":[1],"b":{}}"#) == read(#"{ "b":{}, "a":[ 1 ] }"#))
    for other in [#"{"a":[1],"b":[]}"#, #"{"a":[1.0],"b":{}}"#, #"{"a":[1]}"#, #"[1]"#, #"[]"#, #"{"a":[1],"c":{}}"#] {
      #expect(try read(#"{"a":[1],"b":{}}"#) != read(other), "\(other)")
    }
  }

  @Test(
    "sixty levels that differ in a leaf are compared in no time by the power of their depth", .timeLimit(.minutes(1)))
  func deepEquality() throws {
    func nested(_ leaf: Int) throws -> JSON {
      try read(String(repeating: #"{"k":1,"a":"#, count: 60) + "\(leaf)" + String(repeating: "}", count: 60))
    }
    #expect(try nested(1) == nested(1) && nested(1) != nested(2))
  }

  @Test("an object of a thousand keys finds, changes, removes and compares them as a short one")
  func manyKeys() {
    var object = JSONObject()
    for key in 0..<1000 { object["k\(key)"] = JSON(key) }
    object["k7"] = "changed"
    object["k500"] = Optional<JSON>.none
    #expect(object.count == 999 && object["k500"] == Optional.none && object["k7"] == "changed")
    #expect(object["k999"]?.int == 999 && object["k1000"] == Optional.none && !object.add("k3", 1))
    let turned = JSONObject(object.members.reversed().map { ($0.key, $0.value) })
    #expect(turned == object && turned.keys == object.keys.reversed())
    let (odd, wanted) = (
      object.filter { $0.value.int?.isMultiple(of: 2) == false }, (0..<1000).filter { $0 % 2 == 1 && $0 != 7 }
    )
    #expect(odd.keys == wanted.map { "k\($0)" } && odd["k501"]?.int == 501 && odd["k502"] == Optional.none)
  }
}
