import Documents

extension VOCRecord {
  /// The records of a set's images, in the set's order, with whole numbers for the boxes; what VOC cannot hold is
  /// counted in `losses`.
  static func records(
    of set: AnnotationSet, base: VOCPixelBase, numbering: ConversionLosses.Numbering = .init(),
    _ losses: inout ConversionLosses
  ) -> [VOCRecord] {
    let objects = set.objectsByImage
    let names = Dictionary(set.categories.map { ($0.id, $0.name) }) { first, _ in first }
    if !set.extra.isEmpty { losses.add(.fileKeys, set.extra.keys.joined(separator: ", "), count: set.extra.count) }
    losses.add(numbersOf: set, numbering)
    return set.images.map { image in
      var record = VOCRecord(fileName: image.fileName, width: image.width, height: image.height, place: "")
      record.verified = image.extra[verifiedKey]?.string ?? ""
      for key in image.extra.keys where key != verifiedKey || record.verified.isEmpty {
        losses.add(.imageKeys, "\(key) of \(image.fileName)")
      }
      record.objects = (objects[image.id] ?? []).map { place in
        object(set.objects[place], names[set.objects[place].categoryID] ?? "", base, &losses)
      }
      return record
    }
  }

  private static func object(
    _ object: ObjectAnnotation, _ name: String, _ base: VOCPixelBase, _ losses: inout ConversionLosses
  ) -> Object {
    let numbers = base.numbers(of: object.box)
    let written = base.box(
      xmin: Double(numbers.xmin), ymin: Double(numbers.ymin), xmax: Double(numbers.xmax), ymax: Double(numbers.ymax))
    let place = "object \(object.id)"
    if written != object.box {
      losses.add(
        .roundedBox, "\(place): \(AnnotationCheck.describe(object.box)) becomes \(AnnotationCheck.describe(written))")
    }
    if written.isEmpty, !object.box.isEmpty {
      losses.add(.vanishedBox, "\(place): \(AnnotationCheck.describe(object.box))")
    }
    if object.outline != nil { losses.add(.segmentation, place) }
    if object.isCrowd { losses.add(.crowd, "\(place) is written as difficult") }
    if object.outline == nil, !object.hasAreaOfBox { losses.add(.area, place) }
    for key in object.extra.keys where !holds(key, of: object) { losses.add(.objectKeys, "\(key) of \(place)") }
    return Object(
      name: name, xmin: Double(numbers.xmin), ymin: Double(numbers.ymin), xmax: Double(numbers.xmax),
      ymax: Double(numbers.ymax), isDifficult: object.isDifficult || object.isCrowd, isTruncated: object.isTruncated,
      pose: object.extra["pose"]?.string ?? "", isOccluded: COCOObjects.flag(object.extra["occluded"]) ?? false,
      place: "")
  }

  /// Whether a key of an object has a place.
  private static func holds(_ key: String, of object: ObjectAnnotation) -> Bool {
    switch key {
    case "pose": object.extra[key]?.string != nil
    case "occluded": COCOObjects.flag(object.extra[key]) != nil
    default: object.isFlag(key)
    }
  }
}
