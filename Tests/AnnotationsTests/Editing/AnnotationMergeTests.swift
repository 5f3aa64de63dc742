import Documents
import TestSupport
import Testing

@testable import Annotations

@Suite struct AnnotationMergeTests {
  /// Another source: one new image, one new class whose id is another's, ids that clash.
  private static let other = AnnotationSet(
    categories: [Category(id: 3, name: "dog"), Category(id: 1, name: "bus")],
    images: [
      ImageRecord(id: 5, fileName: "d.png", height: 10, width: 10),
      ImageRecord(id: 6, fileName: "e.png", height: 10, width: 10),
    ],
    objects: [EditedSet.object(1, 5, 3, 1, 1, 2, 2), EditedSet.object(70, 6, 1, 1, 1, 2, 2)])

  @Test("ids change only where they clash, classes of one name are one")
  func merged() throws {
    let (reading, changes) = try AnnotationMerge().merged([
      EditedSet.reading(), EditedSet.reading(Self.other, from: "b.json"),
    ])
    let set = reading.set
    #expect(set.images.map(\.fileName) == ["a.png", "b.png", "c.png", "d.png", "e.png"])
    #expect(set.images.map(\.id) == [5, 2, 9, 1, 6])
    #expect(set.categories.map(\.name) == ["cat", "dog", "car", "bus"] && set.categories.map(\.id) == [3, 1, 7, 2])
    #expect(set.objects.map(\.id) == [1, 2, 3, 8, 4, 70])
    #expect(set.objects.suffix(2).map(\.imageID) == [1, 6] && set.objects.suffix(2).map(\.categoryID) == [1, 2])
    #expect(AnnotationCheck.references(of: set).count(.error) == 0)
    #expect(changes.renumberedImages == 1 && changes.renumberedObjects == 1 && changes.renumberedClasses == 2)
    #expect(changes.conflicts.isEmpty && changes.notes.isEmpty)
  }

  @Test("an image that two sources have is refused, taken from the first, or united")
  func conflicts() throws {
    var other = Self.other
    other.images[0] = ImageRecord(id: 5, fileName: "b.png", height: 100, width: 200)
    let readings = [EditedSet.reading(), EditedSet.reading(other, from: "b.json")]
    var merge = AnnotationMerge()
    #expect(merge.conflicts(of: readings) == [.init(fileName: "b.png", sources: ["a.json", "b.json"])])
    #expect(
      errorMessage { _ = try merge.merged(readings) } == "a.json, b.json: have an image of the same name: b.png")
    merge.rule = .first
    var (reading, changes) = try merge.merged(readings)
    #expect(reading.set.images.count == 4 && reading.set.objects.map(\.id) == [1, 2, 3, 8, 70])
    #expect(changes.droppedObjects == 1 && changes.conflicts.count == 1)
    merge.rule = .unite
    (reading, changes) = try merge.merged(readings)
    #expect(reading.set.objects.map(\.imageID) == [5, 5, 2, 2, 2, 6] && changes.droppedObjects == 0)
    merge.rule = .refuse
    merge.prefixes = ["x/", "y/"]
    (reading, changes) = try merge.merged(readings)
    #expect(reading.set.images.map(\.fileName) == ["x/a.png", "x/b.png", "x/c.png", "y/b.png", "y/e.png"])
  }

  @Test("images of one name and several sizes are not united")
  func sizes() {
    var other = Self.other
    other.images[0].fileName = "b.png"
    var merge = AnnotationMerge()
    merge.rule = .unite
    #expect(
      errorMessage { _ = try merge.merged([EditedSet.reading(), EditedSet.reading(other, from: "b.json")]) }
        == "b.json: b.png: is 10×10, in a.json 200×100: other images")
  }

  @Test("a prefix never leads out of the folder")
  func prefix() {
    var merge = AnnotationMerge()
    merge.prefixes = ["x/", "../"]
    #expect(
      errorMessage { _ = try merge.merged([EditedSet.reading(), EditedSet.reading(Self.other, from: "b.json")]) }
        == "b.json: the file name \"../d.png\" leads out of the folder")
  }

  @Test("keys of the file and of classes that contradict the first source's are told")
  func keys() throws {
    var (one, two) = (EditedSet.set, Self.other)
    one.extra["info"] = "one"
    two.extra["info"] = "two"
    two.extra["licenses"] = []
    two.categories[0].supercategory = "animal"
    let (reading, changes) = try AnnotationMerge().merged([
      EditedSet.reading(one), EditedSet.reading(two, from: "b.json"),
    ])
    #expect(reading.set.extra["info"] == "one" && reading.set.extra["licenses"] == [])
    #expect(
      changes.notes == [
        "info of b.json is another than that of a source before it, which is kept",
        "the class dog of b.json differs in other keys, which are not kept",
      ])
  }

  @Test("keys of an image that is united are taken where the first source lacks them, and told where they differ")
  func imageKeys() throws {
    var (one, two) = (EditedSet.set, EditedSet.set)
    one.images[0].extra = JSONObject([("same", 0.5), ("other", 1)])
    two.images[0].extra = JSONObject([("same", .number("0.50")), ("other", 2), ("new", 3)])
    two.images[1].extra["new"] = 4
    var merge = AnnotationMerge()
    merge.rule = .unite
    var (reading, changes) = try merge.merged([EditedSet.reading(one), EditedSet.reading(two, from: "b.json")])
    #expect(reading.set.images[0].extra == JSONObject([("same", 0.5), ("other", 1), ("new", 3)]))
    #expect(reading.set.images[1].extra["new"] == 4)
    #expect(changes.notes == ["other of a.png in b.json is another than that of a source before it, which is kept"])
    one.images[2].extra["other"] = 1
    two.images[2].extra["other"] = 2
    (reading, changes) = try merge.merged([EditedSet.reading(one), EditedSet.reading(two, from: "b.json")])
    #expect(
      changes.notes == [
        "other of a.png in b.json is another than that of a source before it, which is kept; so are 1 more keys of its "
          + "images"
      ])
  }

  @Test("where licences differ it is said that images point to those of the source before")
  func licences() throws {
    var (one, two) = (EditedSet.set, Self.other)
    one.extra["licenses"] = [["id": 1, "name": "A"]]
    two.extra["licenses"] = [["id": 1, "name": "B"]]
    let kept = "licenses of b.json is another than that of a source before it, which is kept"
    var (_, changes) = try AnnotationMerge().merged([EditedSet.reading(one), EditedSet.reading(two, from: "b.json")])
    #expect(changes.notes == [kept])
    two.images[1].extra["license"] = 1
    (_, changes) = try AnnotationMerge().merged([EditedSet.reading(one), EditedSet.reading(two, from: "b.json")])
    #expect(changes.notes == [kept + ": `license` of 1 images of b.json points to a licence of that source now"])
    two.extra["licenses"] = [["name": "A", "id": .number("1.0")]]
    (_, changes) = try AnnotationMerge().merged([EditedSet.reading(one), EditedSet.reading(two, from: "b.json")])
    #expect(changes.notes.isEmpty)
  }
}
