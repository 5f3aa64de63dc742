import TestSupport
import Testing

@testable import Annotations

@Suite struct ClassMappingTests {
  private func mapping(_ rules: [(String, String?, Int?)]) throws -> ClassMapping {
    var mapping = ClassMapping()
    for (old, new, id) in rules { try mapping.add(.init(old: old, new: new, id: id, place: "here")) }
    return mapping
  }

  @Test("a class is renamed, two are united, one is dropped with its objects")
  func mapped() throws {
    var (set, changes) = try mapping([("cat", "pet", nil)]).applied(to: EditedSet.set, source: "a.json")
    #expect(set.categories.map(\.name) == ["pet", "dog", "car"] && set.categories.map(\.id) == [3, 1, 7])
    #expect(set.categories[0].supercategory == "animal" && set.objects == EditedSet.set.objects)
    #expect(changes.renamed.map(\.new) == ["pet"] && changes.united.isEmpty && changes.droppedObjects == 0)

    // The class that has the name gives the id.
    (set, changes) = try mapping([("cat", "dog", nil)]).applied(to: EditedSet.set, source: "a.json")
    #expect(set.categories.map(\.id) == [1, 7] && set.objects.map(\.categoryID) == [1, 1, 1, 7])
    #expect(changes.united.map(\.old) == [["cat", "dog"]])

    (set, changes) = try mapping([("cat", nil, nil)]).applied(to: EditedSet.set, source: "a.json")
    #expect(set.objects.map(\.id) == [2, 8] && set.images.count == 3)
    #expect(changes.dropped == ["cat"] && changes.droppedObjects == 2)
  }

  @Test("names may change places")
  func exchanged() throws {
    let (set, changes) = try mapping([("cat", "dog", nil), ("dog", "cat", nil)])
      .applied(to: EditedSet.set, source: "a.json")
    #expect(set.categories.map(\.name) == ["dog", "cat", "car"] && set.categories.map(\.id) == [3, 1, 7])
    #expect(changes.renamed.count == 2 && changes.united.isEmpty)
  }

  @Test("ids are given one by one or counted; what has no rule may be dropped")
  func numbers() throws {
    var map = try mapping([("cat", "cat", 1), ("dog", "dog", 3)])
    #expect(map.setsIDs)
    var (set, changes) = try map.applied(to: EditedSet.set, source: "a.json")
    #expect(set.categories.map(\.id) == [1, 3, 7] && set.objects.map(\.categoryID) == [1, 3, 1, 7])
    #expect(changes.renumbered.map(\.new) == [1, 3])
    map = try mapping([("dog", "dog", nil), ("car", "vehicle", nil)])
    map.dropsOthers = true
    map.firstID = 0
    (set, changes) = try map.applied(to: EditedSet.set, source: "a.json")
    #expect(set.categories.map(\.id) == [0, 1] && set.objects.map(\.categoryID) == [0, 1])
    #expect(changes.dropped == ["cat"])
  }

  @Test(
    "what cannot be is refused with its place",
    arguments: [
      (
        [("dgo", "hound", nil)],
        "here, of a.json: no class is called \"dgo\"; did you mean \"dog\"? (classes: cat, dog, car)"
      ),
      ([("cat", "cat", 7)], "a.json: \"cat\" and \"car\" would both have the id 7"),
      ([("cat", "pet", 1), ("dog", "pet", 2)], "a.json: \"pet\" is given the ids 1 and 2"),
      ([("cat", "pet", nil), ("cat", "dog", nil)], "here: says a second time what becomes of \"cat\""),
    ] as [([(String, String?, Int?)], String)])
  func refused(rules: [(String, String?, Int?)], message: String) {
    #expect(errorMessage { _ = try mapping(rules).applied(to: EditedSet.set, source: "a.json") } == message)
  }

  @Test("files are CSV or lines of `old = new`")
  func files() throws {
    let folder = try ScratchFolder()
    var lines = ClassMapping()
    try lines.add(file: try folder.write("\u{FEFF}# pets\n\ncat = pet\r\n  dog=pet \ncar =\n", to: "map.txt"))
    var table = ClassMapping()
    try table.add(file: try folder.write("old,new,id\ncat,pet,4\n\"dog\",pet,\ncar,\n", to: "map.csv"))
    for map in [lines, table] {
      #expect(map.rules["cat"]?.new == "pet" && map.rules["dog"]?.new == "pet")
      #expect(map.rules.count == 3 && map.rules["car"].map { $0.new == nil } == true)
    }
    #expect(table.rules["cat"]?.id == 4 && table.rules["dog"]?.id == nil && lines.setsIDs == false)
  }

  @Test(
    "a file that says something else is refused with its line",
    arguments: [
      ("m.txt", "cat = pet\ndog\n", "line 2: \"dog\" is not `old = new`, nor `old =` to drop a class"),
      ("m.txt", "a = b = c\n", "line 1: \"a = b = c\" is not `old = new`, nor `old =` to drop a class"),
      ("m.csv", "cat,pet,one\n", "line 1: is not `old,new` or `old,new,id` with a whole number"),
      ("m.csv", "cat\n", "line 1: is not `old,new` or `old,new,id` with a whole number"),
      ("m.txt", "# nothing\n", "says nothing of any class"),
    ])
  func badFiles(name: String, text: String, message: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.write(text, to: name)
    var map = ClassMapping()
    #expect(errorMessage { try map.add(file: file) } == "\(file): \(message)")
  }

  @Test("keys of a class that goes up in another are told where that lacks them or says something else")
  func lostKeys() throws {
    var set = EditedSet.set
    for place in 0...1 { set.categories[place].extra["color"] = "blue" }
    let map = try mapping([("cat", "dog", nil)])
    #expect(
      try map.applied(to: set, source: "a.json").changes.lostKeys == [LostKeys(name: "cat", keys: ["supercategory"])])
    set.categories[1].extra["color"] = "red"
    #expect(try map.applied(to: set, source: "a.json").changes.lostKeys[0].keys == ["supercategory", "color"])
    #expect(try mapping([("cat", "pet", nil)]).applied(to: set, source: "a.json").changes.lostKeys.isEmpty)
  }
}
