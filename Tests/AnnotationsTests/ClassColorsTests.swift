import Annotations
import Documents
import Imaging
import TestSupport
import Testing

/// Colours of the classes of label maps, from a table of classes and back.
@Suite struct ClassColorsTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A label map of the numbers 0, 1 and 2 with its image and table, as a set.
  private func read(_ classes: String, form: AnnotationFormat = .masks) throws -> AnnotationReading {
    let masks = form == .masks ? "masks" : "SegmentationClass"
    let images = form == .masks ? "images" : "JPEGImages"
    let source = folder.path + "/" + form.rawValue
    _ = try folder.write(classes, to: form.rawValue + "/classes.txt")
    try ImageFile.write(
      Image(height: 1, width: 3, color: RGB(9, 9, 9)), to: folder.file("\(form.rawValue)/\(images)/a.png"))
    let map = Image(height: 1, width: 3, channels: 1, pixels: [0, 1, 2])
    try AtomicFile.write(
      try ImageFile.encodePNG(map, name: "a.png"), to: folder.file("\(form.rawValue)/\(masks)/a.png"))
    return try AnnotationSource.inspect(source, form: form)
  }

  private static let table = "0 background 0,0,0\n1 a 128,64,128\n2 b\n"

  @Test(
    "a colour of its own is a key of the class, and comes back from label maps",
    arguments: [.masks, .vocMasks] as [AnnotationFormat])
  func kept(form: AnnotationFormat) throws {
    let reading = try read(Self.table, form: form)
    #expect(reading.problems.counts == [.labelMaps: 1])
    #expect(reading.set.categories.map(\.extra) == [JSONObject([("color", [128, 64, 128])]), JSONObject()])
    #expect(form.losses(of: reading.set).count(.classKeys) == 0)
    #expect(AnnotationFormat.voc.losses(of: reading.set).count(.classKeys) == 1)
    let copy = folder.path + "/copy"
    try form.write(reading.set, to: copy)
    let colors = try ClassTable.read(copy + "/classes.txt").classes.map(\.color)
    #expect(colors == [RGB(0, 0, 0), RGB(128, 64, 128), Palette.voc(2)])
  }

  @Test("colours of other forms are written, too; what is no colour, or VOC's own, is lost and said")
  func others() {
    let colors: [JSON] = ["#8040FF", [1, 2, 3], [128, 0, 128], "red", [1, 2, 300]]
    let set = AnnotationSet(
      categories: colors.enumerated().map {
        Category(id: $0 + 1, name: "c\($0)", extra: JSONObject([("color", $1)]))
      })
    // The number 3 has [128, 128, 0] in VOC; that of 5 is [128, 0, 128].
    var own = set
    own.categories[2].extra["color"] = [128, 128, 0]
    #expect(AnnotationFormat.masks.losses(of: set).count(.classKeys) == 2)
    #expect(AnnotationFormat.masks.losses(of: own).count(.classKeys) == 3)
  }

  @Test("a colour of the background's own is noted")
  func background() throws {
    let problems = try read("0 background 9,8,7\n1 a\n2 b\n").problems
    #expect(problems.counts == [.labelMaps: 1, .ignoredElement: 1])
    #expect(problems.examples.last?.message.hasSuffix("the colour 9,8,7 of background is not read") == true)
  }

  @Test("numbers of masks say nothing of colours")
  func renumbered() throws {
    let table = try #require(
      try ClassTable.read(try folder.write("background\nobject\n", to: "c.txt")).renumbered([0, 255]))
    _ = try read(Self.table)
    try AtomicFile.write(
      try ImageFile.encodePNG(Image(height: 1, width: 3, channels: 1, pixels: [0, 255, 0]), name: "a.png"),
      to: folder.file("masks/masks/a.png"))
    let reading = try AnnotationSource.inspect(
      folder.path + "/masks", form: .masks, labelMaps: LabelMapOptions(classes: table))
    #expect(reading.set.categories.map(\.extra) == [JSONObject()])
  }
}
