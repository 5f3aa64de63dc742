@testable import Annotations

/// A small set for the tests of what changes labels.
enum EditedSet {
  /// Three images, the last without objects; three classes with ids 3, 1, 7; four objects.
  static let set = AnnotationSet(
    categories: [
      Category(id: 3, name: "cat", supercategory: "animal"), Category(id: 1, name: "dog"), Category(id: 7, name: "car"),
    ],
    images: [
      ImageRecord(id: 5, fileName: "a.png", height: 100, width: 200),
      ImageRecord(id: 2, fileName: "b.png", height: 100, width: 200),
      ImageRecord(id: 9, fileName: "c.png", height: 100, width: 200),
    ],
    objects: [
      object(1, 5, 3, 0, 0, 10, 10), object(2, 5, 1, 20, 20, 40, 8),
      ObjectAnnotation(
        id: 3, imageID: 2, categoryID: 3, box: Box(x: 0, y: 0, width: 50, height: 50), area: 900, isCrowd: true),
      ObjectAnnotation(
        id: 8, imageID: 2, categoryID: 7, box: Box(x: 60, y: 10, width: 30, height: 30), isDifficult: true,
        isTruncated: true),
    ])

  /// An object.
  static func object(
    _ id: Int, _ image: Int, _ category: Int, _ x: Double, _ y: Double, _ width: Double, _ height: Double
  ) -> ObjectAnnotation {
    ObjectAnnotation(id: id, imageID: image, categoryID: category, box: Box(x: x, y: y, width: width, height: height))
  }

  /// The set as read from a file of this name.
  static func reading(
    _ set: AnnotationSet = set, from source: String = "a.json", form: AnnotationFormat = .coco
  ) -> AnnotationReading {
    AnnotationReading(source: source, form: form, set: set, problems: AnnotationProblems(), imageFolder: "")
  }
}
