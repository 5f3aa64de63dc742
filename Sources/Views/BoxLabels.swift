import Annotations

/// The labelled objects of one image: boxes in its pixels, and their classes.
public struct BoxLabels: Sendable, Equatable {
  /// Where the objects are, in pixels of the image.
  public var boxes: [Box]
  /// Their classes, from 0, without background.
  public var classes: [Int]

  /// As many boxes as classes; none by default.
  public init(boxes: [Box] = [], classes: [Int] = []) {
    precondition(boxes.count == classes.count, "BoxLabels: expected as many classes as boxes")
    self.boxes = boxes
    self.classes = classes
  }
}

extension BoxLabels {
  /// The objects that a set of labels has for an image, in pixels of its file; crowds are left out.
  ///
  /// - Parameters:
  ///   - height: The file's height in pixels, where the labels may say another.
  ///   - width: The file's width.
  public init(of image: ImageRecord, in set: AnnotationSet, height: Int, width: Int) {
    let classes = set.classIndices
    let map = AffineMap.scale(
      x: image.width > 0 ? Double(width) / Double(image.width) : 1,
      y: image.height > 0 ? Double(height) / Double(image.height) : 1)
    let objects = set.objects.filter { $0.imageID == image.id && !$0.isCrowd && classes[$0.categoryID] != nil }
    self.init(boxes: objects.map { map.map($0.box) }, classes: objects.map { classes[$0.categoryID] ?? 0 })
  }
}
