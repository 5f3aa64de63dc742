import Documents
import TestSupport
import Testing

@Suite struct XMLDocumentTests {
  @Test("elements, attributes, texts and lines are read")
  func reads() throws {
    let root = try XMLDocument.read(
      """
      <?xml version="1.0"?>
      <!-- a comment -->
      <a k="1" l="x &amp; y">
        <b> 7.5
        </b>
        <b/><c><![CDATA[<raw>]]></c>
      </a>
      """, file: "t.xml")
    #expect(root.name == "a")
    #expect(root.attributes.map { "\($0.name)=\($0.value)" } == ["k=1", "l=x & y"])
    #expect(root.all("b").count == 2)
    #expect(try root.child("b").number() == 7.5)
    #expect(root["b"]?.line == 4)
    #expect(root["c"]?.text == "<raw>")
    #expect(root["zz"] == nil)
  }

  @Test("other encodings are turned into Swift text")
  func encoding() throws {
    let bytes = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>".utf8) + [0xE9] + Array("</a>".utf8)
    #expect(try bytes.withUnsafeBytes { try XMLDocument.read($0, file: "t") }.text == "é")
  }

  @Test(
    "what is broken or hostile is refused in one line with file and line",
    arguments: [
      ("<a><b></a>", "t.xml:1: Opening and ending tag mismatch: b line 1 and a"),
      ("<a>\n<b>", "t.xml:2: the file ends early, inside <b>"),
      ("<a><b>1</b>", "t.xml:1: the file ends early, inside <a>"),
      ("<a><b><![CDATA[x", "t.xml:1: the file ends early, inside <b>"),
      ("<a>p&", "t.xml:1: the file ends early, inside <a>"),
      ("<a>\n<", "t.xml:2: the file ends early, inside <a>"),
      ("<", "t.xml:1: the file ends early"),
      ("<a/><b", "t.xml:1: Extra content at the end of the document"),
      (
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>",
        "t.xml:1: is in the encoding utf-7, which is not read; UTF-8 is"
      ),
      ("<a>\0</a>", "t.xml:1: is text neither in UTF-8 nor in UTF-16"),
      (
        "<a>\n<b \((0..<101).map { "xmlns:p\($0)='u'" }.joined(separator: " "))/></a>",
        "t.xml:2: stands in more than 100 declarations of namespaces"
      ),
      ("<a/><b/>", "t.xml:1: Extra content at the end of the document"),
      ("", "t.xml: the file is empty"),
      ("no xml", "t.xml:1: is not XML: no element is in it"),
      ("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "has a document type declaration, which is not accepted"),
      ("<!DOCTYPE a SYSTEM \"/etc/passwd\"><a/>", "has a document type declaration, which is not accepted"),
      ("<a>&undefined;</a>", "t.xml:1: Entity 'undefined' not defined"),
      (String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65), "is nested deeper than 64 levels"),
      (String(repeating: "<a>", count: 100_000), "is nested deeper than 64 levels"),
    ])
  func refused(text: String, message: String) throws {
    let found = try #require(errorMessage { _ = try XMLDocument.read(text, file: "t.xml") })
    #expect(found.contains(message))
    #expect(!found.contains("\n"))
  }

  @Test("an element has up to 1,000 attributes; more are refused before libxml2 takes time by their square")
  func attributes() throws {
    func element(_ count: Int, _ value: String = "=>") -> String {
      "<b \((0..<count).map { "a\($0)='\(value)'" }.joined(separator: " "))/>"
    }
    let signs = String(repeating: "= \"=\" ", count: 1_000)
    let allowed = "<?xml version=\"1.0\"?><!-- < \(signs) --><a><![CDATA[<\(signs)]]>\n\(element(1_000))\(signs)</a>"
    #expect(try XMLDocument.read(allowed, file: "t")["b"]?.attributes.count == 1_000)
    for value in ["", "=>", "\"", "&gt;"] {
      let message = errorMessage { _ = try XMLDocument.read("<a>\n\n\(element(1_001, value))</a>", file: "t") }
      #expect(message == "t:3: has an element with more than 1000 attributes")
    }
    #expect(
      errorMessage { _ = try XMLDocument.read("<a \(signs)\(signs)", file: "t") }?.hasPrefix("t:1: has an") == true)
  }

  @Test("namespaces are attributes, entities are resolved in them, comments and instructions say nothing")
  func namespaces() throws {
    let root = try XMLDocument.read(
      "<p:a xmlns=\"u:1\" xmlns:p=\"u:2\" p:k=\"&lt;&#38;&amp;\"><!-- --><?go on?>x<b/>y<![CDATA[<&]]> </p:a>",
      file: "t")
    #expect(root.name == "p:a" && root.text == "xy<& ")
    #expect(root.attributes.map { "\($0.name)=\($0.value)" } == ["xmlns=u:1", "xmlns:p=u:2", "p:k=<&&"])
  }

  @Test("UTF-16 of either order, with a mark or without, is read as UTF-8; what only begins so is refused")
  func wide() throws {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><!-- \"=\" --><a k=\"\u{3E3E}\">é😀</a>"
    for isLittle in [true, false] {
      for mark in ["\u{FEFF}", ""] {
        let units = (mark + text).utf16.flatMap { unit in
          isLittle ? [UInt8(unit & 255), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 255)]
        }
        let root = try units.withUnsafeBytes { try XMLDocument.read($0, file: "t") }
        #expect(root.text == "é😀" && root.attributes.first?.value == "\u{3E3E}")
        let cut = Array(units.dropLast())
        #expect(
          errorMessage { _ = try cut.withUnsafeBytes { try XMLDocument.read($0, file: "t") } }
            == "t: is no text in UTF-16, as which it begins")
      }
    }
    let many = "<a \((0..<1_001).map { "\u{3E3E}\($0)='='" }.joined(separator: " "))/>"
    let units = many.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(
      errorMessage { _ = try units.withUnsafeBytes { try XMLDocument.read($0, file: "t") } }
        == "t:1: has an element with more than 1000 attributes")
  }

  @Test("every cut of a valid file is refused, none crashes")
  func cuts() {
    let text = Array("<a k=\"v\"><b>1 &amp; 2</b><c/></a>".utf8)
    for count in 0..<text.count {
      let cut = String(decoding: text[..<count], as: UTF8.self)
      #expect(throws: DocumentError.self) { try XMLDocument.read(cut, file: "t") }
    }
  }

  @Test("numbers that are none are refused with their line", arguments: ["x", "", "nan", "inf", "1,5"])
  func numbers(text: String) throws {
    let root = try XMLDocument.read("<a>\n<b>\(text)</b></a>", file: "t.xml")
    #expect(errorMessage { _ = try root.child("b").number() }?.hasPrefix("t.xml:2: ") == true)
  }

  @Test("escaped text reads back")
  func escaping() throws {
    let text = "a & b <c> \"d\" \t\n\r é😀"
    #expect(try XMLDocument.read("<a>\(XMLDocument.escaped(text))</a>", file: "t").text == text)
  }

  @Test("characters that XML cannot hold become one that it can, as is told beforehand")
  func unheld() throws {
    for scalar in (0...0x10FFFF as ClosedRange<UInt32>).lazy.filter({ $0 < 0x300 || 0xFF00...0x1_0010 ~= $0 }) {
      guard let scalar = Unicode.Scalar(scalar) else { continue }
      let text = "a\(scalar)b"
      let back = try XMLDocument.read("<a>\(XMLDocument.escaped(text))</a>", file: "t").trimmedText
      #expect(Array(back.unicodeScalars) == Array(XMLDocument.readsBack(text).unicodeScalars), "\(scalar.value)")
    }
    #expect(XMLDocument.readsBack("x\u{FFFF}") == "x\u{FFFD}")
  }

  @Test("read an element at a time, a file gives the tree's elements; damage and limits are found as in a tree")
  func stream() throws {
    let folder = try ScratchFolder()
    func elements(_ text: String) throws(DocumentError) -> (root: XMLElement?, children: [XMLElement]) {
      var (root, children): (XMLElement?, [XMLElement]) = (nil, [])
      let file: String
      do { file = try folder.write(text, to: "t.xml") } catch { throw .content(file: "t.xml", reason: "\(error)") }
      try XMLDocument.read(file, root: { root = $0 }, child: { children.append($0) })
      return (root, children)
    }
    let text = "<?xml version=\"1.0\"?>\n<a k=\"1\"> x <b><c/>t</b>\n<b n=\"2\"/> <d><b>u</b></d></a>"
    let found = try elements(text)
    let tree = try XMLDocument.read(folder.path + "/t.xml")
    #expect(found.children == tree.children && found.children.count == 3)
    #expect(found.root?.name == "a" && found.root?.attributes == tree.attributes && found.root?.children == [])
    let leaf = try elements("<a/>")
    #expect(leaf.root?.name == "a" && leaf.children.isEmpty)
    for count in stride(from: 0, to: text.utf8.count, by: 7) {
      #expect(throws: DocumentError.self) { _ = try elements(String(text.prefix(count))) }
    }
    let deep = String(repeating: "<b>", count: 70) + String(repeating: "</b>", count: 70)
    #expect(
      errorMessage { _ = try elements("<a>\n\(deep)</a>") }?.hasSuffix(":2: is nested deeper than 64 levels") == true)
    // A tree has at most 500,000 elements; here each of the root's elements has.
    let many = String(repeating: "<b><c/></b>", count: 300_000)
    #expect(throws: DocumentError.self) { _ = try XMLDocument.read("<a>\(many)</a>", file: "t") }
    #expect(try elements("<a>\(many)</a>").children.count == 300_000)
    let inOne = String(repeating: "<c/>", count: 500_001)
    #expect(throws: DocumentError.self) { _ = try elements("<a><b>\(inOne)</b></a>") }
  }
}
