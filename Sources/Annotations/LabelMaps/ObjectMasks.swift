import Documents

/// Label maps put together from the outlines and masks of objects, as COCO and LabelMe have them.
enum ObjectMasks {
  /// The class of pixels that no object covers.
  static let background = "background"

  static func read(
    _ source: String, images: String?, list: String?, classes: ClassTable?, ignoreIDs: Set<Int>?
  ) throws(AnnotationError) -> SegmentationReading {
    let reading = try AnnotationSource.inspect(source, images: images, list: list)
    guard reading.problems.count(.error) == 0 else { throw .problems(source: source, reading.problems) }
    let set = reading.set
    let names = set.categories.map(\.name)
    if names.contains(background), classes == nil {
      throw .content(
        place: source,
        reason: "has a category \(background), which pixels without an object are; give a table of classes")
    }
    guard names.count < ClassTable.mostClasses else {
      throw .content(
        place: source,
        reason: "has \(names.count) categories, at most \(ClassTable.mostClasses - 1) and the background fit")
    }
    let table =
      if let classes { classes } else {
        try ClassTable.of([background] + names, ignoredIDs: ignoreIDs, source: source)
      }
    guard let empty = table.index(of: background) else {
      throw .content(
        place: source, reason: "the table of classes has no \(background), which pixels without an object are")
    }
    let unknown = names.filter { table.index(of: $0) == nil }
    guard unknown.isEmpty else {
      throw .content(place: source, reason: "has categories that the table of classes lacks: \(namesText(unknown))")
    }
    let indices = Dictionary(set.categories.map { ($0.id, table.index(of: $0.name) ?? 0) }) { first, _ in first }
    let withoutOutline = set.objects.filter { $0.outline == nil }
    if let first = withoutOutline.first {
      throw .content(
        place: source,
        reason:
          "\(withoutOutline.count) of \(set.objects.count) objects have no outline or mask, the first is object \(first.id); "
          + "boxes make no label maps")
    }
    let objects = set.objectsByImage
    let masked = set.images.map { image in
      let own = (objects[image.id] ?? []).map { set.objects[$0] }
      return MaskedImage(
        id: image.id, name: image.fileName, path: Path.join(reading.imageFolder, image.fileName), height: image.height,
        width: image.width,
        mask: .objects(
          own.compactMap { object in
            object.segmentation.map {
              MaskObject(
                classIndex: indices[object.categoryID] ?? 0, segmentation: $0, isCrowd: object.isCrowd,
                place: "\(source): object \(object.id)")
            }
          } + ignored(of: image, source), background: empty))
    }
    guard !masked.isEmpty else { throw .content(place: source, reason: "has no image") }
    return SegmentationReading(
      source: source, form: .objects, classes: table, images: masked, imageFolder: reading.imageFolder, notes: [])
  }

  /// The pixels of an image that are nobody's, as a group is, over all objects.
  private static func ignored(of image: ImageRecord, _ source: String) -> [MaskObject] {
    image.ignored.map { segmentation in
      [
        MaskObject(
          classIndex: 0, segmentation: segmentation, isCrowd: true,
          place: "\(source): \(ImageRecord.ignoredKey) of \(image.fileName)")
      ]
    } ?? []
  }
}
