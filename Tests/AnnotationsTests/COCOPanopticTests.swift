import Documents
import Imaging
import TestSupport
import Testing

@testable import Annotations

@Suite struct COCOPanopticTests {
  private let fixture = MaskFixture()
  private var root: String { fixture.root }

  /// A set of one image of 3 × 1 pixels whose segments are 1, 70000 and nothing.
  private func write(_ segments: [Int], width: Int = 3) throws -> String {
    let png = RawPNG.bytes(width: 3, depth: 8, .rgb, rows: [[1, 0, 0, 112, 17, 1, 0, 0, 0]])
    try AtomicFile.write(png, to: fixture.folder.scratch.file("panoptic_val/a.png"))
    let listed = segments.map {
      #"{"id":\#($0),"category_id":\#($0 > 2 ? 9 : 3),"iscrowd":\#($0 > 2 ? 1 : 0),"bbox":[0,0,1,1],"area":1,"note":"n"}"#
    }
    return try fixture.text(
      """
      {"info":{"year":2017},"images":[{"id":5,"file_name":"a.jpg","height":1,"width":\(width)},{"id":6,"file_name":"b.jpg","height":1,"width":1}],
      "annotations":[{"image_id":5,"file_name":"a.png","segments_info":[\(listed.joined(separator: ","))]}],
      "categories":[{"id":3,"name":"cat","isthing":1,"supercategory":"animal"},{"id":9,"name":"sky","isthing":0}]}
      """, "panoptic_val.json")
  }

  @Test("segments become objects, by R + 256 G + 65536 B; what is nobody's stays with the image")
  func read() throws {
    let path = try write([70000, 1])
    let reading = try AnnotationSource.inspect(path)
    #expect(reading.form == .cocoPanoptic && reading.problems.count(.error) == 0)
    let set = reading.set
    #expect(set.images.map(\.id) == [5, 6] && set.images.map(\.fileName) == ["a.jpg", "b.jpg"])
    #expect(set.objects.map(\.imageID) == [5, 5] && set.objects.map(\.categoryID) == [9, 3])
    #expect(set.objects.map(\.isCrowd) == [true, false])
    #expect(set.objects.map { $0.extra["segment_id"]?.int } == [70000, 1] && set.objects[0].extra["note"] == "n")
    #expect(set.objects[0].box == Box(x0: 1, y0: 0, x1: 2, y1: 1))
    #expect(set.categories[1].extra["isthing"] == 0 && set.extra["info"] == ["year": 2017])
    #expect(set.images[0].ignored == Segmentation(RunLengthMask(pixels: [0, 0, 1], height: 1, width: 3)))
  }

  @Test(
    "segments that only one of both files has are an error that names both",
    arguments: [
      ([1], "has segments that annotations[0] does not list: 70000"),
      ([1, 2, 70000], "has no pixel of segments that annotations[0] lists: 2"),
      ([1, 1, 70000], "annotations[0] lists a segment twice"),
    ])
  func mismatch(segments: [Int], reason: String) throws {
    let path = try write(segments)
    #expect(try AnnotationSource.inspect(path).problems.lines(.error) == ["\(root)/panoptic_val/a.png: \(reason)"])
  }

  @Test("another size than the JSON file says, a missing PNG file and unknown categories are errors")
  func errors() throws {
    #expect(
      try AnnotationSource.inspect(write([1, 70000], width: 4)).problems.lines(.error) == [
        "\(root)/panoptic_val/a.png: is 3×1, annotations[0] of a.jpg says 4×1"
      ])
    let path = try write([1, 70000])
    let reading = try AnnotationSource.inspect(path, labelMaps: LabelMapOptions(masks: root + "/none"))
    #expect(reading.problems.lines(.error) == ["\(root)/none/a.png: cannot read: No such file or directory"])
  }

  @Test("COCO instances are not taken for it")
  func instances() throws {
    let path = try fixture.text(
      #"{"images":[],"annotations":[{"id":1,"bbox":[0,0,1,1]}],"categories":[{"name":"segments_info"}]}"#, "i.json")
    #expect(try AnnotationSource.form(of: path) == .coco)
  }
}
