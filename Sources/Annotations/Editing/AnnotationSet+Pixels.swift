import Documents
import Imaging

extension AnnotationSet {
  /// The name of an object's class.
  public func className(of object: ObjectAnnotation) -> String? {
    categories.first { $0.id == object.categoryID }?.name
  }

  /// Adds the pixels of objects to those of their images that are nobody's and are not judged.
  public mutating func ignorePixels(of objects: [ObjectAnnotation]) {
    let gone = Dictionary(grouping: objects, by: \.imageID)
    for place in images.indices {
      guard let objects = gone[images[place].id] else { continue }
      images[place].addIgnored(objects.compactMap(\.outline))
    }
  }

  /// Makes one object of those of a class in an image, in the place of the first, as label maps of classes have them. Objects
  /// without outline or mask, and crowds, stay as they are.
  public mutating func uniteObjectsByClass() {
    struct Key: Hashable {
      let image: Int
      let category: Int
    }
    var groups: [Key: [ObjectAnnotation]] = [:]
    for object in objects where object.outline != nil && !object.isCrowd {
      groups[Key(image: object.imageID, category: object.categoryID), default: []].append(object)
    }
    let records = Dictionary(images.map { ($0.id, $0) }) { first, _ in first }
    var unions: [Key: RunLengthMask] = [:]
    for (key, group) in groups where group.count > 1 {
      unions[key] = records[key.image]?.union(of: group.compactMap(\.outline))
    }
    if unions.isEmpty { return }
    var made: Set<Key> = []
    objects = objects.compactMap { object in
      let key = Key(image: object.imageID, category: object.categoryID)
      guard object.outline != nil, !object.isCrowd, let mask = unions[key], let box = mask.box else { return object }
      guard made.insert(key).inserted else { return nil }
      var united = object
      (united.segmentation, united.box, united.area) = (Segmentation(mask), box, Double(mask.area))
      return united
    }
  }
}

extension ImageRecord {
  /// All pixels of several outlines and masks; nil where one of them cannot be used, or the size is not known.
  func union(of segmentations: [Segmentation]) -> RunLengthMask? {
    guard height > 0, width > 0, height * width <= ImageLimits().pixels else { return nil }
    var pixels = [UInt8](repeating: 0, count: height * width)
    for segmentation in segmentations {
      guard let masks = try? segmentation.masks(height: height, width: width, place: "") else { return nil }
      for mask in masks { mask.paint(1, into: &pixels) }
    }
    return RunLengthMask(pixels: pixels, height: height, width: width)
  }

  /// Adds pixels to those that are nobody's and are not judged.
  mutating func addIgnored(_ segmentations: [Segmentation]) {
    guard let mask = union(of: segmentations + [ignored].compactMap { $0 }), mask.area > 0 else { return }
    extra[Self.ignoredKey] = [
      "size": [JSON(mask.height), JSON(mask.width)], "counts": JSON(mask.compressed),
    ]
  }
}
