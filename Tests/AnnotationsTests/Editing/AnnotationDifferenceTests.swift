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
}
