import TestSupport
import Testing

@testable import Annotations

@Suite struct ExactDuplicatesTests {
  @Test("a set without duplicates stays as it is")
  func none() throws {
    let found = try ExactDuplicates(in: EditedSet.set, source: "a.json", digests: [5: "x", 2: "y", 9: "z"])
    #expect(found.set == EditedSet.set && found.images.isEmpty && found.objects.isEmpty && found.similar.isEmpty)
  }

  @Test("objects that say the same but for their ids go; those that differ in a mark stay and are told")
  func objects() throws {
    var set = EditedSet.set
    var copy = set.objects[0]
    copy.id = 20
    set.objects.append(copy)
    copy.id = 21
    copy.isDifficult = true
    set.objects.append(copy)
    let found = try ExactDuplicates(in: set, source: "a.json", digests: [:])
    #expect(found.objects.map(\.dropped.id) == [20] && found.objects.map(\.kept.id) == [1])
    #expect(found.similar.map(\.second.id) == [21])
    #expect(found.set.objects.map(\.id) == [1, 2, 3, 8, 21])
  }

  @Test("of images with the same bytes the first stays, with the objects of all, each once")
  func images() throws {
    var set = EditedSet.set
    set.objects.append(EditedSet.object(30, 9, 3, 0, 0, 10, 10))
    set.objects.append(EditedSet.object(31, 9, 3, 0, 0, 11, 10))
    let found = try ExactDuplicates(in: set, source: "a.json", digests: [5: "x", 2: "y", 9: "x"])
    #expect(found.images == [["a.png", "c.png"]])
    #expect(found.set.images.map(\.id) == [5, 2])
    #expect(found.objects.map(\.dropped.id) == [30])
    #expect(found.set.objects.map(\.id) == [1, 2, 3, 8, 31] && found.set.objects.map(\.imageID) == [5, 5, 2, 2, 5])
  }

  @Test("a size that is not known is no other one: the image that stays gets that of its twin")
  func unknownSizes() throws {
    var set = EditedSet.set
    (set.images[0].height, set.images[0].width) = (0, 0)
    (set.images[1].height, set.images[1].width) = (0, 0)
    let found = try ExactDuplicates(in: set, source: "a.json", digests: [5: "x", 2: "x", 9: "x"])
    #expect(found.set.images == [EditedSet.set.images[0]])
    #expect(found.images == [["a.png", "b.png", "c.png"]])
    set.images.append(ImageRecord(id: 10, fileName: "d.png", height: 7, width: 8))
    #expect(
      errorMessage { _ = try ExactDuplicates(in: set, source: "a.json", digests: [5: "x", 2: "x", 9: "x", 10: "x"]) }
        == "a.json: d.png has the bytes of c.png, but is 8×7 and not 200×100")
  }

  @Test("images of the same bytes whose sizes differ are refused")
  func sizes() {
    var set = EditedSet.set
    set.images[2].width = 100
    #expect(
      errorMessage { _ = try ExactDuplicates(in: set, source: "a.json", digests: [5: "x", 9: "x"]) }
        == "a.json: c.png has the bytes of a.png, but is 100×100 and not 200×100")
  }

  @Test("keys of an image that goes are told where the one that stays lacks them or says something else")
  func keys() throws {
    var set = EditedSet.set
    set.images[0].extra["same"] = .number("0.5")
    set.images[2].extra["same"] = .number("0.50")
    let same = try ExactDuplicates(in: set, source: "a.json", digests: [5: "x", 9: "x"])
    #expect(same.lostKeys.isEmpty)
    set.images[0].extra["license"] = 1
    set.images[2].extra["license"] = 2
    set.images[2].extra["date"] = "today"
    let found = try ExactDuplicates(in: set, source: "a.json", digests: [5: "x", 9: "x"])
    #expect(found.lostKeys == [LostKeys(name: "c.png", keys: ["license", "date"])])
  }
}
