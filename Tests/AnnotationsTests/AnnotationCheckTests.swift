import Documents
import TestSupport
import Testing

@testable import Annotations

@Suite struct AnnotationCheckTests {
  private typealias Code = AnnotationProblems.Code

  private func set(
    _ objects: [ObjectAnnotation] = [], names: [String] = ["a.jpg"], classes: [(Int, String)] = [(1, "x")]
  ) -> AnnotationSet {
    AnnotationSet(
      categories: classes.map { Category(id: $0.0, name: $0.1) },
      images: names.enumerated().map { ImageRecord(id: $0.offset + 1, fileName: $0.element, height: 20, width: 40) },
      objects: objects)
  }

  private func object(_ segmentation: String? = nil, area: Double? = nil, box: Box? = nil) -> ObjectAnnotation {
    ObjectAnnotation(
      id: 7, imageID: 1, categoryID: 1, box: box ?? Box(x0: 2, y0: 3, x1: 12, y1: 13), area: area,
      segmentation: segmentation.map { Segmentation(text: $0) })
  }

  private func messages(_ problems: AnnotationProblems) -> [String] {
    problems.examples.filter { $0.code != .imageWithoutObjects && $0.code != .unusedClass }
      .map { "\($0.code.severity.rawValue) \($0.code.rawValue): \($0.message)" }
  }

  @Test(
    "outlines outside the image and without an area are noted with their place",
    arguments: [
      ("[[2,3,12,3,12,13]]", nil), ("[[2,3,12,13,12,3,2,13]]", nil), ("[[30,10,60,10,60,19]]", nil), ("[]", nil),
      (
        "[[2,3,12,3,12,13],[41,1,45,1,45,9]]",
        "note outline-outside: annotations[0].segmentation[1]: lies outside the image a.jpg of 40×20"
      ),
      (
        "[[-5,-5,-1,-5,-1,30]]",
        "note outline-outside: annotations[0].segmentation[0]: lies outside the image a.jpg of 40×20"
      ),
      (
        "[[2,3,4,6,12,18]]",
        "note outline-without-area: annotations[0].segmentation[0]: all points lie on one line: no area"
      ),
      (
        "[[2,3,2,3,2,3]]",
        "note outline-without-area: annotations[0].segmentation[0]: all points lie on one line: no area"
      ),
      (
        #"{"size":[20,40],"counts":[800]}"#,
        "note outline-without-area: annotations[0].segmentation: the mask has no pixel"
      ),
      (
        #"{"size":[40,20],"counts":[0,800]}"#,
        "error bad-segmentation: annotations[0].segmentation: the mask is 20×40, the image a.jpg 40×20"
      ),
      (
        "[[1,2,3]]",
        "error bad-segmentation: annotations[0].segmentation[0]: has 3 numbers; a polygon has three points or more, two numbers each"
      ),
    ])
  func outlines(segmentation: String, message: String?) {
    let set = set([object(segmentation)])
    #expect(messages(AnnotationCheck.contents(of: set, isWhole: true)) == [message].compactMap(\.self))
    // Where places in the file are not known, the id is what names an object.
    let byID = message?.replacing("annotations[0].segmentation", with: "object 7: segmentation")
    #expect(messages(AnnotationCheck.contents(of: set)) == [byID].compactMap(\.self))
  }

  @Test(
    "areas are no less than 0 and no more than their box has",
    arguments: [
      (100, nil), (60, nil), (121, nil), (-1, "error bad-area: object 7: the area -1 is negative"),
      (.nan, "error bad-area: object 7: the area is no number"),
      (.infinity, "error bad-area: object 7: the area is no number"),
      (0, "note odd-area: object 7: the area 0, its box has 100"),
      (122, "note odd-area: object 7: the area 122 is more than its box has, 100"),
    ] as [(Double, String?)])
  func areas(area: Double, message: String?) {
    #expect(messages(AnnotationCheck.contents(of: set([object(area: area)]))) == [message].compactMap(\.self))
  }

  @Test(
    "gaps in the ids of classes are noted with what is missing; ids from 0 have none",
    arguments: [
      ([0, 1, 2], nil), ([2, 1], nil), ([], nil),
      ([1, 3, 4, 9], "of the class ids up to 9 these are missing: 2, 5–8"),
      ([7], "of the class ids up to 7 these are missing: 1–6"), ([-2, -1, 0], "the class ids begin at -2, below 0"),
      ([Int.min, Int.max].map { $0 / 2 * 2 }, nil),
    ] as [([Int], String?)])
  func gaps(ids: [Int], message: String?) {
    let found = messages(AnnotationCheck.contents(of: set(classes: ids.map { ($0, "c\($0)") })))
    if ids.contains(where: { $0 < -2 }) { return #expect(found.count == 2) }
    #expect(found == [message.map { "note class-id-gap: \($0)" }].compactMap(\.self))
  }

  @Test("COCO's own numbering gives one note, which names its gaps; classes without objects are noted one by one")
  func official() {
    let missing: Set = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83]
    var set = set(classes: (1...90).filter { !missing.contains($0) }.map { ($0, "c\($0)") })
    set.objects = [object()]
    let problems = AnnotationCheck.contents(of: set)
    #expect(problems.counts == [.classGap: 1, .unusedClass: 79])
    #expect(problems.count(.error) + problems.count(.skip) == 0)
    #expect(
      messages(problems) == [
        "note class-id-gap: of the class ids up to 90 these are missing: 12, 26, 29–30, 45, 66, 68–69, 71, 83"
      ])
    #expect(problems.examples.first { $0.code == .unusedClass }?.message == "no object is of the class c2")
    set.listsClasses = false
    #expect(AnnotationCheck.contents(of: set).counts.isEmpty)
  }

  @Test("an empty name of a class is an error", arguments: ["", " \t"])
  func emptyName(name: String) {
    let problems = AnnotationCheck.references(of: set(classes: [(1, "x"), (5, name)]))
    #expect(messages(problems) == ["error empty-class-name: categories[1] (id 5): the name is empty"])
  }

  @Test(
    "file names are compared byte by byte: two compositions of é are two files, and noted as such, as are two cases")
  func names() {
    let names = ["é.jpg", "e\u{301}.jpg", "b.jpg", "B.JPG", "b/c.jpg"]
    #expect(AnnotationCheck.references(of: set(names: names)).counts.isEmpty)
    #expect(AnnotationCheck.references(of: set(names: names + ["é.jpg"])).counts == [.duplicateFileName: 1])
    let classes = [(1, "cat"), (2, "Cat"), (3, "dog")]
    #expect(
      messages(AnnotationCheck.contents(of: set(names: names, classes: classes))) == [
        #"note names-differ-in-composition: the files \u{e9}.jpg and e\u{301}.jpg differ only in how characters are put together"#,
        "note names-differ-in-case: the files b.jpg and B.JPG differ only in upper and lower case",
        "note names-differ-in-case: the classes cat and Cat differ only in upper and lower case",
      ])
    // Classes are matched by what is shown, so these two would become one.
    #expect(
      AnnotationCheck.references(of: set(classes: [(1, "é"), (2, "e\u{301}")])).counts == [.duplicateCategoryName: 1])
  }

  @Test("images whose names differ in composition alone are kept apart where they are listed and merged")
  func compositions() throws {
    let set = set(names: ["é.jpg", "e\u{301}.jpg"])
    var problems = AnnotationProblems()
    for (index, image) in set.images.enumerated() {
      let list = ImageList(file: "list", names: [image.fileName])
      #expect(try list.subset(of: set, source: "s", &problems).images == [set.images[index]])
      #expect(
        try list.subset(of: self.set(names: ["é.jpg"]), source: "s", &problems).images.count == 1,
        "a list of another system finds the only image that looks so")
    }
    let readings = [AnnotationSet](repeating: set, count: 1).map {
      AnnotationReading(source: "s", form: .coco, set: $0, problems: problems, imageFolder: "")
    }
    #expect(AnnotationMerge().conflicts(of: readings).isEmpty)
    #expect(try AnnotationMerge().merged(readings).0.set.images.count == 2)
    #expect(AnnotationDifference(from: set, to: set, matching: .id).isEmpty)
    let first = set.subset { $0.id == 1 }
    #expect(AnnotationDifference(from: set, to: first, matching: .id).images.map(\.kind) == [.removed])
    #expect(problems.counts.isEmpty)
  }
}
