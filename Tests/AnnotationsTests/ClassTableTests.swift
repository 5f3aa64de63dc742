import Annotations
import Imaging
import TestSupport
import Testing

@Suite struct ClassTableTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func read(_ text: String, ignored: Set<Int>? = nil) throws -> ClassTable {
    try ClassTable.read(try folder.write(text, to: "classes.txt"), ignoredIDs: ignored)
  }

  @Test("names alone count from 0 and get VOC's colours; 255 is ignored")
  func names() throws {
    let table = try read("background\ntraffic light\n\n# a remark\ncar\n")
    #expect(table.names == ["background", "traffic light", "car"])
    #expect(table.classes.map(\.id) == [0, 1, 2])
    #expect(table.classes.map(\.color) == [RGB(0, 0, 0), RGB(128, 0, 0), RGB(0, 128, 0)])
    #expect(table.ignoredIDs == [255])
    #expect(table.indices[2] == 2 && table.indices[255] == 255 && table.indices[3] == nil)
  }

  @Test("CamVid's list: what is marked as ignored is no class")
  func camVid() throws {
    let table = try read("Sky\nBuilding\nPole\nVoid(ignore)\n")
    #expect(table.count == 3 && table.ignoredIDs == [3, 255])
    #expect(table.indices[3] == ClassTable.ignored)
    // The same by number, from a list that marks nothing.
    let given = try read("Sky\nBuilding\nPole\nVoid\n", ignored: [3])
    #expect(given.classes == table.classes && given.ignoredIDs == [3] && given.indices[255] == nil)
  }

  @Test("a table like Cityscapes': ids with gaps, colours in both spellings, names of several words")
  func cityscapes() throws {
    let table = try read("7 road 128,64,128\n8 sidewalk #F423E8\n19 traffic light\n0 unlabeled (ignore)\n")
    #expect(table.names == ["road", "sidewalk", "traffic light"])
    #expect(table.classes.map(\.id) == [7, 8, 19])
    #expect(table.classes.map(\.color) == [RGB(128, 64, 128), RGB(244, 35, 232), Palette.voc(19)])
    #expect(table.indices[7] == 0 && table.indices[19] == 2 && table.indices[0] == 255 && table.indices[1] == nil)
    #expect(table.index(of: "sidewalk") == 1 && table.palette[0] == RGB(128, 64, 128))
  }

  @Test("255 is a class where the table says so, unless it is to be ignored")
  func class255() throws {
    let table = try read("0 background\n255 object\n")
    #expect(table.indices[255] == 1 && table.ignoredIDs.isEmpty)
    #expect(try read("0 background\n255 void\n7 car\n", ignored: [255]).names == ["background", "car"])
    let renumbered = ClassTable(names: ["background", "object"]).renumbered([0, 255])
    #expect(
      renumbered?.indices[255] == 1 && renumbered.map { $0.indices[1] == nil } == true && renumbered?.ignoredIDs == [])
    #expect(ClassTable(names: ["a", "b"]).renumbered([0]) == nil)
    #expect(ClassTable(names: ["a", "b"]).renumbered([7, 7]) == nil)
  }

  @Test(
    "a bad line is named with what is wrong",
    arguments: [
      ("", ": names no class"), ("0 a\nb\n", ":2: has no id, though line 1 has one"),
      ("a\n3 b\n", ":2: has an id, though line 1 has none"), ("0 a\n0 b\n", ":2: the id 0 is that of line 1"),
      ("0 a\n300 b\n", ":2: the id is 300, not in 0…255"), ("a\nb\na\n", ":3: the name \"a\" is that of line 1"),
      ("a #12345\n", ":1: the colour #12345 is neither #RRGGBB nor r,g,b of 0…255"),
      ("a 1,2,300\n", ":1: the colour 1,2,300 is neither #RRGGBB nor r,g,b of 0…255"),
      ("a(ignore)\n", ": every class is ignored"),
    ])
  func refused(text: String, reason: String) throws {
    let path = folder.path + "/classes.txt"
    #expect(errorMessage { _ = try read(text) } == path + reason)
  }

  @Test("256 names leave no number for ignored pixels, unless one is said to be ignored", arguments: [false, true])
  func tooMany(haveIDs: Bool) throws {
    let lines = (0..<256).map { haveIDs ? "\($0) c\($0)" : "c\($0)" }
    let text = lines.joined(separator: "\n")
    for ignored in [nil, []] as [Set<Int>?] {
      #expect(
        errorMessage { _ = try read(text, ignored: ignored) }?.hasSuffix(
          "has 256 classes; one number must be left for ignored pixels") == true)
    }
    #expect(try read(text, ignored: [255]).count == 255)
    let marked = try read(text.replacing("c11\n", with: "c11 (ignore)\n"))
    #expect(marked.count == 255 && marked.ignoredIDs == [11] && marked.indices[255] == 254)
    #expect(try read(lines.dropLast().joined(separator: "\n")).ignoredIDs == [255])
  }
}
