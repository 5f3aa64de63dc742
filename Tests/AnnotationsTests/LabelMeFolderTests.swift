import Annotations
import Documents
import Foundation
import TestSupport
import Testing

@Suite struct LabelMeFolderTests {
  /// One file as LabelMe 5 saves it.
  private static func file(
    _ shapes: String, image: String = #""imagePath":"a.jpg""#, more: String = ""
  ) -> String {
    #"{"version":"5.5.0","flags":{},"shapes":[\#(shapes)],\#(image),"imageData":null,"imageHeight":10,"imageWidth":20\#(more)}"#
  }

  private static func shape(
    _ points: String, label: String = "cat", type: String = "rectangle", more: String = #","flags":{}"#
  ) -> String {
    #"{"label":"\#(label)","points":\#(points),"shape_type":"\#(type)"\#(more)}"#
  }

  private func folder(_ files: [String: String], images: [String] = []) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for (name, text) in files { _ = try folder.write(text, to: name) }
    for name in images { _ = try folder.write("", to: name) }
    return folder
  }

  @Test(
    "a rectangle is the box of its corners, in whatever order they stand",
    arguments: ["[[1,2],[5,6]]", "[[5,6],[1,2]]", "[[1,6],[5,2]]", "[[5,2],[1,6]]", "[[1,2],[5,2],[5,6],[1,6]]"])
  func rectangles(points: String) throws {
    let folder = try folder(["a.json": Self.file(Self.shape(points))], images: ["a.jpg"])
    let reading = try AnnotationSource.read(folder.path)
    #expect(reading.form == .labelme)
    #expect(reading.problems.counts.isEmpty)
    #expect(reading.set.images == [ImageRecord(id: 1, fileName: "a.jpg", height: 10, width: 20)])
    #expect(reading.set.objects.map(\.box) == [Box(x0: 1, y0: 2, x1: 5, y1: 6)])
    #expect(reading.set.objects[0].segmentation == nil && reading.set.objects[0].area == 16)
    #expect(reading.set.classNames == ["cat"] && !reading.set.listsClasses)
  }

  @Test("a polygon gives a box, its outline and its area; parts of one label and group are one object")
  func polygons() throws {
    let group = #","group_id":4,"flags":{"difficult":true,"blurred":true,"far":false},"description":"d","own":1"#
    let shapes = [
      Self.shape("[[1,1],[5,1],[1,4]]", type: "polygon", more: group),
      Self.shape("[[1,1],[2,2]]", label: "dog", more: #","group_id":4"#),
      Self.shape("[[9,2],[7,8]]", more: #","group_id":4"#), Self.shape("[[0.5,0],[3,2]]", more: #","group_id":null"#),
    ]
    let folder = try folder(["a.json": Self.file(shapes.joined(separator: ","))])
    let set = try AnnotationSource.read(folder.path).set
    #expect(set.classNames == ["cat", "dog"])
    #expect(set.objects.map(\.categoryID) == [1, 2, 1])
    #expect(set.objects.map(\.id) == [1, 2, 3])
    let cat = set.objects[0]
    #expect(cat.box == Box(x0: 1, y0: 1, x1: 9, y1: 8))
    #expect(cat.area == 6 + 12)
    #expect(
      try cat.segmentation?.content(place: "") == .polygons([[1, 1, 5, 1, 1, 4], [7, 2, 9, 2, 9, 8, 7, 8]]))
    #expect(cat.isDifficult && !cat.isTruncated)
    #expect(
      cat.extra
        == JSONObject([("own", 1), ("description", "d"), ("flags", ["blurred": true]), ("group_id", 4)]))
    #expect(set.objects[2].box == Box(x0: 0.5, y0: 0, x1: 3, y1: 2))
  }

  @Test("other shapes are left out, counted and named; other JSON files are noted")
  func otherShapes() throws {
    let shapes = [
      Self.shape("[[1,1],[2,2]]", type: "circle"), Self.shape("[[1,2],[5,6]]"), Self.shape("[[3,3]]", type: "point"),
    ]
    let folder = try folder(["a.json": Self.file(shapes.joined(separator: ",")), "notes.json": #"{"a":1}"#])
    let reading = try AnnotationSource.read(folder.path)
    #expect(reading.set.objects.count == 1)
    #expect(reading.problems.counts == [.otherShape: 2, .ignoredElement: 1])
    #expect(
      reading.problems.lines(.skip).first
        == "\(folder.path)/a.json: shapes[0]: a circle (cat) is not read; rectangles and polygons are")
    var losses = ConversionLosses()
    losses.add(unreadBy: reading.problems)
    #expect(losses.losses.map { "\($0.code.rawValue) \($0.count)" } == ["not-read-from-source 3"])
  }

  @Test(
    "what is broken is named with file and place",
    arguments: [
      (shape("[[1,2],[5,6]]").replacing(#""label":"cat","#, with: ""), "shapes[0]: the key \"label\" is missing"),
      (shape("[[1,2],[5,6]]", label: ""), "shapes[0].label: is empty"),
      (shape("[[1,2],[5,6]]").replacing(#""points":[[1,2],[5,6]],"#, with: ""), "the key \"points\" is missing"),
      (shape("7"), "shapes[0].points: is a number, not an array"),
      (shape("[[1,2],[5]]"), "shapes[0].points[1]: is not a point [x, y]"),
      (shape(#"[[1,2],["5",6]]"#), "shapes[0].points[1]: is not a point [x, y]"),
      (shape("[[1,2]]"), "shapes[0].points: has 1 points; a rectangle has two opposite corners, or all four"),
      (shape("[[1,2],[5,6]]", type: "polygon"), "shapes[0].points: has 2 points; a polygon has three or more"),
      (shape("[[1,2],[5,6]]", more: #","flags":7"#), "shapes[0].flags: is a number, not an object"),
      (shape("[[1,2],[5,6]]", more: #","group_id":"x""#), "shapes[0].group_id: is the string \"x\", not an integer"),
      ("7", "shapes[0]: is 7, not an object"),
    ])
  func broken(shape: String, message: String) throws {
    let folder = try folder(["a.json": Self.file(shape)])
    let problems = try AnnotationSource.inspect(folder.path).problems
    #expect(problems.counts == [.badValue: 1])
    let found = problems.examples.first?.message ?? ""
    #expect(found.hasPrefix("\(folder.path)/a.json: ") && found.contains(message), "\(found)")
    #expect(throws: AnnotationError.self) { try AnnotationSource.read(folder.path) }
  }

  @Test(
    "files that miss keys or hold other values",
    arguments: [
      (#"{"imagePath":"a.jpg"}"#, "the key \"shapes\" is missing"),
      (#"{"shapes":{},"imagePath":"a.jpg"}"#, "shapes: is an object, not an array"),
      (#"{"shapes":[],"imagePath":7}"#, "imagePath: is 7, not a string"),
      (#"{"shapes":[],"imageHeight":-1}"#, "imageHeight: -1 is no size of an image"),
      (#"{"shapes":[],"imageWidth":"10"}"#, "imageWidth: is the string \"10\", not an integer"),
      (#"{"shapes":[]"#, "ends"),
    ])
  func brokenFiles(text: String, message: String) throws {
    let folder = try folder(["a.json": Self.file(""), "b.json": text])
    let problems = try AnnotationSource.inspect(folder.path).problems
    #expect(problems.counts == [.badValue: 1])
    let found = problems.examples.first?.message ?? ""
    #expect(found.hasPrefix("\(folder.path)/b.json: ") && found.contains(message), "\(found)")
  }

  @Test(
    "an image is found by its path from the file, by its name, or by the file's name, and never outside",
    arguments: [
      ("a.jpg", "l/a.json", ["l/a.jpg"], nil, "a.jpg"),
      (#"..\\images\\a.jpg"#, "l/a.json", ["images/a.jpg"], nil, "a.jpg"),
      ("../images/d/a.jpg", "l/a.json", ["images/d/a.jpg"], "images", "d/a.jpg"),
      ("a.jpg", "l/d/a.json", ["l/d/a.jpg"], nil, "d/a.jpg"),
      ("/home/x/a.jpg", "l/a.json", ["photos/a.jpg"], "photos", "a.jpg"),
      ("gone.jpg", "l/b.json", ["l/b.png"], nil, "b.png"),
      ("../../../secret.jpg", "l/a.json", [], nil, "secret.jpg"),
      ("", "l/d/a.json", [], nil, "d/a.jpg"),
    ] as [(String, String, [String], String?, String)])
  func imageNames(path: String, file: String, images: [String], folder: String?, expected: String) throws {
    let scratch = try self.folder([file: Self.file("", image: #""imagePath":"\#(path)""#)], images: images)
    let reading = try AnnotationSource.inspect(
      scratch.path + "/l", images: folder.map { scratch.path + "/" + $0 })
    #expect(reading.set.images.map(\.fileName) == [expected])
    #expect(reading.findsImages == !images.isEmpty)
    #expect((reading.problems.counts[.otherFileName] ?? 0) == (path == "gone.jpg" ? 1 : 0))
  }

  @Test("a folder in which some images have no labels is images where images are asked for, labels where labels are")
  func mixedFolders() throws {
    let folder = try folder(["a.json": Self.file("")], images: ["a.jpg"])
    #expect(AnnotationSource.looksLikeLabels(folder.path))
    _ = try folder.write("", to: "b.jpg")
    #expect(!AnnotationSource.looksLikeLabels(folder.path))
    #expect(try AnnotationSource.read(folder.path).set.images.count == 1)
    let empty = try ScratchFolder()
    #expect(
      errorMessage { _ = try AnnotationSource.read(empty.path) }?.contains("JSON files with shapes (labelme)") == true)
  }

  @Test("what LabelMe can hold survives writing and reading, and the same set gives the same bytes")
  func roundTrip() throws {
    var set = AnnotationSet(
      categories: [Category(id: 1, name: "a \"b\""), Category(id: 2, name: "c")],
      images: [
        ImageRecord(id: 1, fileName: "1.jpg", height: 40, width: 50, extra: JSONObject([("flags", ["night": true])])),
        ImageRecord(id: 2, fileName: "2 ü.jpg", height: 41, width: 51, extra: JSONObject([("camera", "x")])),
        ImageRecord(id: 3, fileName: "d/e/3.jpg", height: 42, width: 52),
      ], listsClasses: false)
    for index in 0..<8 {
      var object = ObjectAnnotation(
        id: index + 1, imageID: index < 5 ? 1 : 3, categoryID: 1 + index % 2,
        box: Box(x0: Double(index) + 0.1, y0: 1, x1: 20, y1: 7.3), isCrowd: index == 3, isDifficult: index % 3 == 0,
        isTruncated: index % 4 == 0)
      if index == 2 { object.extra = JSONObject([("score", 0.5), ("description", "d"), ("flags", ["far": true])]) }
      set.objects.append(object)
    }
    set.objects[6].segmentation = Segmentation(polygons: [[6.1, 1, 20, 1, 20, 7.3]])
    set.objects[6].area = 0.5 * (20 - 6.1) * (7.3 - 1)
    set.objects[7].segmentation = Segmentation(polygons: [[7.1, 1, 9, 1, 9, 7.3], [11, 1, 20, 1, 20, 2]])
    set.objects[7].area = 0.5 * (9 - 7.1) * (7.3 - 1) + 0.5 * 9
    set.objects[7].extra["group_id"] = 8
    // Areas in the arithmetic of the formula, so that nothing is lost to the last bit.
    let folder = try ScratchFolder()
    try Folder.create(folder.path + "/photos")
    try LabelMeFolder.write(set, to: folder.path + "/first", imageFolder: folder.path + "/photos")
    var back = try LabelMeFolder.read(folder.path + "/first", images: folder.path + "/photos").set
    for place in [6, 7] {
      #expect(abs(back.objects[place].area - set.objects[place].area) < 1e-9)
      set.objects[place].area = back.objects[place].area
    }
    #expect(back == set)
    #expect(LabelMeFolder.losses(of: set).isEmpty, "\(LabelMeFolder.losses(of: set).lines)")
    let names = try Folder.filesBelow(folder.path + "/first")
    #expect(names == ["1.json", "2 ü.json", "d/e/3.json"])
    let nested = try JSON(contentsOf: folder.path + "/first/d/e/3.json")
    #expect(nested["imagePath"] == "../../../photos/d/e/3.jpg" && nested["imageData"] == .null)
    try LabelMeFolder.write(back, to: folder.path + "/second", imageFolder: folder.path + "/photos")
    for name in names {
      #expect(
        try SHA256.hexDigest(ofFile: folder.path + "/first/" + name)
          == SHA256.hexDigest(ofFile: folder.path + "/second/" + name))
    }
    try LabelMeFolder.write(set, to: folder.path + "/beside")
    back = try LabelMeFolder.read(folder.path + "/beside").set
    #expect(back.images.map(\.fileName) == ["1.jpg", "2 ü.jpg", "d/e/3.jpg"])
  }

  @Test("a mask is written as the outlines of its parts, of one group, and without pixels as the object's box")
  func masks() throws {
    let folder = try ScratchFolder()
    // Three columns of two pixels: the first and the last are its parts.
    let mask = try RunLengthMask(counts: [0, 2, 2, 2], height: 2, width: 3)
    let box = Box(x: 0, y: 0, width: 3, height: 2)
    func object(_ id: Int, _ mask: RunLengthMask) -> ObjectAnnotation {
      let text = #"{"size":[2,3],"counts":"\#(mask.compressed)"}"#
      return ObjectAnnotation(id: id, imageID: 1, categoryID: 1, box: box, segmentation: Segmentation(text: text))
    }
    let set = AnnotationSet(
      categories: [Category(id: 1, name: "a")],
      images: [ImageRecord(id: 1, fileName: "a.jpg", height: 2, width: 3)],
      objects: [object(4, mask), object(5, try RunLengthMask(counts: [6], height: 2, width: 3))])
    try LabelMeFolder.write(set, to: folder.path + "/labels")
    let file = folder.path + "/labels/a.json"
    let shapes = try JSON(parsing: MappedFile(path: file).withBytes { Array($0) }, file: file)["shapes"]?.array ?? []
    #expect(shapes.map { $0["shape_type"]?.string } == ["polygon", "polygon", "rectangle"])
    #expect(shapes.map { $0["group_id"] } == [4, 4, .null])
    #expect(shapes.map { $0["points"]?.array?.count } == [4, 4, 2])
  }

  @Test("what LabelMe cannot hold is counted before it is lost")
  func losses() {
    var set = AnnotationSet(
      categories: [Category(id: 7, name: "a", supercategory: "s"), Category(id: 9, name: "unused")],
      images: [ImageRecord(id: 5, fileName: "1.jpg", height: 0, width: 0, extra: JSONObject([("shapes", 1)]))],
      extra: JSONObject([("info", [:])]))
    let box = Box(x: 1, y: 1, width: 2, height: 3)
    set.objects = [
      ObjectAnnotation(
        id: 3, imageID: 5, categoryID: 7, box: box, segmentation: Segmentation(text: #"{"size":[2,2],"counts":"4"}"#)),
      ObjectAnnotation(id: 4, imageID: 5, categoryID: 7, box: box, area: 7, extra: JSONObject([("label", "n")])),
      ObjectAnnotation(
        id: 5, imageID: 5, categoryID: 7, box: box, area: 1, segmentation: Segmentation(polygons: [[1, 1, 2, 1, 1, 4]])),
    ]
    let codes = LabelMeFolder.losses(of: set).losses.map { "\($0.code.rawValue) \($0.count)" }
    #expect(
      Set(codes) == [
        "drops-file-keys 1", "drops-unused-class 1", "drops-supercategory 1", "renumbers-classes 1",
        "renumbers-images 1", "renumbers-objects 3", "drops-image-keys 1", "lacks-image-size 1",
        "drops-segmentation 1", "drops-area 2", "drops-object-keys 1", "box-from-outline 1",
      ])
  }
}
