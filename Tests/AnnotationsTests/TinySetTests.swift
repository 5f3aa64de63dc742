import Documents
import Imaging
import TestSupport
import Testing

@testable import Annotations

/// The set in `annotations/tiny`, which the README shows and other tests may use.
@Suite struct TinySetTests {
  private let root = Path.folder(of: TinySet.folder)

  /// One object as all forms can say it.
  private struct Plain: Equatable {
    let image: String
    let name: String
    let box: Box
    let isTruncated: Bool
  }

  /// The forms that say whether an object is truncated.
  private static let tellTruncated: Set<AnnotationFormat> = [.coco, .voc, .vocJSON, .labelme, .cvat]

  private func objects(_ set: AnnotationSet, as form: AnnotationFormat = .coco) -> [Plain] {
    let images = Dictionary(uniqueKeysWithValues: set.images.map { ($0.id, $0.fileName) })
    let names = Dictionary(uniqueKeysWithValues: set.categories.map { ($0.id, $0.name) })
    return set.objects.map {
      Plain(
        image: images[$0.imageID] ?? "", name: names[$0.categoryID] ?? "", box: $0.box,
        isTruncated: $0.isTruncated && Self.tellTruncated.contains(form))
    }
  }

  @Test("every form reads to the same images, classes and boxes, and its image files are sound")
  func sameBoxes() throws {
    let coco = try AnnotationSource.inspect(root + "/tiny/coco.json")
    #expect(coco.set.objects.count == 31)
    for (name, form) in TinySetForms.all where form != .yoloPolygons {
      var reading = try AnnotationSource.inspect(
        root + "/tiny/" + name, images: form == .yoloDarknet ? TinySet.images : nil,
        labels: form == .cocoResults ? TinySet.labels : nil)
      #expect(reading.problems.counts.isEmpty)
      #expect(objects(reading.set) == objects(coco.set, as: form), "\(name)")
      _ = try reading.fillSizes()
      #expect(reading.set.images == coco.set.images)
      #expect(try reading.checkImageFiles(decoding: true).counts.isEmpty)
      #expect(AnnotationCheck.contents(of: reading.set).counts.isEmpty)
    }
  }

  @Test("label maps read to the same objects, with their masks, or to one object a class")
  func labelMaps() throws {
    let coco = try AnnotationSource.inspect(root + "/tiny/coco.json").set
    let maps = try AnnotationSource.inspect(root + "/tiny/voc-masks")
    #expect(maps.form == .vocMasks && maps.problems.counts == [.labelMaps: 1])
    #expect(maps.set.images == coco.images && maps.set.objects.map(\.segmentation) == coco.objects.map(\.segmentation))
    #expect(maps.set.objects.map(\.box) == coco.objects.map(\.box))
    #expect(maps.set.objects.map(\.area) == coco.objects.map(\.area))
    let classes = try AnnotationSource.inspect(root + "/tiny", form: .masks).set
    #expect(classes.images == coco.images)
    #expect(classes.objects.reduce(0) { $0 + $1.area } == coco.objects.reduce(0) { $0 + $1.area })
  }

  @Test("the outlines of masks are those that YOLO's rings are read as: holes are filled, parts are objects")
  func rings() throws {
    let coco = try AnnotationSource.inspect(root + "/tiny/coco.json").set
    let yolo = try AnnotationSource.inspect(root + "/tiny/yolo-polygons").set
    let losses = AnnotationFormat.yoloPolygons.losses(of: coco)
    #expect(losses.count(.parts) == 3)
    #expect(losses.count(.holes) == 5)
    #expect(yolo.objects.count == 34)
    for object in coco.objects {
      guard case .mask(let mask)? = try object.segmentation?.content(place: "tiny") else { continue }
      for ring in RingTracing(mask).rings {
        let box = Ring.box(around: ring)
        #expect(yolo.objects.contains { $0.imageID == object.imageID && $0.box == box }, "object \(object.id)")
      }
    }
  }

  @Test("boxes and areas are those of the masks")
  func masks() throws {
    for object in try AnnotationSource.inspect(root + "/tiny/coco.json").set.objects {
      guard case .mask(let mask)? = try object.segmentation?.content(place: "tiny") else {
        Issue.record("object \(object.id) has no mask")
        continue
      }
      #expect(mask.box == object.box)
      #expect(Double(mask.area) == object.area)
    }
  }

  @Test("every form is written again as the bytes that are there")
  func sameBytes() throws {
    let set = try AnnotationSource.inspect(root + "/tiny/coco.json").set
    let scratch = try ScratchFolder()
    try AnnotationFormat.coco.write(set, to: scratch.path + "/coco.json")
    try AnnotationFormat.vocJSON.write(set, to: scratch.path + "/voc.json")
    try AnnotationFormat.voc.write(set, to: scratch.path + "/voc")
    try AnnotationFormat.vocMasks.write(set, to: scratch.path + "/voc-masks")
    for (name, form) in TinySetForms.all where form.isWritable && !Folder.hasAnything(at: scratch.path + "/" + name) {
      if form != .labelme { try form.write(set, to: scratch.path + "/" + name) }
    }
    try Folder.create(scratch.path + "/images")
    try AnnotationFormat.labelme.write(
      set, to: scratch.path + "/labelme", options: WritingOptions(imageFolder: scratch.path + "/images"))
    for file in try Folder.filesBelow(scratch.path) {
      #expect(
        try SHA256.hexDigest(ofFile: scratch.path + "/" + file) == SHA256.hexDigest(ofFile: root + "/tiny/" + file),
        "\(file)")
    }
  }

  @Test("the split that is there is drawn again, and its digests are right")
  func split() throws {
    let manifest = try JSON(contentsOf: root + "/splits/tiny/split.json")
    for file in try #require(manifest["files"]?.array) {
      let path = root + "/splits/tiny/" + (file["file"]?.string ?? "")
      #expect(try SHA256.hexDigest(ofFile: path) == file["sha256"]?.string)
    }
    let set = try AnnotationSource.inspect(root + "/tiny/coco.json").set
    for (index, fold) in AnnotationSplit.byImage(count: set.images.count, fraction: 0.25, folds: 2, seed: 1)
      .enumerated()
    {
      let names = try ImageList.read(root + "/splits/tiny/fold-\(index + 1)/labeled.txt").names
      #expect(names == fold.labeled.map { set.images[$0].fileName })
    }
  }
}
