import Documents
import Imaging
import TestSupport
import Testing

@testable import Annotations

@Suite struct YOLOTests {
  /// A folder with text files, and pictures of 40×20 pixels (width × height).
  private func folder(_ files: [String: String], images: [String]) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for (name, text) in files { _ = try folder.write(text, to: name) }
    for name in images {
      try ImageFile.write(Image(height: 20, width: 40, color: RGB(9, 90, 30)), to: folder.file(name))
    }
    return folder
  }

  private static let row = "1 0.5 0.5 0.25 0.5\n"

  @Test(
    "images and labels are found in every layout",
    arguments: [
      (["data.yaml": "train: images\nval: images\nnames: [a, b]", "labels/x.txt": row], ["images/x.jpg"], ["x.jpg"]),
      (
        ["data.yaml": "path: .\ntrain: images/train\nval: images/val\nnames: [a, b]", "labels/train/x.txt": row],
        ["images/train/x.jpg", "images/val/y.png"], ["train/x.jpg", "val/y.png"]
      ),
      // Roboflow's export, made for a folder deeper.
      (
        [
          "data.yaml": "train: ../train/images\nval: ../valid/images\nnc: 2\nnames: ['a', 'b']",
          "train/labels/x.txt": row,
        ],
        ["train/images/x.jpg", "valid/images/y.jpg"], ["train/images/x.jpg", "valid/images/y.jpg"]
      ),
      // Lists of images with paths of another machine.
      (
        [
          "d.yaml": "path: /data/coco\ntrain: train.txt\nnames: [a, b]",
          "train.txt": "./images/x.jpg\n/data/coco/images/y.jpg\n", "labels/x.txt": row,
        ], ["images/x.jpg", "images/y.jpg", "images/z.jpg"], ["x.jpg", "y.jpg"]
      ),
      (["classes.txt": "a\nb\n", "labels/x.txt": row], ["images/x.jpg"], ["x.jpg"]),
      (
        ["obj.names": "a\nb", "obj_train_data/x.txt": row, "train.txt": "data/obj_train_data/x.jpg"],
        ["obj_train_data/x.jpg"], ["x.jpg"]
      ),
      (["classes.txt": "a\r\nb\r\n", "x.txt": row], ["x.jpg", "y.jpeg"], ["x.jpg", "y.jpeg"]),
    ] as [([String: String], [String], [String])])
  func layouts(files: [String: String], images: [String], names: [String]) throws {
    let folder = try folder(files, images: images)
    let reading = try AnnotationSource.inspect(folder.path)
    #expect(reading.set.images.map(\.fileName) == names)
    #expect(reading.set.categories.map(\.name) == ["a", "b"])
    #expect(reading.set.categories.map(\.id) == [1, 2])
    #expect(reading.set.objects.count == 1)
    #expect(reading.set.objects.first?.box == Box(x0: 15, y0: 5, x1: 25, y1: 15))
    #expect(reading.set.objects.first?.categoryID == 2)
    #expect(reading.problems.count(.error) == 0)
    #expect(try reading.checkImageFiles(decoding: true).counts.isEmpty)
  }

  @Test("rows are boxes, boxes with a confidence, or rings; files end with or without a newline, in Windows' form too")
  func rows() throws {
    let text = "0 0.5 0.5 0.5 0.5 0.75\r\n\r\n1 0 0 0.5 0 0.5 1\r\n0 .5 5e-1 1 1"
    let folder = try folder(
      ["data.yaml": "train: images\nnames: [a, b]", "labels/x.txt": text], images: ["images/x.jpg"])
    let objects = try AnnotationSource.inspect(folder.path).set.objects
    #expect(objects.map(\.categoryID) == [1, 2, 1])
    #expect(objects[0].box == Box(x0: 10, y0: 5, x1: 30, y1: 15))
    #expect(objects[0].extra["score"]?.double == 0.75)
    #expect(objects[1].box == Box(x0: 0, y0: 0, x1: 20, y1: 20))
    #expect(objects[1].area == 200)
    #expect(try objects[1].segmentation?.content(place: "") == .polygons([[0, 0, 20, 0, 20, 20]]))
    #expect(objects[2].box == Box(x0: 0, y0: 0, x1: 40, y1: 20))
  }

  @Test(
    "a row that says nothing of sense is an error with file and line",
    arguments: [
      ("0" + String(repeating: " 0", count: 200_000), "x.txt:1: has more than 131072 numbers"),
      ("0 0.5 0.5 0.5", "x.txt:1: has 3 numbers behind the class"), ("0 1 2 3 4 5 6 7", "x.txt:1: has 7 numbers"),
      ("\n0 0.5 a 0.5 0.5", "x.txt:2: \"a\" is not a number"), ("0 nan 0 1 1", "x.txt:1: \"nan\" is not a number"),
      ("0 0 0 1 inf", "x.txt:1: \"inf\" is not a number"),
      ("cat 0.5 0.5 1 1", "x.txt:1: the class \"cat\" is no whole number"),
      ("0.5 0.5 0.5 1 1", "the class \"0.5\" is no whole number"),
      ("2 0.5 0.5 1 1", "x.txt:1: class 2 is not one of 2 from 0"),
      ("-1 0.5 0.5 1 1", "x.txt:1: class -1 is not one of 2 from 0"), ("0 0.5 0.5 -1 1", "has a negative size"),
      ("0", "x.txt:1: has 0 numbers"), ("0 0.5 0.5 1 1\n\u{FEFF}0 0.5 0.5 1 1", "x.txt:2: the class"),
      ("0 0x1p-1 0.5 1 1", "x.txt:1: \"0x1p-1\" is not a number"), ("0x0 0.5 0.5 1 1", "is no whole number"),
      ("0 0.5 0.5 1 1\0", "x.txt:1: \"1\0\" is not a number"), ("0\0 0.5 0.5 1 1", "is no whole number"),
    ])
  func faults(text: String, message: String) throws {
    let folder = try folder(
      ["data.yaml": "train: images\nnames: [a, b]", "labels/x.txt": text], images: ["images/x.jpg"])
    let found = errorMessage { _ = try AnnotationSource.read(folder.path) }
    #expect(found?.contains(message) == true, "\(found ?? "no error")")
  }

  @Test("a label file may begin with a byte order mark, as data.yaml and classes.txt may")
  func mark() throws {
    let box = try folder(
      ["data.yaml": "\u{FEFF}train: images\nnames: [a, b]", "labels/x.txt": "\u{FEFF}" + Self.row],
      images: ["images/x.jpg"])
    #expect(try AnnotationSource.read(box.path).set.objects.map(\.box) == [Box(x0: 15, y0: 5, x1: 25, y1: 15)])
    let ring = try folder(
      ["classes.txt": "\u{FEFF}a\nb\n", "labels/x.txt": "\u{FEFF}\n1 0 0 0.5 0 0.5 1\n"], images: ["images/x.jpg"])
    let reading = try AnnotationSource.read(ring.path)
    #expect(reading.form == .yoloPolygons && reading.set.categories.map(\.name) == ["a", "b"])
    #expect(reading.set.objects.map(\.area) == [200])
  }

  @Test("a set of keypoints is refused, with the file and the key, and is not taken for one of outlines")
  func keypoints() throws {
    let folder = try folder(
      ["data.yaml": "train: images\nkpt_shape: [1, 3]\nnames: [a]", "labels/x.txt": "0 0.5 0.5 1 1 0.5 0.5 2\n"],
      images: ["images/x.jpg"])
    #expect(
      errorMessage { _ = try AnnotationSource.read(folder.path) }
        == "\(folder.path)/data.yaml:2: has the key kpt_shape: its labels are keypoints; read are boxes and outlines")
  }

  @Test("class names of every kind come back, and what obj.names cannot hold is refused")
  func classNames() throws {
    var set = set([ImageRecord(id: 1, fileName: "x.jpg", height: 20, width: 40)], [])
    set.categories = ["\u{FEFF}a", "b\u{85}", "c\u{2028}d", "\u{301}"].enumerated().map {
      Category(id: $0 + 1, name: $1)
    }
    let folder = try folder([:], images: ["images/x.jpg"])
    try AnnotationFormat.yolo.write(set, to: folder.path)
    #expect(try AnnotationSource.read(folder.path).set.categories == set.categories)
    let place = folder.path + "/darknet"
    set.categories = [Category(id: 1, name: "\u{FEFF}a")]
    #expect(
      errorMessage { try AnnotationFormat.yoloDarknet.write(set, to: place) }?.contains("cannot begin obj.names")
        == true)
    #expect(!Folder.exists(place))
    set.categories = [Category(id: 1, name: "b\u{2028}")]
    #expect(
      errorMessage { try AnnotationFormat.yoloDarknet.write(set, to: place) }?.contains("a line of obj.names") == true)
  }

  @Test("faults are counted as they are found, and the first ones kept; white space is what it is elsewhere")
  func manyFaults() throws {
    let text = String(repeating: "x\n", count: 50_000) + "1\u{B}0.5\t0.5\u{C}0.25 0.5\r\n"
    let folder = try folder(
      ["data.yaml": "train: images\nnames: [a, b]", "labels/x.txt": text], images: ["images/x.jpg"])
    let reading = try AnnotationSource.inspect(folder.path)
    #expect(reading.problems.counts == [.badValue: 50_000])
    #expect(reading.problems.examples.count == AnnotationProblems.mostExamples)
    #expect(
      reading.problems.examples.last?.message == "\(folder.path)/labels/x.txt:20: the class \"x\" is no whole number")
    #expect(reading.set.objects.map(\.box) == [Box(x0: 15, y0: 5, x1: 25, y1: 15)])
    var lines: [Int] = []
    Array("x\n\n0 0 0 1 1".utf8).withUnsafeBytes { bytes in YOLORow.read(bytes) { line, _ in lines.append(line) } }
    #expect(lines == [1, 3])
  }

  @Test("missing images, missing label files, label files of no image and files that are no images are said")
  func missing() throws {
    let yaml = "train: images\nnames: [a, b]"
    let empty = try folder(["data.yaml": yaml, "labels/x.txt": Self.row], images: [])
    #expect(errorMessage { _ = try AnnotationSource.inspect(empty.path) }?.contains("leads to no image") == true)
    let folder = try folder(
      ["data.yaml": yaml, "labels/x.txt": Self.row, "labels/z.txt": Self.row, "images/w.jpg": "no image"],
      images: ["images/x.jpg", "images/y.jpg"])
    let reading = try AnnotationSource.inspect(folder.path)
    #expect(reading.problems.counts == [.missingLabelFile: 1, .missingImage: 1, .unreadableImage: 1])
    #expect(reading.set.images.map(\.fileName) == ["x.jpg", "y.jpg"])
  }

  @Test(
    "nothing outside the data set's folder is looked at",
    arguments: ["../../x", "/etc", "images/../../x", "..", "../.."])
  func outside(place: String) throws {
    let folder = try folder(
      ["set/data.yaml": "train: \(place)\nnames: [a]", "x/labels/y.txt": Self.row], images: ["x/y.jpg", "set/z.jpg"])
    let message = errorMessage { _ = try AnnotationSource.read(folder.path + "/set") }
    #expect(message?.contains("leads out of the data set's folder") == true, "\(message ?? "no error")")
  }

  @Test("ten decimals bring every box back to a millionth of a pixel, and five decimals of pixels exactly")
  func precision() {
    var state: UInt64 = 7
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    for _ in 0..<20_000 {
      let side = 1 + Int(draw() * 16_384)
      let pixels = draw() * Double(side)
      guard let fixed = YOLONumber.fixed(pixels, of: side) else {
        Issue.record("no number for \(pixels) of \(side)")
        return
      }
      var bytes: [UInt8] = []
      YOLONumber.append(fixed, to: &bytes)
      let share = Double(String(decoding: bytes, as: UTF8.self))
      #expect(share == YOLONumber.share(fixed))
      #expect(abs(YOLONumber.pixels(YOLONumber.share(fixed) * Double(side)) - pixels) <= 0.5e-5 + 1e-6)
      let decimal = (pixels * 1e5).rounded() / 1e5
      let exact = YOLONumber.fixed(decimal, of: side).map { YOLONumber.pixels(YOLONumber.share($0) * Double(side)) }
      #expect(exact == decimal)
    }
  }

  @Test(
    "numbers are written as decimals without what says nothing",
    arguments: [
      (0, "0"), (10_000_000_000, "1"), (5_000_000_000, "0.5"), (1, "0.0000000001"), (-12_500_000_000, "-1.25"),
      (123_456_789_012, "12.3456789012"),
    ])
  func decimals(fixed: Int, text: String) {
    var bytes: [UInt8] = []
    YOLONumber.append(fixed, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
  }

  private func set(_ images: [ImageRecord], _ objects: [ObjectAnnotation]) -> AnnotationSet {
    AnnotationSet(
      categories: [Category(id: 7, name: "b"), Category(id: 3, name: "a")], images: images, objects: objects)
  }

  @Test("what is written: classes by their ids, an empty file for an image without objects, groups left out")
  func writing() throws {
    let images = [
      ImageRecord(id: 4, fileName: "train/x.jpg", height: 20, width: 40),
      ImageRecord(id: 9, fileName: "val/y.jpg", height: 20, width: 40),
    ]
    let ring = Segmentation(polygons: [[0, 0, 20, 0, 20, 20], [1, 1, 2, 2, 3, 1]])
    let set = set(
      images,
      [
        ObjectAnnotation(id: 1, imageID: 4, categoryID: 7, box: Box(x0: 15, y0: 5, x1: 25, y1: 15), segmentation: ring),
        ObjectAnnotation(id: 2, imageID: 4, categoryID: 3, box: Box(x0: 0, y0: 0, x1: 40, y1: 20), isCrowd: true),
        ObjectAnnotation(id: 3, imageID: 4, categoryID: 3, box: Box(x0: 0, y0: 0, x1: 13, y1: 20)),
      ])
    let folder = try ScratchFolder()
    try AnnotationFormat.yolo.write(set, to: folder.path + "/b")
    try AnnotationFormat.yoloPolygons.write(set, to: folder.path + "/p")
    func text(_ name: String) throws -> String {
      try MappedFile(path: folder.path + "/" + name).withBytes { String(decoding: $0, as: UTF8.self) }
    }
    #expect(try text("b/labels/train/x.txt") == "1 0.5 0.5 0.25 0.5\n0 0.1625 0.5 0.325 1\n")
    #expect(try text("b/labels/val/y.txt") == "")
    #expect(try text("b/data.yaml").hasSuffix("train: images/train\nval: images/val\nnames:\n  0: a\n  1: b\n"))
    #expect(
      try text("p/labels/train/x.txt")
        == "1 0 0 0.5 0 0.5 1\n1 0.025 0.05 0.05 0.1 0.075 0.05\n0 0 0 0.325 0 0.325 1 0 1\n")
    let losses = AnnotationFormat.yolo.losses(of: set).losses.first { $0.code == .crowdLeftOut }
    #expect(losses?.count == 1)
    #expect(losses?.images == ["train/x.jpg"])
  }

  @Test("sets that cannot be written are refused before anything lies there")
  func refusals() throws {
    let folder = try ScratchFolder()
    let box = ObjectAnnotation(id: 1, imageID: 1, categoryID: 3, box: Box(x0: 0, y0: 0, x1: 1, y1: 1))
    var endless = box
    endless.box = Box(x0: 0, y0: 0, x1: .infinity, y1: 1)
    let cases: [(AnnotationSet, String)] = [
      (set([ImageRecord(id: 1, fileName: "x.jpg", height: 0, width: 0)], [box]), "the size of x.jpg is not known"),
      (set([ImageRecord(id: 1, fileName: "../x.jpg", height: 9, width: 9)], []), "leads out of the folder"),
      (
        set(
          [
            ImageRecord(id: 1, fileName: "x.jpg", height: 9, width: 9),
            ImageRecord(id: 2, fileName: "x.png", height: 9, width: 9),
          ], []),
        "x.jpg and x.png would both be annotated in x.txt"
      ),
      (
        set([ImageRecord(id: 1, fileName: "x.jpg", height: 9, width: 9)], [endless]),
        "has coordinates that are no numbers"
      ),
    ]
    for (set, message) in cases {
      for form in [AnnotationFormat.yolo, .yoloPolygons, .yoloDarknet] {
        let found = errorMessage { try form.write(set, to: folder.path + "/out") }
        #expect(found?.contains(message) == true, "\(form): \(found ?? "no error")")
      }
    }
    let files = try Folder.filesBelow(folder.path)
    #expect(files.isEmpty, "\(files)")
  }
}
