@testable import Annotations
import Documents
import Samples
import TestSupport
import Testing

@testable import SemiSupervision

@Suite struct HiddenTruthTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Labels of images with a disc each, whose files lie in `below`.
  private func reading(_ names: [String], below: String, height: Int = 10) -> AnnotationReading {
    let images = names.enumerated().map { ImageRecord(id: $0 + 1, fileName: $1, height: height, width: 20) }
    let objects = images.map {
      ObjectAnnotation(id: $0.id, imageID: $0.id, categoryID: 3, box: Box(x: Double($0.id), y: 0, width: 5, height: 5))
    }
    let set = AnnotationSet(categories: [Category(id: 3, name: "disc")], images: images, objects: objects)
    return AnnotationReading(
      source: "hidden.json", form: .coco, set: set, problems: .init(), imageFolder: Path.join(folder.path, below))
  }

  private func pool(_ names: [String], below: String) -> ImagePool {
    let images = names.enumerated().map {
      PooledImage(path: Path.join(folder.path, below + "/" + $1), name: $1, id: $0 + 1, height: 10, width: 20)
    }
    return ImagePool(name: "unlabeled", images: images)
  }

  private func write(_ files: [(String, String)]) throws {
    for (name, text) in files { _ = try folder.write(text, to: name) }
  }

  private func truth(_ reading: AnnotationReading, _ pool: ImagePool) throws -> HiddenTruth {
    try HiddenTruth(reading, of: pool, classes: ["box", "disc"])
  }

  @Test("an image is known by its file or by equal bytes, never by its name where both files are at hand")
  func byContent() throws {
    try write([
      ("a/1.jpg", "one"), ("a/2.jpg", "two"), ("b/other.jpg", "two"), ("b/1.jpg", "six"), ("b/long.jpg", "seven"),
    ])
    let own = try truth(reading(["1.jpg", "2.jpg"], below: "a"), pool(["2.jpg", "1.jpg"], below: "a"))
    #expect(own.count == 2 && own.objects[0]?.first?.x == 2 && own.objects[0]?.first?.category == 2)
    let copies = try truth(
      reading(["1.jpg", "2.jpg"], below: "a"), pool(["1.jpg", "other.jpg", "long.jpg"], below: "b"))
    #expect(copies.objects.keys.sorted() == [1] && copies.objects[1]?.first?.x == 2)
    #expect(
      copies.notes == [
        "audit: 1 of 3 unlabelled images, 1 hidden objects; the others, such as 1.jpg, are not audited",
        "audit: has no class box: pseudo-boxes of it count as wrong",
      ])
    // What is judged at the end are the unlabelled files.
    #expect(copies.reading.set.images.map(\.fileName) == [Path.join(folder.path, "b/other.jpg")])
  }

  @Test("labels whose files are not at hand go by the name, where only one image has it")
  func byName() throws {
    try write([("a/1.jpg", "one"), ("a/2.jpg", "two")])
    let found = try truth(
      reading(["x/1.jpg", "x/2.jpg", "y/2.jpg"], below: "gone"), pool(["1.jpg", "2.jpg"], below: "a"))
    #expect(found.objects.keys.sorted() == [0])
  }

  @Test("labels of other images, of other sizes or of other classes are refused in one line")
  func refused() throws {
    try write([("a/1.jpg", "one"), ("b/1.jpg", "six")])
    let other = errorMessage { _ = try truth(reading(["1.jpg"], below: "b"), pool(["1.jpg", "2.jpg"], below: "a")) }
    #expect(
      other == "hidden.json: has labels of 0 of 2 unlabelled images, it lacks 1.jpg: --audit wants the labels of the "
        + "unlabelled images")
    let size = errorMessage {
      _ = try truth(reading(["1.jpg"], below: "a", height: 30), pool(["1.jpg"], below: "a"))
    }
    #expect(size == "\(folder.path)/a/1.jpg: is 20×10, hidden.json says 20×30")
    let classes = errorMessage {
      _ = try HiddenTruth(reading(["1.jpg"], below: "a"), of: pool(["1.jpg"], below: "a"), classes: ["box"])
    }
    #expect(classes == "hidden.json: its class 'disc' is not among the classes box")
  }
}
