import Documents
import TestSupport
import Testing

@testable import Annotations

@Suite struct DataYAMLTests {
  private func read(_ text: String) throws -> DataYAML {
    let folder = try ScratchFolder()
    return try DataYAML.read(folder.write(text, to: "data.yaml"))
  }

  @Test(
    "names are read in every form that such files have",
    arguments: [
      "names: [cat, 'hot dog', \"a: b\"]", "names: ['cat', \"hot dog\", 'a: b' ]  # three",
      "names:\n  0: cat\n  1: hot dog # no\n  2: 'a: b'\n", "names:\n- cat\n- hot dog\n- \"a: b\"\n",
      "nc: 3\nnames:\n    - cat\n    - hot dog\n    - 'a: b'\n",
      "names: {0: cat, 1: hot dog,\n  2: \"a\\u003a b\"}\n", "names: [cat,\n  hot dog,\n  'a: b',\n]\nval: x\n",
      "\u{FEFF}# c\n---\ndownload: |\n  import os\n  x: 1\nroboflow:\n  license: MIT\n  tags: [a]\nnames:\n  2: 'a: b'\n  0: cat\n  1: hot dog\r\n",
    ])
  func names(text: String) throws {
    #expect(try read(text).names == ["cat", "hot dog", "a: b"])
  }

  @Test("path and subsets are a text or a list")
  func subsets() throws {
    let data = try read(
      "path: ../datasets/x  # root\ntrain:\n  - images/a\n  - images/b\nval: images/c\ntest:\nnames: []\n")
    #expect(data.path == "../datasets/x")
    #expect(data.subsets.map(\.name) == ["train", "val", "test"])
    #expect(data.subsets.map(\.places) == [["images/a", "images/b"], ["images/c"], []])
    #expect(data.names == [])
  }

  @Test(
    "what is not read is an error with its line",
    arguments: [
      ("names: {0: a, 2: b}", ":1: names does not number its 2 classes from 0 to 1"),
      ("names:\n  a: b\n", ":1: names has \"a\" where a number is due"),
      ("names: cat", ":1: names is neither a list nor a name for each number"),
      ("train: &x images", ":1: has a value beginning with &, which is not read; put it in quotes"),
      ("val: 'a", ":1: has no ' at the end of a quoted text"), ("names: [a, b", ":1: has no ] at its end"),
      ("train: a\ntrain: b", ":2: has the key train twice"),
      ("names:\n\t- a", ":2: is indented by a tab, which YAML does not allow"),
      ("train: images\n  more: 1", ":2: goes on with the line above, which is not read"),
      ("nonsense", ":1: has no key and colon"),
      ("names: \"\\q\"", ":1: has a backslash that begins no character"), ("path: [a]", ":1: path is no text"),
      ("  a: b", ":1: is indented, but stands under no key"),
      ("names: \"\\x8\"", ":1: has a backslash that begins no character"),
      ("names: \"\\ud83d\"", ":1: has a backslash that begins no character"),
      (
        "names: [a]\nkpt_shape: [17, 3]\n",
        ":2: has the key kpt_shape: its labels are keypoints; read are boxes and outlines"
      ),
    ])
  func errors(text: String, message: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.write(text, to: "data.yaml")
    #expect(errorMessage { _ = try DataYAML.read(file) } == file + message)
  }

  @Test("every escape of YAML's double quotes is understood, and those are written that other readers want")
  func escapes() throws {
    let text = #"names: ["\x85\u2028\U0001F600", "\N\L\P\_\e\0\a\b\v\f", "\ \/\"\\"]"#
    #expect(
      try read(text).names == [
        "\u{85}\u{2028}\u{1F600}", "\u{85}\u{2028}\u{2029}\u{A0}\u{1B}\u{0}\u{7}\u{8}\u{B}\u{C}", " /\"\\",
      ])
    #expect(YAMLLines.scalar("a\u{85}b\u{2028}\u{FEFF}") == #""a\x85b\u2028\ufeff""#)
  }

  @Test("names that YAML would take for something else come back")
  func writing() throws {
    let names = [
      "cat", "yes", "1", "a: b", "é", "it's", "\"q\"", "null", "- x", "#1", "a #b", "t ", "back\\slash", "new\nline",
      "\u{85}a\u{2028}b\u{2029}c", "\u{FEFF}a", "\u{7F}\u{0}\u{8}", "\u{301}a", "\\\u{301}", "\"\u{301}", "a\u{600}",
    ]
    let data = try read(DataYAML.text(subsets: [("train", "images"), ("val", "images/val")], names: names))
    #expect(data.names == names)
    #expect(data.subsets.map(\.places) == [["images"], ["images/val"]])
  }
}
