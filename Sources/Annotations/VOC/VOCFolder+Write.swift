import Documents

extension VOCFolder {
  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    try write(set, to: path, base: options.base)
  }

  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    losses(of: set, base: options.base)
  }

  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String] {
    let folder = Path.join(path, "Annotations")
    guard Folder.exists(folder) else { return [] }
    let own = Set(set.images.map { ExactName(fileName(of: $0)) })
    return try Folder.names(in: folder).filter { Path.extension(of: $0) == "xml" && !own.contains(ExactName($0)) }
      .map { "Annotations/" + $0 }
  }

  /// Writes `Annotations/*.xml` and `ImageSets/Main/all.txt` into a folder, which is made where it is missing.
  ///
  /// Images are not copied. Boxes become whole numbers; see `losses(of:base:)` for what else VOC cannot hold.
  public static func write(_ set: AnnotationSet, to path: String, base: VOCPixelBase = .one) throws(AnnotationError) {
    var losses = ConversionLosses()
    let records = VOCRecord.records(of: set, base: base, &losses)
    var files: [ExactName: String] = [:]
    for record in records {
      let stem = Path.stem(of: record.fileName)
      if let other = files.updateValue(record.fileName, forKey: ExactName(stem)) {
        throw .content(place: path, reason: "\(other) and \(record.fileName) would both be annotated in \(stem).xml")
      }
    }
    try throwingAnnotationErrors { () throws(DocumentError) in
      try Folder.create(Path.join(path, "ImageSets/Main"))
      let batch = AtomicFileBatch(folder: Path.join(path, "Annotations"))
      try batch.add(count: records.count) { index in
        (
          Path.stem(of: records[index].fileName) + ".xml",
          Array(VOCXML.text(of: records[index], folder: "JPEGImages").utf8)
        )
      }
      try batch.commit()
      let names = records.map { Path.stem(of: $0.fileName) + "\n" }.joined()
      try AtomicFile.write(names, to: Path.join(path, "ImageSets/Main/all.txt"))
    }
  }

  /// The XML file of an image, by which reading back sorts them.
  private static func fileName(of image: ImageRecord) -> String { Path.stem(of: image.fileName) + ".xml" }

  /// What would be lost by `write`.
  public static func losses(of set: AnnotationSet, base: VOCPixelBase = .one) -> ConversionLosses {
    var losses = ConversionLosses()
    for category in set.categories where XMLDocument.readsBack(category.name) != category.name {
      losses.add(.className, category.name)
    }
    for object in set.objects {
      if let pose = object.extra["pose"]?.string, XMLDocument.readsBack(pose) != pose {
        losses.add(.objectKeys, "pose of object \(object.id)")
      }
    }
    for record in VOCRecord.records(of: set, base: base, numbering: .init(imageKey: fileName), &losses) {
      let stem = Path.stem(of: record.fileName)
      let back = VOCImageNames.inside(XMLDocument.readsBack(record.fileName))
      if back != record.fileName || !ImageList.canHold(stem) { losses.add(.imageName, record.fileName) }
      if record.width == 0 || record.height == 0 { losses.add(.unknownSize, record.fileName) }
    }
    return losses
  }
}

extension VOCJSON {
  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    try write(set, to: path, base: options.base)
  }

  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    losses(of: set, base: options.base)
  }

  /// Writes an array of one object an image, each on a line of its own.
  public static func write(_ set: AnnotationSet, to path: String, base: VOCPixelBase = .one) throws(AnnotationError) {
    var losses = ConversionLosses()
    let records = VOCRecord.records(of: set, base: base, &losses)
    try throwingAnnotationErrors { () throws(DocumentError) in
      try AtomicFile.write(to: path) { writer throws(DocumentError) in
        try writer.append("[")
        for (index, record) in records.enumerated() {
          try writer.append((index == 0 ? "\n" : ",\n") + json(of: record).serialized())
        }
        try writer.append(records.isEmpty ? "]\n" : "\n]\n")
      }
    }
  }

  /// What would be lost by `write`.
  public static func losses(of set: AnnotationSet, base: VOCPixelBase = .one) -> ConversionLosses {
    var losses = ConversionLosses()
    for record in VOCRecord.records(of: set, base: base, &losses) where record.width == 0 || record.height == 0 {
      losses.add(.unknownSize, record.fileName)
    }
    return losses
  }

  private static func json(of record: VOCRecord) -> JSON {
    let objects = record.objects.map { object -> JSON in
      var members: [(String, JSON)] = [("name", JSON(object.name))]
      if !object.pose.isEmpty { members.append(("pose", JSON(object.pose))) }
      if object.isOccluded { members.append(("occluded", 1)) }
      members += [
        ("difficult", object.isDifficult ? 1 : 0), ("truncated", object.isTruncated ? 1 : 0),
        (
          "bndbox",
          ["xmin": JSON(object.xmin), "ymin": JSON(object.ymin), "xmax": JSON(object.xmax), "ymax": JSON(object.ymax)]
        ),
      ]
      return .object(JSONObject(members))
    }
    var annotation: [(String, JSON)] = [("filename", JSON(record.fileName))]
    if !record.verified.isEmpty { annotation.append((VOCRecord.verifiedKey, JSON(record.verified))) }
    annotation += [
      ("size", ["width": JSON(record.width), "height": JSON(record.height), "depth": 3]), ("object", .array(objects)),
    ]
    return ["annotation": .object(JSONObject(annotation))]
  }
}
