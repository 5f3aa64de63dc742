import Documents

extension COCOInstances {
  /// The keys of the file that have a place of their own.
  private static let keys: Set<String> = ["images", "annotations", "categories"]

  /// Keys of other forms that are called as COCO's own: they would stand there twice.
  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    var losses = ConversionLosses()
    for key in set.extra.keys where keys.contains(key) { losses.add(.fileKeys, key) }
    for image in set.images {
      for key in image.extra.keys where COCOImages.keys.contains(key) {
        losses.add(.imageKeys, "\(key) of \(image.fileName)")
      }
    }
    for category in set.categories {
      for key in category.extra.keys where COCOCategories.keys.contains(key) {
        losses.add(.classKeys, "\(key) of \(category.name)")
      }
    }
    for object in set.objects {
      for key in object.extra.keys where !keeps(key, of: object) {
        losses.add(.objectKeys, "\(key) of object \(object.id)")
      }
    }
    return losses
  }

  /// Whether a key of an object can stand beside COCO's own and be read again.
  private static func keeps(_ key: String, of object: ObjectAnnotation) -> Bool {
    if ObjectAnnotation.flagKeys.contains(key) { return object.isFlag(key) }
    return !COCOObjects.keys.contains(key)
  }

  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    try write(set, to: path)
  }

  /// Writes a set as COCO instances JSON, one record a line: the same set gives the same bytes.
  public static func write(_ set: AnnotationSet, to path: String) throws(AnnotationError) {
    try throwingAnnotationErrors { () throws(DocumentError) in
      try AtomicFile.write(to: path) { writer throws(DocumentError) in
        try writer.append("{\n")
        for member in set.extra.members where !keys.contains(member.key) {
          try writer.append("\(JSON(member.key).serialized()): \(member.value.serialized()),\n")
        }
        try write("images", set.images, to: writer, last: false, append(image:to:))
        try write("annotations", set.objects, to: writer, last: false, append(object:to:))
        try write("categories", set.categories, to: writer, last: true, append(category:to:))
        try writer.append("}\n")
      }
    }
  }

  private static func write<Record>(
    _ key: String, _ records: [Record], to writer: AtomicFileWriter, last: Bool,
    _ append: (Record, inout [UInt8]) -> Void
  ) throws(DocumentError) {
    var line: [UInt8] = []
    try writer.append("\"\(key)\": [")
    for (index, record) in records.enumerated() {
      line.removeAll(keepingCapacity: true)
      line.append(contentsOf: (index == 0 ? "\n" : ",\n").utf8)
      append(record, &line)
      try writer.append(line)
    }
    try writer.append((records.isEmpty ? "]" : "\n]") + (last ? "\n" : ",\n"))
  }

  private static func append(image: ImageRecord, to line: inout [UInt8]) {
    line.append(contentsOf: "{\"id\":\(image.id),\"file_name\":".utf8)
    JSON.append(string: image.fileName, to: &line)
    // A size that is not known is not written.
    if image.height > 0 { line.append(contentsOf: ",\"height\":\(image.height)".utf8) }
    if image.width > 0 { line.append(contentsOf: ",\"width\":\(image.width)".utf8) }
    append(extra: image.extra, besides: COCOImages.keys, to: &line)
  }

  private static func append(category: Category, to line: inout [UInt8]) {
    line.append(contentsOf: "{\"id\":\(category.id),\"name\":".utf8)
    JSON.append(string: category.name, to: &line)
    if let group = category.supercategory {
      line.append(contentsOf: ",\"supercategory\":".utf8)
      JSON.append(string: group, to: &line)
    }
    append(extra: category.extra, besides: COCOCategories.keys, to: &line)
  }

  static func append(object: ObjectAnnotation, to line: inout [UInt8]) {
    line.append(
      contentsOf: "{\"id\":\(object.id),\"image_id\":\(object.imageID),\"category_id\":\(object.categoryID)".utf8)
    line.append(contentsOf: ",\"bbox\":".utf8)
    if let text = object.source.box {
      text.withBytes { line.append(contentsOf: $0) }
    } else {
      line.append(contentsOf: text(of: object.writtenBox).utf8)
    }
    if !object.source.lacksArea {
      line.append(contentsOf: ",\"area\":".utf8)
      if let text = object.source.area {
        text.withBytes { line.append(contentsOf: $0) }
      } else {
        JSON(object.area).append(to: &line)
      }
    }
    if !object.source.lacksCrowd { line.append(contentsOf: ",\"iscrowd\":\(object.isCrowd ? 1 : 0)".utf8) }
    if let segmentation = object.segmentation {
      line.append(contentsOf: ",\"segmentation\":".utf8)
      segmentation.withBytes { line.append(contentsOf: $0) }
    }
    var extra = object.extra
    for (key, value) in [("difficult", object.isDifficult), ("truncated", object.isTruncated)] {
      if COCOObjects.flag(extra[key]) != value { extra[key] = value ? 1 : nil }
    }
    append(extra: extra, besides: COCOObjects.keys, to: &line)
  }

  private static func append(extra: JSONObject, besides own: Set<String>, to line: inout [UInt8]) {
    for member in extra.members where !own.contains(member.key) {
      line.append(UInt8(ascii: ","))
      JSON.append(string: member.key, to: &line)
      line.append(UInt8(ascii: ":"))
      member.value.append(to: &line)
    }
    line.append(UInt8(ascii: "}"))
  }

  /// The numbers of a box as they are written where no file says how.
  private static func text(of box: WrittenBox) -> String {
    "[" + [box.x, box.y, box.width, box.height].map { JSON($0).serialized() }.joined(separator: ",") + "]"
  }
}
