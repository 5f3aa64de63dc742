import Annotations
import Documents
import TestSupport
import Testing

@Suite struct AnnotationSourceTests {
  private let coco = #"""
    {"images":[{"id":1,"file_name":"a.jpg","height":10,"width":20},{"id":2,"file_name":"d/b.jpg","height":10,"width":20},
    {"id":3,"file_name":"e/b.jpg","height":10,"width":20}],"categories":[{"id":1,"name":"x"},{"id":2,"name":"y"}],
    "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,0,5]},{"id":2,"image_id":1,"category_id":1,"bbox":[30,1,2,5]},
    {"id":3,"image_id":2,"category_id":1,"bbox":[15,-1,10,5]},{"id":4,"image_id":3,"category_id":2,"bbox":[1,2,3,4]}]}
    """#

  @Test("to train on, boxes without area or outside are left out and counted, others clipped; inspection keeps all")
  func cleaning() throws {
    let folder = try ScratchFolder()
    let file = try folder.write(coco, to: "c.json")
    let reading = try AnnotationSource.read(file)
    #expect(reading.set.objects.map(\.id) == [3, 4])
    #expect(reading.set.objects[0].box == Box(x0: 15, y0: 0, x1: 20, y1: 4))
    #expect(reading.problems.counts == [.zeroArea: 1, .outside: 1, .partlyOutside: 1])
    #expect(try AnnotationSource.inspect(file).set.objects.map(\.box.x1) == [1, 32, 25, 4])
  }

  @Test(
    "a list names images with or without folder and extension; unknown and ambiguous names are errors",
    arguments: [
      ("a.jpg\n\n# c\n", [1], nil), ("a\r\nd/b\r\n", [1, 2], nil), ("e/b.jpg\na", [1, 3], nil),
      ("\u{FEFF} a \n", [1], nil),
      ("zz\na\n", [], "names an image that SRC does not have: zz"),
      ("b\n", [], "names an image that SRC does not have: b (more than one image has that name)"),
      ("\n#a\n", [], "names no image"),
    ] as [(String, [Int], String?)])
  func lists(text: String, ids: [Int], message: String?) throws {
    let folder = try ScratchFolder()
    let file = try folder.write(coco, to: "c.json")
    let list = try folder.write(text, to: "l.txt")
    if let message {
      #expect(
        errorMessage { _ = try AnnotationSource.read(file, list: list) } == "\(list): "
          + message.replacing("SRC", with: file))
    } else {
      let set = try AnnotationSource.read(file, list: list).set
      #expect(set.images.map(\.id) == ids)
      #expect(set.categories.count == 2)
      #expect(set.objects.allSatisfy { ids.contains($0.imageID) })
    }
  }

  @Test(
    "other JSON files are told from labels",
    arguments: [
      (#"[{"image_id":1,"score":0.5}]"#, "holds predictions (COCO results), not labels; "),
      (#"[{"q":1}]"#, "has labels of no known form; the keys of its first element are q; looked for: "),
      (
        #"{"a":1,"b":2}"#,
        "has labels of no known form; its keys are a, b; looked for: an object with images, annotations or categories (coco), "
      ),
      (#"{"version":"5.5.0","shapes":[]}"#, "is one file of LabelMe's; wanted is the folder of all of them"),
      ("7", "begins with neither an object nor an array (byte 0)"),
    ])
  func otherForms(text: String, message: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.write(text, to: "x.json")
    #expect(errorMessage { _ = try AnnotationSource.read(file) }?.hasPrefix("\(file): \(message)") == true)
  }

  @Test("classes are matched by name, and a difference names both sides")
  func classes() throws {
    func set(_ names: [(Int, String)], lists: Bool = true) -> AnnotationSet {
      AnnotationSet(
        categories: names.map { Category(id: $0.0, name: $0.1) },
        images: [ImageRecord(id: 1, fileName: "a", height: 9, width: 9)],
        objects: names.enumerated().map {
          ObjectAnnotation(id: $0 + 1, imageID: 1, categoryID: $1.0, box: Box(x: 1, y: 1, width: 1, height: 1))
        }, listsClasses: lists)
    }
    let reference = set([(5, "cat"), (3, "dog")])
    let matched = try set([(1, "dog"), (2, "cat")]).matched(to: reference, source: "b", other: "a")
    #expect(matched.objects.map(\.categoryID) == [3, 5])
    #expect(matched.categories == reference.categories)
    #expect(
      errorMessage { _ = try set([(1, "dog"), (2, "cow")]).matched(to: reference, source: "b", other: "a") }
        == "b: has other classes than a; only here: cow; only there: cat")
    _ = try set([(1, "dog")], lists: false).matched(to: reference, source: "b", other: "a")
    #expect(throws: AnnotationError.self) { try set([(1, "dog")]).matched(to: reference, source: "b", other: "a") }
  }

  @Test("image files are found below their folder only, whatever the names and links say")
  func locating() throws {
    let folder = try ScratchFolder()
    _ = try folder.write("", to: "images/d/a.jpg")
    _ = try folder.write("", to: "secret.jpg")
    let locator = try ImageLocator(folder: folder.path + "/images")
    #expect(try locator.path(of: "d/a.jpg") == folder.path + "/images/d/a.jpg")
    for name in ["../secret.jpg", "/etc/passwd", "d/../../secret.jpg", "", "gone.jpg"] {
      #expect(throws: AnnotationError.self) { try locator.path(of: name) }
    }
  }

  @Test("predictions survive writing and reading")
  func results() throws {
    let folder = try ScratchFolder()
    let objects = [
      PredictedObject(imageID: 3, categoryID: 90, box: Box(x: 1.5, y: 2, width: 3.25, height: 4), score: 0.123456789),
      PredictedObject(
        imageID: 1, categoryID: 1, box: Box(x: 0, y: 0, width: 1, height: 1), score: 1e-9,
        segmentation: Segmentation(text: #"{"size":[2,2],"counts":"04"}"#)),
    ]
    let file = try folder.file("r.json")
    try COCOResults.write(objects, to: file)
    #expect(try COCOResults.read(file) == objects)
    try COCOResults.write([], to: file)
    #expect(try COCOResults.read(file).isEmpty)
    let broken = try folder.write(
      #"[{"image_id":1,"category_id":1,"score":0.5},{"image_id":1,"category_id":1,"bbox":[1,2,3,4],"score":NaN}]"#,
      to: "b.json")
    #expect(errorMessage { _ = try COCOResults.read(broken) } == "\(broken): [1].score: NaN is not a number (byte 99)")
  }
}
