import Documents
import Imaging
import Randomness
import TestSupport
import Testing

@testable import Annotations

@Suite struct VOCMasksTests {
  private let fixture = MaskFixture()
  private var root: String { fixture.root }

  private func mask(_ rows: [String]) -> RunLengthMask {
    RunLengthMask(
      pixels: rows.joined().utf8.map { $0 == UInt8(ascii: "0") ? 0 : 1 }, height: rows.count,
      width: rows[0].utf8.count)
  }

  private func object(_ id: Int, image: Int = 1, category: Int = 1, _ rows: [String]) -> ObjectAnnotation {
    let mask = mask(rows)
    return ObjectAnnotation(
      id: id, imageID: image, categoryID: category, box: mask.box ?? Box(x0: 0, y0: 0, x1: 0, y1: 0),
      area: Double(mask.area), segmentation: Segmentation(mask))
  }

  private func codes(_ losses: ConversionLosses) -> [String: Int] {
    Dictionary(losses.losses.map { ($0.code.rawValue, $0.count) }) { first, _ in first }
  }

  @Test("objects with holes and several parts read back as they were: nothing is lost, nothing is reported")
  func lossless() throws {
    let set = AnnotationSet(
      categories: [
        Category(id: 1, name: "cat"), Category(id: 7, name: "two words 1,2,3"), Category(id: 9, name: "none"),
      ],
      images: [
        ImageRecord(id: 1, fileName: "a.jpg", height: 3, width: 6),
        ImageRecord(id: 2, fileName: "b.jpg", height: 1, width: 2),
        ImageRecord(id: 3, fileName: "c.jpg", height: 1, width: 1),
      ],
      objects: [
        object(1, ["111000", "101000", "111000"]), object(2, category: 7, ["000011", "010000", "000011"]),
        object(3, image: 3, category: 7, ["1"]),
      ])
    #expect(AnnotationFormat.vocMasks.losses(of: set).losses == [])
    try AnnotationFormat.vocMasks.write(set, to: root)
    let reading = try AnnotationSource.inspect(root)
    #expect(reading.form == .vocMasks)
    #expect(reading.set == set)
    // Through COCO, too.
    try AnnotationFormat.coco.write(reading.set, to: root + "/coco.json")
    let coco = try AnnotationSource.inspect(root + "/coco.json").set
    try AnnotationFormat.vocMasks.write(coco, to: root + "/again")
    for file in try Folder.filesBelow(root + "/again") {
      #expect(try SHA256.hexDigest(ofFile: root + "/again/" + file) == SHA256.hexDigest(ofFile: root + "/" + file))
    }
  }

  @Test(
    "random sets read back as what is painted, and sets without a loss read back equal",
    arguments: 1...40 as ClosedRange<UInt64>)
  func random(seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    let density = Int.random(in: 1...6, using: &generator)
    var set = AnnotationSet(categories: (1...3).map { Category(id: $0, name: "c\($0)") })
    var painted: [[Int]] = []
    for image in 1...3 {
      let (height, width) = (Int.random(in: 1...9, using: &generator), Int.random(in: 1...9, using: &generator))
      set.images.append(ImageRecord(id: image, fileName: "\(image).jpg", height: height, width: width))
      var pixels = [Int](repeating: 0, count: height * width)
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        let own = pixels.map { _ in Int.random(in: 0..<10, using: &generator) < density ? UInt8(1) : 0 }
        let mask = RunLengthMask(pixels: own, height: height, width: width)
        set.objects.append(
          ObjectAnnotation(
            id: set.objects.count + 1, imageID: image, categoryID: Int.random(in: 1...3, using: &generator),
            box: mask.box ?? Box(x0: 0, y0: 0, x1: 0, y1: 0), area: Double(mask.area),
            isCrowd: Int.random(in: 0..<5, using: &generator) == 0, segmentation: Segmentation(mask)))
        for place in own.indices where own[place] == 1 { pixels[place] = set.objects.count }
      }
      painted.append(pixels)
    }
    try AnnotationFormat.vocMasks.write(set, to: root)
    let read = try AnnotationSource.inspect(root).set
    var expected: [(Int, Int, RunLengthMask)] = []
    for (image, pixels) in zip(set.images, painted) {
      for object in set.objects where object.imageID == image.id && !object.isCrowd && pixels.contains(object.id) {
        let left = pixels.map { $0 == object.id ? UInt8(1) : 0 }
        expected.append(
          (image.id, object.categoryID, RunLengthMask(pixels: left, height: image.height, width: image.width)))
      }
    }
    #expect(read.images.map(\.fileName) == set.images.map(\.fileName))
    #expect(read.objects.count == expected.count)
    for (object, (image, category, mask)) in zip(read.objects, expected) {
      #expect(object.imageID == image && object.categoryID == category && object.segmentation == Segmentation(mask))
      #expect(object.box == mask.box && object.area == Double(mask.area) && !object.isCrowd)
    }
    let losses = AnnotationFormat.vocMasks.losses(of: set)
    #expect(losses.isEmpty == (read == set), "\(losses.lines)")
    let covered = zip(set.objects, set.objects.map { object in painted[object.imageID - 1].count { $0 == object.id } })
    #expect(codes(losses)["later-object-covers"] ?? 0 == covered.count { Double($1) < $0.area })
    #expect(codes(losses)["crowd-becomes-ignored"] ?? 0 == set.objects.count(where: \.isCrowd))
    #expect(codes(losses)["object-vanishes"] ?? 0 == covered.count { $1 == 0 })
  }

  @Test("every kind of loss has its code, count and example")
  func losses() throws {
    var polygon = object(5, ["1111", "1111"])
    polygon.segmentation = Segmentation(polygons: [[0.3, 0, 2, 0, 2, 2, 0.3, 2]])
    polygon.box = Box(x0: 0.3, y0: 0, x1: 2, y1: 2)
    polygon.area = 3.4
    polygon.isDifficult = true
    polygon.extra = JSONObject([("score", 0.5)])
    var bad = object(6, ["1111", "1111"])
    bad.segmentation = Segmentation(text: #"{"size":[2,4],"counts":"zz"}"#)
    let set = AnnotationSet(
      categories: [Category(id: 300, name: "cat", supercategory: "animal", extra: JSONObject([("color", 1)]))],
      images: [ImageRecord(id: 4, fileName: "x/a.png", height: 2, width: 4, extra: JSONObject([("license", 1)]))],
      objects: [
        polygon, bad, ObjectAnnotation(id: 7, imageID: 4, categoryID: 300, box: Box(x0: 0, y0: 0, x1: 1, y1: 1)),
      ].map { object in
        var object = object
        (object.imageID, object.categoryID) = (4, 300)
        return object
      }, extra: JSONObject([("info", 1)]))
    let losses = AnnotationFormat.vocMasks.losses(of: set)
    #expect(
      codes(losses) == [
        "drops-file-keys": 1, "drops-supercategory": 1, "drops-class-keys": 1, "renumbers-classes": 1,
        "drops-image-keys": 1, "drops-folders": 1, "drops-file-extension": 1, "drops-unusable-mask": 1,
        "drops-box-without-mask": 1, "outline-becomes-pixels": 1, "box-from-mask": 1, "area-from-mask": 1,
        "drops-object-keys": 1, "drops-difficult": 1, "renumbers-images": 1, "renumbers-objects": 1,
      ])
    #expect(losses.lines.contains { $0.contains("object 6: segmentation: ") })
    #expect(
      losses.lines.contains {
        $0.hasPrefix("area-from-mask ×1") && $0.hasSuffix("(object 5 in x/a.png: 3.4 becomes 4)")
      })
    try AnnotationFormat.vocMasks.write(set, to: root)
    let read = try AnnotationSource.inspect(root).set
    #expect(read.categories == [Category(id: 1, name: "cat")] && read.images.map(\.fileName) == ["a.jpg"])
    #expect(read.objects.map(\.area) == [4] && read.objects[0].box == Box(x0: 0, y0: 0, x1: 2, y1: 2))
  }

  @Test("palette files are read raw; 255 stays with the image and is written again")
  func ignored() throws {
    try fixture.mask("SegmentationClass/a.png", ["0120", "0120"], factor: 1)
    try AtomicFile.write(
      RawPNG.bytes(width: 4, depth: 8, .grey, rows: [[0, 1, 255, 20]]), to: root + "/SegmentationClass/b.png")
    let reading = try AnnotationSource.inspect(root)
    // Without a table the numbers are VOC's own.
    #expect(reading.set.categories.count == 20 && reading.set.categories[19] == Category(id: 20, name: "tvmonitor"))
    #expect(
      reading.problems.examples.map(\.message).contains(
        "no table of classes: the numbers are taken as VOC's twenty classes"))
    #expect(reading.set.objects.map(\.categoryID) == [1, 2, 1, 20])
    #expect(reading.set.images[1].ignored == Segmentation(mask(["0010"])))
    #expect(reading.set.images[0].ignored == nil)
    try AnnotationFormat.vocMasks.write(reading.set, to: root + "/again")
    #expect(try ImageFile.readLabelMap(root + "/again/SegmentationClass/b.png").pixels == [0, 1, 255, 20])
    #expect(try ImageFile.readLabelMapAndPalette(root + "/again/SegmentationObject/b.png").palette == Palette.voc)
    #expect(try ImageFile.readLabelMap(root + "/again/SegmentationObject/b.png").pixels == [0, 1, 255, 2])
    #expect(try AnnotationSource.inspect(root + "/again").set == reading.set)
  }

  @Test("objects are those of SegmentationObject; pixels of none and objects of two classes are told")
  func instances() throws {
    try fixture.text("background\ncat\ndog\n", "classes.txt")
    try fixture.mask("SegmentationClass/a.png", ["110122"])
    try fixture.mask("SegmentationObject/a.png", ["220110"])
    let reading = try AnnotationSource.inspect(root)
    #expect(
      reading.set.objects.map { "\($0.categoryID) \($0.segmentation?.text ?? "")" } == [
        "2 " + Segmentation(mask(["000001"])).text, "1 " + Segmentation(mask(["000100"])).text,
        "2 " + Segmentation(mask(["000010"])).text, "1 " + Segmentation(mask(["110000"])).text,
      ])
    let notes = reading.problems.examples.filter { $0.code == .mixedMask }.map(\.message)
    #expect(
      notes == [
        "\(root)/SegmentationObject/a.png: 1 pixels of classes are no object's: one a class is made",
        "\(root)/SegmentationObject/a.png: object 1 shows 2 classes: one object each is made",
      ])
  }

  @Test("what does not fit is an error that names the file and what was wanted")
  func errors() throws {
    try fixture.text("background\ncat\n", "classes.txt")
    try fixture.mask("SegmentationClass/a.png", ["000000", "000000", "000000", "000000"])
    try fixture.mask("SegmentationClass/b.png", ["01"])
    try fixture.mask("SegmentationClass/c.png", ["25"])
    try fixture.image("JPEGImages/a.jpg", height: 6, width: 4)
    try fixture.mask("SegmentationObject/b.png", ["0", "1"])
    let problems = try AnnotationSource.inspect(root).problems
    #expect(problems.count(.error) == 3)
    #expect(
      problems.lines(.error) == [
        "\(root)/JPEGImages/a.jpg: is 4×6, its label map a.png 6×4",
        "\(root)/SegmentationObject/b.png: is 1×2, \(root)/SegmentationClass/b.png 2×1",
        "\(root)/SegmentationClass/c.png: the number 2 is no class (0…1; ignored 255): 1 pixel, the first at row 0, column 0; "
          + "so are 5",
      ])
  }

  @Test(
    "a label map of the stored pixels of a turned picture is taken, unless the policy is another",
    arguments: [
      ("a", "apply", 0), ("a", "ignore", 0), ("a", "error", 1), ("b", "apply", 0), ("b", "ignore", 1),
      ("b", "error", 1),
    ])
  func exif(name: String, policy: String, errors: Int) throws {
    try fixture.text("background\ncat\n", "classes.txt")
    // Stored with 40×20 pixels, shown with 20×40.
    try Folder.create(root + "/JPEGImages")
    try Pitfall.picture(orientation: 6, to: root + "/JPEGImages/\(name).jpg")
    let row = String(repeating: "1", count: name == "a" ? 40 : 20)
    try fixture.mask("SegmentationClass/\(name).png", [String](repeating: row, count: name == "a" ? 20 : 40))
    let exif = try #require(ExifPolicy(rawValue: policy))
    #expect(try AnnotationSource.inspect(root, exif: exif).problems.count(.error) == errors)
  }

  @Test("an image of unknown size and two images of one name are refused")
  func refused() throws {
    let unknown = AnnotationSet(images: [ImageRecord(id: 1, fileName: "a.jpg", height: 0, width: 0)])
    #expect(codes(AnnotationFormat.vocMasks.losses(of: unknown)) == ["lacks-image-size": 1])
    #expect(
      errorMessage { try AnnotationFormat.vocMasks.write(unknown, to: root) }
        == "a.jpg: its size is not known, which a label map needs; name the folder of the images")
    let huge = AnnotationSet(images: [ImageRecord(id: 1, fileName: "a.jpg", height: 100_000, width: 90_000)])
    #expect(codes(AnnotationFormat.vocMasks.losses(of: huge)) == ["image-too-large": 1])
    #expect(
      errorMessage { try AnnotationFormat.vocMasks.write(huge, to: root) }
        == "a.jpg: is 90000×100000, and a label map can have 178956970 pixels")
    let twice = AnnotationSet(
      images: ["a.jpg", "x/a.png"].enumerated().map { ImageRecord(id: $0 + 1, fileName: $1, height: 1, width: 1) })
    #expect(
      errorMessage { try AnnotationFormat.vocMasks.write(twice, to: root) }
        == "\(root): a.jpg and x/a.png would both have the label map a.png")
  }
}
