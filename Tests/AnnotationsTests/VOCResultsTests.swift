import TestSupport
import Testing

@testable import Annotations

@Suite("VOCResults")
struct VOCResultsTests {
  private let folder: ScratchFolder
  private let labels = AnnotationSet(
    categories: [Category(id: 3, name: "person"), Category(id: 7, name: "potted_plant")],
    images: [
      ImageRecord(id: 1, fileName: "000001.jpg", height: 10, width: 10),
      ImageRecord(id: 9, fileName: "2008_000002.jpg", height: 10, width: 10),
    ])

  init() throws { folder = try ScratchFolder() }

  @Test("the class is what stands after the set, with underscores of its own")
  func names() {
    #expect(VOCResults.className(ofFile: "a/comp4_det_test_person.txt") == "person")
    #expect(VOCResults.className(ofFile: "comp3_det_val_potted_plant.txt") == "potted_plant")
    for other in [
      "comp4_cls_test_person.txt", "person.txt", "comp4_det_test_.txt", "comp4_det_test_person.json",
      "compX_det_test_a.txt",
    ] {
      #expect(VOCResults.className(ofFile: other) == nil, "\(other)")
    }
  }

  @Test("a folder's files are read by name, with VOC's pixels; what is missing and what is not read is said")
  func folderOfFiles() throws {
    _ = try folder.write("000001 0.5 1 2 10 20\n\n2008_000002 1e-3 3.5 4 5 6\r\n", to: "comp4_det_test_person.txt")
    _ = try folder.write("", to: "notes.md")
    #expect(VOCResults.isThere(folder.path) && VOCResults.isThere("comp4_det_test_person.txt"))
    #expect(!VOCResults.isThere(folder.path + "/notes.md"))
    let (found, notes) = try VOCResults.read(folder.path, labels: labels)
    #expect(
      found == [
        PredictedObject(imageID: 1, categoryID: 3, box: Box(x0: 0, y0: 1, x1: 10, y1: 20), score: 0.5),
        PredictedObject(imageID: 9, categoryID: 3, box: Box(x0: 2.5, y0: 3, x1: 5, y1: 6), score: 0.001),
      ])
    #expect(notes.count == 2 && notes[0].contains("no file of potted_plant") && notes[1].contains("notes.md"))
    let corners = try VOCResults.read(folder.path + "/comp4_det_test_person.txt", labels: labels, base: .zero).found
    #expect(corners.first?.box == Box(x0: 1, y0: 2, x1: 10, y1: 20))
  }

  @Test(
    "what cannot be used is named with its line",
    arguments: [
      ("000001 0.5 1 2 10", "line 2: is \"000001 0.5 1 2 10\"; wanted is `image score xmin ymin xmax ymax`"),
      ("000001 0.5 1 2 10 nan", "line 2: is"), ("000001 0.5 1 2 10 x", "line 2: is"),
      ("000003 0.5 1 2 3 4", "line 2: the labels have no image 000003"),
      ("000001 0.5 9 2 3 4", "line 2: is \"000001 0.5 9 2 3 4\", a box of negative size"),
      ("000001 inf 1 2 3 4", "line 2: is"), ("000001 0.5 1 2 3 4 5", "line 2: is"),
    ])
  func bad(_ line: String, _ wanted: String) throws {
    let file = try folder.write("000001 0.5 1 2 10 20\n\(line)\n", to: "comp4_det_test_person.txt")
    let message = errorMessage { _ = try VOCResults.read(folder.path, labels: labels) }
    #expect(message?.hasPrefix("\(file): \(wanted)") ?? false, "\(message ?? "")")
  }

  @Test(
    "a class that listed labels do not have is an error, one that just does not occur is said; two files of a class are an error"
  )
  func otherClasses() throws {
    _ = try folder.write("000001 0.5 1 2 10 20\n", to: "comp4_det_test_boat.txt")
    #expect(
      errorMessage { _ = try VOCResults.read(folder.path, labels: labels) }?.contains("is of class boat") ?? false)
    var occurring = labels
    occurring.listsClasses = false
    let (found, notes) = try VOCResults.read(folder.path, labels: occurring)
    #expect(
      found.isEmpty && notes.contains { $0.hasSuffix("comp4_det_test_boat.txt is not judged: the labels have no boat") }
    )
    _ = try folder.write("", to: "comp4_det_val_boat.txt")
    let message = errorMessage { _ = try VOCResults.read(folder.path, labels: occurring) }
    #expect(message?.contains("two files of class boat, comp4_det_test_boat.txt and comp4_det_val_boat.txt") ?? false)
  }

  @Test("a folder without such files, and a file that is not there, are named")
  func nothing() throws {
    let message = errorMessage { _ = try VOCResults.read(folder.path, labels: labels) }
    #expect(message == "\(folder.path): is a folder without comp4_det_test_CLASS.txt")
    let file = folder.path + "/comp4_det_test_person.txt"
    #expect(
      errorMessage { _ = try VOCResults.read(file, labels: labels) }
        == "\(file): cannot read: No such file or directory")
  }

  @Test("a name that two images have is refused")
  func ambiguous() throws {
    _ = try folder.write("a 0.5 1 2 10 20\n", to: "comp4_det_test_person.txt")
    let two = AnnotationSet(
      categories: labels.categories,
      images: [
        ImageRecord(id: 1, fileName: "x/a.jpg", height: 1, width: 1),
        ImageRecord(id: 2, fileName: "y/a.jpg", height: 1, width: 1),
      ])
    #expect(
      errorMessage { _ = try VOCResults.read(folder.path, labels: two) }?.contains("a is the name of 2 images") ?? false
    )
  }
}
