import Documents
import Imaging
import TestSupport
import Testing

@testable import Annotations

@Suite struct GreyMasksTests {
  private let fixture = MaskFixture()
  private var root: String { fixture.root }

  private func object(_ id: Int, category: Int, _ pixels: [UInt8], height: Int) -> ObjectAnnotation {
    let mask = RunLengthMask(pixels: pixels, height: height, width: pixels.count / height)
    return ObjectAnnotation(
      id: id, imageID: 1, categoryID: category, box: mask.box ?? Box(x0: 0, y0: 0, x1: 0, y1: 0),
      area: Double(mask.area), segmentation: Segmentation(mask))
  }

  @Test("each class of an image is an object; the background is none, ignored pixels stay with the image")
  func read() throws {
    try fixture.pairs(["b", "a"], rows: ["001122", "001122", "000000", "000002"])
    try fixture.text("0 background\n1 cat\n2 dog\n", "classes.txt")
    let reading = try AnnotationSource.inspect(root)
    #expect(reading.form == .masks && reading.imageFolder == root + "/images")
    #expect(reading.set.images.map(\.fileName) == ["a.png", "b.png"])
    #expect(reading.set.categories == [Category(id: 1, name: "cat"), Category(id: 2, name: "dog")])
    #expect(reading.set.objects.map(\.categoryID) == [1, 2, 1, 2])
    #expect(reading.set.objects[1].box == Box(x0: 4, y0: 0, x1: 6, y1: 4) && reading.set.objects[1].area == 5)
    #expect(reading.problems.examples.map(\.message) == ["classes: those of \(root)/classes.txt"])
  }

  @Test("what is written reads back equal where every pixel has one object: ids from 0, no background, ignored pixels")
  func lossless() throws {
    try fixture.image("images/x/a.png", height: 2, width: 3)
    var set = AnnotationSet(
      categories: [Category(id: 0, name: "sky"), Category(id: 5, name: "road")],
      images: [ImageRecord(id: 1, fileName: "x/a.png", height: 2, width: 3)],
      objects: [
        object(1, category: 0, [1, 0, 0, 1, 0, 0], height: 2), object(2, category: 5, [0, 1, 0, 0, 1, 1], height: 2),
      ])
    set.images[0].extra[ImageRecord.ignoredKey] = ["size": [2, 3], "counts": [4, 1, 1]]
    #expect(AnnotationFormat.masks.losses(of: set).losses == [])
    try AnnotationFormat.masks.write(set, to: root)
    #expect(try ImageFile.readLabelMapAndPalette(root + "/masks/x/a.png").palette == [])
    #expect(try ImageFile.readLabelMap(root + "/masks/x/a.png").pixels == [0, 5, 255, 0, 5, 5])
    let read = try AnnotationSource.inspect(root).set
    #expect(read.categories == set.categories && read.objects == set.objects)
    #expect(
      read.images[0].ignored
        == set.images[0].ignored.flatMap { _ in
          Segmentation(RunLengthMask(pixels: [0, 0, 1, 0, 0, 0], height: 2, width: 3))
        })
    // A pixel without an object makes the background a class of its own, under the first free number.
    set.objects.removeLast()
    try AnnotationFormat.masks.write(set, to: root)
    #expect(
      try ImageList.read(root + "/classes.txt").names == ["0 sky 0,0,0", "1 background 128,0,0", "5 road 128,0,128"])
    #expect(try ImageFile.readLabelMap(root + "/masks/x/a.png").pixels == [0, 1, 255, 0, 1, 1])
    #expect(try AnnotationSource.inspect(root).set.objects == set.objects)
  }

  @Test("objects of one class become one, and the report says so")
  func merged() throws {
    try fixture.image("images/a.png", height: 1, width: 3)
    let set = AnnotationSet(
      categories: [Category(id: 1, name: "cat"), Category(id: 2, name: "dog")],
      images: [ImageRecord(id: 1, fileName: "a.png", height: 1, width: 3)],
      objects: [
        object(1, category: 2, [1, 0, 0], height: 1), object(2, category: 1, [0, 1, 0], height: 1),
        object(3, category: 2, [0, 0, 1], height: 1),
      ])
    let losses = AnnotationFormat.masks.losses(of: set)
    #expect(losses.lines.contains("merges-objects ×1: objects of one class in an image become one (object 3 in a.png)"))
    #expect(losses.losses.map(\.code) == [.mergedObjects, .objectIDs])
    try AnnotationFormat.masks.write(set, to: root)
    let read = try AnnotationSource.inspect(root).set
    #expect(read.objects.map(\.categoryID) == [1, 2] && read.objects.map(\.area) == [1, 2])
  }

  @Test("a set whose only mask is a group's reads back: its table says that 255 is ignored")
  func crowdAlone() throws {
    try fixture.image("images/a.png", height: 1, width: 3)
    var crowd = object(1, category: 1, [0, 1, 1], height: 1)
    crowd.isCrowd = true
    let set = AnnotationSet(
      categories: [Category(id: 1, name: "cat")], images: [ImageRecord(id: 1, fileName: "a.png", height: 1, width: 3)],
      objects: [crowd])
    for form in [AnnotationFormat.masks, .vocMasks] {
      try form.write(set, to: root + "/" + form.rawValue)
      let lines = try ImageList.read("\(root)/\(form.rawValue)/classes.txt").names
      #expect(lines.last == "255 ignored(ignore)", "\(form.rawValue)")
      let read = try AnnotationSource.inspect("\(root)/\(form.rawValue)", images: root + "/images", form: form).set
      #expect(read.categories == set.categories && read.objects.isEmpty && read.images[0].ignored != nil)
      let maps = try SegmentationSource.read("\(root)/\(form.rawValue)", images: root + "/images")
      #expect(maps.classes.names == ["background", "cat"])
    }
  }

  @Test("classes.txt refuses a name that would not read back")
  func names() {
    for name in ["a  b", " a", "x (ignore)", ""] {
      let set = AnnotationSet(categories: [Category(id: 1, name: name)])
      #expect(
        errorMessage { try AnnotationFormat.masks.write(set, to: root) }?.hasPrefix(
          "\(root)/classes.txt: the class \"\(name)\" has no place") == true)
    }
  }

  @Test("255 classes are one too many, and those beyond are told")
  func surplus() {
    let set = AnnotationSet(
      categories: (1...255).map { Category(id: $0, name: "c\($0)") },
      images: [ImageRecord(id: 1, fileName: "a.png", height: 1, width: 1)],
      objects: [object(1, category: 255, [1], height: 1)])
    let codes = AnnotationFormat.masks.losses(of: set).losses.map(\.code)
    #expect(codes == [.surplusClass])
    #expect(WrittenClasses(set.categories, zeroIsBackground: true).numbers[254] == 254)
  }

  @Test("an image of another size than its label map, and label maps without images, are errors with the file's name")
  func errors() throws {
    try fixture.pairs(["a"])
    try fixture.image("images/a.png", height: 5, width: 6)
    #expect(
      try AnnotationSource.inspect(root).problems.lines(.error) == [
        "\(root)/images/a.png: is 6×5, its label map \(root)/masks/a.png 6×4"
      ])
    try fixture.mask("masks/b.png", ["000000"])
    #expect(
      errorMessage { _ = try AnnotationSource.inspect(root) }
        == "\(root): 1 label map has no image in \(root)/images: b.png")
  }
}
