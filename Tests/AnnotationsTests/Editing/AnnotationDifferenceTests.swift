import Documents
import Testing

@testable import Annotations

@Suite struct AnnotationDifferenceTests {
  private func items(_ items: [AnnotationDifference.Item]) -> [String] {
    items.map { "\($0.kind.rawValue): \($0.text)" }
  }

  @Test("a set differs in nothing from itself", arguments: [AnnotationDifference.Matching.id, .overlap(atLeast: 0.5)])
  func same(matching: AnnotationDifference.Matching) {
    #expect(AnnotationDifference(from: EditedSet.set, to: EditedSet.set, matching: matching).isEmpty)
  }

  @Test("by id: what is added, removed, moved, relabelled and changed is told once each")
  func byID() {
    var set = EditedSet.set
    set.images[2].fileName = "d.png"
    set.images[0].width = 300
    set.categories[2].name = "bus"
    set.objects.remove(at: 1)
    set.objects[0].box.x1 = 12
    set.objects[1].categoryID = 1
    set.objects[2].isDifficult = false
    set.objects.append(EditedSet.object(11, 2, 1, 1, 2, 3, 4))
    let difference = AnnotationDifference(from: EditedSet.set, to: set, matching: .id)
    #expect(items(difference.images) == ["changed: a.png: 200×100 becomes 300×100", "removed: c.png", "added: d.png"])
    #expect(items(difference.classes) == ["removed: car", "added: bus"])
    #expect(
      items(difference.objects) == [
        "moved: object 1 in a.png: (0, 0)–(10, 10) becomes (0, 0)–(12, 10)",
        "removed: object 2 in a.png: dog (20, 20)–(60, 28)",
        "relabelled: object 3 in b.png: cat becomes dog",
        "relabelled: object 8 in b.png: car becomes bus", "changed: object 8 in b.png: no longer difficult",
        "added: object 11 in b.png: dog (1, 2)–(4, 6)",
      ])
  }

  @Test("by overlap: ids and orders do not matter, the nearest box is the same object")
  func byOverlap() {
    var set = EditedSet.set
    set.categories = set.categories.map { Category(id: $0.id + 10, name: $0.name, supercategory: $0.supercategory) }
    set.images = set.images.map { ImageRecord(id: $0.id + 100, fileName: $0.fileName, height: 100, width: 200) }
    set.objects = set.objects.reversed()
    for place in set.objects.indices {
      set.objects[place].id += 50
      set.objects[place].imageID += 100
      set.objects[place].categoryID += 10
    }
    #expect(AnnotationDifference(from: EditedSet.set, to: set, matching: .overlap(atLeast: 0.5)).isEmpty)
    // Eight of the ten columns are the same: 80 / 120.
    set.objects[3].box = Box(x: 2, y: 0, width: 10, height: 10)
    let near = AnnotationDifference(from: EditedSet.set, to: set, matching: .overlap(atLeast: 0.6))
    #expect(near.objects.map(\.kind) == [.moved])
    let far = AnnotationDifference(from: EditedSet.set, to: set, matching: .overlap(atLeast: 0.7))
    #expect(far.objects.map(\.kind) == [.removed, .added])
  }

  @Test("of boxes that are the same the one of the same class is taken; boxes without area match themselves")
  func ties() {
    let old = AnnotationSet(
      categories: EditedSet.set.categories, images: EditedSet.set.images,
      objects: [
        EditedSet.object(1, 5, 3, 0, 0, 9, 9), EditedSet.object(2, 5, 1, 0, 0, 9, 9),
        EditedSet.object(3, 5, 1, 4, 4, 0, 0),
      ])
    var new = old
    new.objects = [old.objects[1], old.objects[0], old.objects[2]]
    #expect(AnnotationDifference(from: old, to: new, matching: .overlap(atLeast: 0.5)).isEmpty)
    new.objects[0].categoryID = 7
    let difference = AnnotationDifference(from: old, to: new, matching: .overlap(atLeast: 0.5))
    #expect(items(difference.objects) == ["relabelled: object 2 in a.png: dog becomes car"])
  }

  @Test("numbers in keys and outlines are compared by value, not by how they were written")
  func values() {
    let outlines = ["[[1,2,3.5,4,5,6]]", "[[1.0,2,3.50,4,5,6]]"].map { Segmentation(text: $0) }
    let sets = zip(["0.5", "0.50"], outlines).map { number, outline in
      var set = EditedSet.set
      set.images[0].extra["a"] = .number(number)
      set.categories[0].extra["b"] = [.number(number), "x"]
      set.objects[0].extra["c"] = ["d": .number(number)]
      set.objects[0].segmentation = outline
      set.extra["e"] = .number(number)
      return set
    }
    #expect(AnnotationDifference(from: sets[0], to: sets[1], matching: .id).isEmpty)
    var other = sets[1]
    other.objects[0].extra["c"] = ["d": 0.51]
    other.objects[0].segmentation = Segmentation(text: "[[1,2,3.51,4,5,6]]")
    #expect(
      items(AnnotationDifference(from: sets[0], to: other, matching: .id).objects) == [
        "changed: object 1 in a.png: outline or mask, other keys (c)"
      ])
  }

  @Test("keys that differ are named, flags once, whatever key they are kept under")
  func otherKeys() {
    var (old, new) = (EditedSet.set, EditedSet.set)
    (old.objects[0].isTruncated, old.objects[0].extra["truncated"]) = (true, 1)
    old.objects[1].extra = JSONObject((1...7).map { ("k\($0)", 1) })
    (new.images[0].extra["verified"], old.images[0].extra["note"]) = ("yes", "x")
    (new.categories[0].supercategory, new.categories[0].extra["color"]) = ("pet", "red")
    let difference = AnnotationDifference(from: old, to: new, matching: .id)
    #expect(
      items(difference.objects) == [
        "changed: object 1 in a.png: no longer truncated",
        "changed: object 2 in a.png: other keys (k1, k2, k3, k4, k5 and 2 more)",
      ])
    #expect(items(difference.images) == ["changed: a.png: other keys (note, verified)"])
    #expect(items(difference.classes) == ["changed: \(new.categories[0].name): supercategory, other keys (color)"])
    old.objects[0].extra["truncated"] = "perhaps"
    #expect(
      items(AnnotationDifference(from: old, to: new, matching: .id).objects)[0]
        == "changed: object 1 in a.png: no longer truncated, other keys (truncated)")
  }

  @Test("numbers that differ differ, also beyond what doubles hold")
  func numbers() {
    for (one, other, isSame) in [
      ("1", "1.0", true), ("1e2", "100", true), ("-0", "0", true), ("9007199254740993", "9007199254740992", false),
      ("18446744073709551617", "18446744073709551616", false), ("1e400", "1e500", false), ("1e400", "1e400", true),
    ] {
      #expect(JSON.number(one).hasSameValue(as: .number(other)) == isSame, "\(one) and \(other)")
    }
    #expect(!JSON.number("1").hasSameValue(as: "1"))
    func nested(_ leaf: JSON) -> JSON { (0..<60).reduce(leaf) { inner, _ in ["a": inner, "b": 1] } }
    #expect(nested(1).hasSameValue(as: nested(.number("1.0"))) && !nested(1).hasSameValue(as: nested(2)))
  }

  @Test("keys of the file that differ are told by their paths, the values where they are short")
  func fileKeys() {
    var (old, new) = (EditedSet.set, EditedSet.set)
    old.extra["info"] = ["version": "1", "same": 1, "gone": nil, "part": ["deep": 1]]
    old.extra["licenses"] = [1]
    new.extra["info"] = ["part": ["deep": 2], "same": 1, "version": "2"]
    new.extra["licenses"] = [1, 2]
    new.extra["new"] = true
    let difference = AnnotationDifference(from: old, to: new, matching: .id)
    #expect(
      items(difference.fileKeys) == [
        #"changed: info.version: "1" becomes "2""#, "removed: info.gone", "changed: info.part.deep: 1 becomes 2",
        "changed: licenses", "added: new",
      ])
    #expect(!difference.isEmpty && difference.objects.isEmpty)
  }
}
