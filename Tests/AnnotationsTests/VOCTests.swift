import Annotations
import Documents
import Foundation
import TestSupport
import Testing

@Suite struct VOCTests {
  private static func object(_ body: String) -> String { "<object>\(body)</object>" }

  private static func xml(
    _ objects: String, file: String = "<filename>a.jpg</filename>",
    size: String = "<size><width>20</width><height>10</height><depth>3</depth></size>"
  ) -> String {
    "<annotation>\n\(file)\n<path>/home/x/other.jpg</path>\n\(size)\n\(objects)\n</annotation>\n"
  }

  private static let box = "<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>5</xmax><ymax>6</ymax></bndbox>"
  private static let flags = "<difficult>0</difficult><truncated>0</truncated>"

  private func folder(_ files: [String: String], images: [String] = []) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for (name, text) in files { _ = try folder.write(text, to: "Annotations/\(name)") }
    for name in images { _ = try folder.write("", to: "JPEGImages/\(name)") }
    return folder
  }

  @Test("an element that stands there twice is noted with its line, and the first one counts")
  func repeated() throws {
    let box = "<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>5</xmax><xmax>9</xmax><ymax>6</ymax></bndbox>"
    let body = "<name>x</name><name>y</name>\(Self.flags)\(box)\n\(Self.box)"
    let folder = try folder(["a.xml": Self.xml(Self.object(body), file: "<filename>a.jpg</filename><filename/>")])
    let (set, problems) = try VOCFolder.read(folder.path)
    #expect(set.categories.map(\.name) == ["x"] && set.objects[0].box == Box(x0: 0, y0: 1, x1: 5, y1: 6))
    #expect(problems.counts == [.ignoredElement: 4])
    let path = folder.path + "/Annotations/a.xml"
    #expect(
      problems.examples.map(\.message) == [
        "\(path):2: a second <filename> of <annotation> is not read",
        "\(path):5: a second <name> of <object> is not read",
        "\(path):6: a second <bndbox> of <object> is not read", "\(path):5: a second <xmax> of <bndbox> is not read",
      ])
  }

  @Test("VOC's pixels count from 1 and include the last one: 1, 2, 5, 6 is the box (0, 1)–(5, 6)")
  func pixelBase() throws {
    let folder = try folder(["a.xml": Self.xml(Self.object("<name>x</name>\(Self.box)\(Self.flags)"))])
    let (set, problems) = try VOCFolder.read(folder.path)
    #expect(problems.counts.isEmpty)
    #expect(set.objects.map(\.box) == [Box(x0: 0, y0: 1, x1: 5, y1: 6)])
    #expect(try VOCFolder.read(folder.path, base: .zero).set.objects.map(\.box) == [Box(x0: 1, y0: 2, x1: 5, y1: 6)])
  }

  @Test("flags, pose and float coordinates are read; missing flags count as 0 and are noted")
  func details() throws {
    let first = Self.object(
      "<name> a b </name><pose>Left</pose><difficult>1</difficult><truncated>1</truncated><occluded>1</occluded>\(Self.box)"
    )
    let second = Self.object(
      "<name>c</name><bndbox><xmin>1.5</xmin><ymin>2</ymin><xmax>5.25</xmax><ymax>6</ymax></bndbox><part><name>head</name></part>"
    )
    let folder = try folder(["a.xml": Self.xml(first + second)])
    let (set, problems) = try VOCFolder.read(folder.path)
    #expect(set.classNames == ["a b", "c"])
    #expect(set.objects.map(\.isDifficult) == [true, false])
    #expect(set.objects.map(\.isTruncated) == [true, false])
    #expect(set.objects[0].extra == JSONObject([("pose", "Left"), ("occluded", 1)]))
    #expect(set.objects[1].box == Box(x0: 0.5, y0: 1, x1: 5.25, y1: 6))
    #expect(problems.counts == [.missingElement: 2, .ignoredElement: 1])
  }

  @Test(
    "the image is found by its name, with or without extension, else by the XML file's name",
    arguments: [
      ("<filename>p.jpg</filename>", ["p.jpg"], "p.jpg"), ("<filename>p</filename>", ["p.png"], "p.png"),
      ("<filename>C:\\x\\p.JPG</filename>", ["p.JPG"], "p.JPG"), ("<filename>p.png</filename>", ["p.jpg"], "p.jpg"),
      ("<filename>other.jpg</filename>", ["a.jpg"], "a.jpg"), ("", ["a.jpeg"], "a.jpeg"), ("", [], "a.jpg"),
      ("<filename>gone.png</filename>", [], "gone.png"),
      ("<filename>s/p.jpg</filename>", ["p.jpg", "s/p.jpg"], "s/p.jpg"),
      ("<filename>.\\s\\t/../p</filename>", ["p.jpg", "s/p.png"], "s/p.png"),
      ("<filename>s/p.jpg</filename>", ["p.jpg"], "p.jpg"), ("<filename>s/p.jpg</filename>", [], "s/p.jpg"),
      ("<filename>../p.jpg</filename>", [], "p.jpg"), ("<filename>/s/p.jpg</filename>", ["s/p.jpg"], "p.jpg"),
      ("<filename>..</filename>", [], "a.jpg"),
    ])
  func imageNames(element: String, images: [String], expected: String) throws {
    let folder = try folder(["a.xml": Self.xml("", file: element)], images: images)
    #expect(try VOCFolder.read(folder.path).set.images.map(\.fileName) == [expected])
  }

  @Test(
    "another name than the whole <filename> is noted",
    arguments: [
      ("s/p.jpg", ["p.jpg"], "<filename> s/p.jpg is not there, p.jpg is taken"),
      ("../p.jpg", ["p.jpg"], "<filename> ../p.jpg leads out of the folder of images, p.jpg is taken"),
      ("/etc/p.jpg", [], "<filename> /etc/p.jpg leads out of the folder of images, p.jpg is taken"),
      ("C:\\x\\p.jpg", ["p.jpg"], "<filename> C:\\x\\p.jpg leads out of the folder of images, p.jpg is taken"),
      ("s/p.jpg", ["s/p.jpg"], nil), ("s/p.jpg", [], nil), ("p.png", ["p.jpg"], nil),
    ] as [(String, [String], String?)])
  func otherNames(fileName: String, images: [String], note: String?) throws {
    let folder = try folder(["a.xml": Self.xml("", file: "<filename>\(fileName)</filename>")], images: images)
    let problems = try VOCFolder.read(folder.path).problems
    #expect(
      problems.examples.map(\.message) == [note].compactMap { $0.map { "\(folder.path)/Annotations/a.xml: \($0)" } })
    #expect(problems.counts[.otherFileName] == (note == nil ? nil : 1))
  }

  @Test("names with folders come back; those of other systems are reported")
  func foldersComeBack() throws {
    var set = AnnotationSet(images: [ImageRecord(id: 1, fileName: "s/1.jpg", height: 40, width: 50)])
    set.listsClasses = false
    let folder = try ScratchFolder()
    #expect(VOCFolder.losses(of: set).isEmpty)
    try VOCFolder.write(set, to: folder.path)
    #expect(try VOCFolder.read(folder.path).set == set)
    for name in ["s\\1.jpg", "./1.jpg", "C:/1.jpg"] {
      set.images[0].fileName = name
      #expect(VOCFolder.losses(of: set).count(.imageName) == 1, "\(name)")
    }
  }

  @Test(
    "broken files are named with their line",
    arguments: [
      (xml(object("\(box)")), "a.xml:5: <object> has no <name>"),
      (xml(object("<name>x</name>")), "a.xml:5: <object> has no <bndbox>"),
      (xml(object("<name>x</name><bndbox><xmin>1</xmin></bndbox>")), "a.xml:5: <bndbox> has no <ymin>"),
      (xml(object("<name>x</name>" + box.replacing("5", with: "nan"))), "a.xml:5: <xmax>: nan is not a number"),
      (
        xml(object("<name>x</name>" + box.replacing("5", with: "0x5"))),
        "a.xml:5: <xmax> holds \"0x5\", not a decimal number"
      ),
      (
        xml("", size: "<size><width>0x1p3</width><height>1</height></size>"),
        "a.xml:4: <width> holds \"0x1p3\", not a decimal number"
      ),
      (
        xml(object("<name>x</name><difficult>yes</difficult>\(box)")),
        "a.xml:5: <difficult> holds \"yes\", neither 0 nor 1"
      ),
      (xml("", size: "<size><width>-3</width><height>1</height></size>"), "a.xml:4: <width> -3 is no size of an image"),
      ("<html/>", "a.xml:1: is <html>, not VOC's <annotation>"),
      (String(xml("").dropLast(20)), "a.xml:"),
    ])
  func broken(text: String, message: String) throws {
    let folder = try folder(["a.xml": text])
    let problems = try VOCFolder.read(folder.path).problems
    #expect(problems.counts[.badValue] == 1)
    let found = problems.examples.first { $0.code == .badValue }
    #expect(found?.message.contains(message) == true, "\(problems.examples)")
    #expect(throws: AnnotationError.self) { try AnnotationSource.read(folder.path) }
  }

  @Test("a folder without annotations is refused")
  func notVOC() throws {
    let folder = try ScratchFolder()
    #expect(
      errorMessage { _ = try AnnotationSource.read(folder.path) }?.contains(
        "labels of no known form; looked for: Annotations or XML files") == true)
  }

  @Test("VOC in JSON: one object or an array, numbers or strings, one object without its array")
  func vocJSON() throws {
    let single = #"""
      {"annotation":{"filename":"a.jpg","size":{"width":"20","height":10,"depth":3},
       "object":{"name":"x","difficult":"1","bndbox":{"xmin":"1","ymin":2,"xmax":5.0,"ymax":"6"}}}}
      """#
    let folder = try ScratchFolder()
    let expected = Box(x0: 0, y0: 1, x1: 5, y1: 6)
    for text in [single, "[\(single)]"] {
      let reading = try AnnotationSource.read(folder.write(text, to: "v.json"))
      #expect(reading.form == .vocJSON)
      #expect(reading.set.objects.map(\.box) == [expected])
      #expect(reading.set.objects.map(\.isDifficult) == [true])
      #expect(reading.set.images == [ImageRecord(id: 1, fileName: "a.jpg", height: 10, width: 20)])
    }
    let broken = try folder.write("[\(single.replacing("\"6\"", with: "\"six\""))]", to: "v.json")
    #expect(
      errorMessage { _ = try AnnotationSource.read(broken) }
        == "\(broken): [0].annotation.object.bndbox.ymax: is \"six\", not a number (byte 1)")
  }

  @Test("whole-number boxes survive both VOC forms and both pixel bases, with names, flags and empty images")
  func roundTrip() throws {
    var set = AnnotationSet(
      categories: [Category(id: 1, name: "<a & b>"), Category(id: 2, name: "c")],
      images: [
        ImageRecord(id: 1, fileName: "1.jpg", height: 40, width: 50),
        ImageRecord(id: 2, fileName: "2 ü.jpg", height: 41, width: 51),
        ImageRecord(id: 3, fileName: "3.jpg", height: 42, width: 52),
      ], listsClasses: false)
    for index in 0..<12 {
      set.objects.append(
        ObjectAnnotation(
          id: index + 1, imageID: index < 8 ? 1 : 3, categoryID: 1 + index % 2,
          box: Box(x: Double(index), y: Double(index % 5), width: Double(1 + index), height: 7),
          isDifficult: index % 3 == 0, isTruncated: index % 4 == 0))
    }
    let folder = try ScratchFolder()
    for base in VOCPixelBase.allCases {
      #expect(VOCFolder.losses(of: set, base: base).isEmpty)
      try VOCFolder.write(set, to: folder.path + "/voc\(base)", base: base)
      #expect(try VOCFolder.read(folder.path + "/voc\(base)", base: base).set == set)
      try VOCJSON.write(set, to: folder.path + "/v.json", base: base)
      #expect(try VOCJSON.read(folder.path + "/v.json", base: base).set == set)
    }
  }

  @Test("what VOC cannot hold is counted before it is lost")
  func losses() {
    var set = AnnotationSet(
      categories: [Category(id: 7, name: "a", supercategory: "s"), Category(id: 9, name: "unused")],
      images: [ImageRecord(id: 5, fileName: "f/1.jpg", height: 40, width: 50, extra: JSONObject([("license", 1)]))],
      extra: JSONObject([("info", [:])]))
    set.objects = [
      ObjectAnnotation(
        id: 3, imageID: 5, categoryID: 7, box: Box(x: 0.5, y: 1, width: 2, height: 3), isCrowd: true,
        segmentation: Segmentation(polygons: [[1, 2, 3, 4, 5, 6]])),
      ObjectAnnotation(
        id: 4, imageID: 5, categoryID: 7, box: Box(x: 1.1, y: 1, width: 0.2, height: 3), area: 7,
        extra: JSONObject([("note", "n")])),
    ]
    let codes = VOCFolder.losses(of: set).losses.map { "\($0.code.rawValue) \($0.count)" }
    #expect(
      Set(codes) == [
        "drops-file-keys 1", "drops-unused-class 1", "drops-supercategory 1", "renumbers-classes 1",
        "renumbers-images 1", "renumbers-objects 2", "drops-image-keys 1", "rounds-box 2", "box-vanishes 1",
        "drops-segmentation 1", "crowd-becomes-difficult 1", "drops-area 1", "drops-object-keys 1",
      ])
  }

  @Test(
    "BCCD is read: 364 images, 3 classes, two boxes without area",
    .enabled(if: Folder.exists(SharedData.bccd), "needs ../shared/data"))
  func bccd() throws {
    let reading = try AnnotationSource.inspect(SharedData.bccd)
    #expect(reading.set.images.count == 364)
    #expect(reading.set.objects.count == 4888)
    #expect(reading.set.classNames == ["Platelets", "RBC", "WBC"])
    #expect(reading.problems.counts[.zeroArea] == 2)
    #expect(reading.problems.count(.error) == 0)
    let train = try AnnotationSource.read(SharedData.bccd, list: "train")
    #expect(train.set.images.count == 205)
    #expect(train.problems.counts[.outside] == nil)
    #expect(try AnnotationSource.read(SharedData.bccd).set.objects.count == 4886)
  }
}
