import Annotations
import Documents

/// Sets in which every feature occurs that some form of labels cannot hold.
enum RichSets {
  static let all: [(name: String, set: AnnotationSet)] = [
    ("objects", objects), ("images", images), ("plain", plain), ("outlines", outlines),
  ]

  private static func image(_ id: Int, _ name: String, extra: JSONObject = JSONObject()) -> ImageRecord {
    ImageRecord(id: id, fileName: name, height: 20, width: 40, extra: extra)
  }

  private static func object(
    _ id: Int, _ image: Int, _ category: Int, _ box: Box, area: Double? = nil, isCrowd: Bool = false,
    isDifficult: Bool = false, isTruncated: Bool = false, _ segmentation: Segmentation? = nil,
    extra: JSONObject = JSONObject()
  ) -> ObjectAnnotation {
    ObjectAnnotation(
      id: id, imageID: image, categoryID: category, box: box, area: area, isCrowd: isCrowd, isDifficult: isDifficult,
      isTruncated: isTruncated, segmentation: segmentation, extra: extra)
  }

  /// A mask of the rectangle of a box, as COCO's crowds have it.
  private static func mask(_ box: Box, hole: Bool = false) -> Segmentation {
    var pixels = [UInt8](repeating: 0, count: 20 * 40)
    for y in Int(box.y0)..<Int(box.y1) { for x in Int(box.x0)..<Int(box.x1) { pixels[y * 40 + x] = 1 } }
    if hole { pixels[Int(box.y0 + 2) * 40 + Int(box.x0 + 2)] = 0 }
    return Segmentation(RunLengthMask(pixels: pixels, height: 20, width: 40))
  }

  private static let square = Box(x0: 4, y0: 5, x1: 12, y1: 15)

  /// Objects of every kind in one image; classes with gaps in their ids, in no order.
  static let objects = AnnotationSet(
    categories: [
      Category(id: 5, name: "zebra", supercategory: "animal"),
      Category(id: 2, name: "cat", extra: JSONObject([("keypoints", ["nose"])])), Category(id: 9, name: "unused"),
    ],
    images: [image(1, "a.jpg")],
    objects: [
      object(1, 1, 5, square), object(2, 1, 2, Box(x0: 1.25, y0: 2, x1: 9.123456789, y1: 8.5)),
      object(7, 1, 2, square, isDifficult: true), object(8, 1, 5, square, isTruncated: true),
      object(9, 1, 5, square, area: 80, isCrowd: true, mask(square)),
      object(10, 1, 2, square, area: 17), object(11, 1, 2, Box(x0: 3.6, y0: 3, x1: 3.9, y1: 9)),
      object(12, 1, 2, square, extra: JSONObject([("pose", "Left"), ("occluded", 1), ("note", "x")])),
      object(13, 1, 2, square, extra: JSONObject([("score", 0.5)])),
      object(14, 1, 2, Box(x0: -3, y0: 5, x1: 12, y1: 21)),
      object(15, 1, 2, Box(x0: 143.15 / 8, y0: 0.1, x1: 20, y1: 0.7)),
      object(16, 1, 2, square, Segmentation(text: "[]")),
    ], extra: JSONObject([("info", ["year": 2026])]))

  /// Images in no order, with keys of their own, of unknown classes' order and without objects.
  static let images = AnnotationSet(
    categories: [Category(id: 1, name: "b"), Category(id: 2, name: "a")],
    images: [
      image(30, "b.jpg", extra: JSONObject([("date", "today")])), image(10, "a.png"), image(20, "empty.jpg"),
      image(40, "d/c.jpg"),
    ],
    objects: [object(1, 10, 1, square), object(2, 30, 2, square), object(3, 40, 1, square), object(4, 10, 2, square)])

  /// What most forms hold.
  static let plain = AnnotationSet(
    categories: [Category(id: 1, name: "a"), Category(id: 2, name: "b")],
    images: [image(1, "a.jpg"), image(2, "b.jpg")],
    objects: [object(1, 1, 1, square), object(2, 1, 2, Box(x0: 0, y0: 0, x1: 40, y1: 20)), object(3, 2, 1, square)])

  /// Outlines of every kind.
  static let outlines = AnnotationSet(
    categories: [Category(id: 1, name: "a")], images: [image(1, "a.jpg")],
    objects: [
      object(1, 1, 1, square, Segmentation(polygons: [[4, 5, 12, 5, 12, 15, 4, 15]])),
      object(2, 1, 1, square, area: 79, Segmentation(polygons: [[4, 5, 12, 5, 12, 15, 4, 15]])),
      object(
        3, 1, 1, Box(x0: 4, y0: 5, x1: 13, y1: 15), area: 80, Segmentation(polygons: [[4, 5, 12, 5, 12, 15, 4, 15]])),
      object(
        4, 1, 1, Box(x0: 1, y0: 1, x1: 9, y1: 8), area: 9,
        Segmentation(polygons: [[1, 1, 4, 1, 4, 4], [6, 5, 9, 5, 9, 8]])),
      object(5, 1, 1, square, area: 80, mask(square)), object(6, 1, 1, square, area: 79, mask(square, hole: true)),
      object(9, 1, 1, square, area: 71, mask(square)),
      object(
        7, 1, 1, Box(x0: 0.123456789, y0: 0, x1: 5, y1: 5), area: 25 * (4.876543211 / 5),
        Segmentation(polygons: [[0.123456789, 0, 5, 0, 5, 5, 0.123456789, 5]])),
      object(8, 1, 1, square),
    ])
}
