import Documents

/// One image's annotations as LabelMe writes them: the common middle of reader and writer.
///
/// Source: what LabelMe 4 and 5 save (`version, flags, shapes, imagePath, imageData, imageHeight, imageWidth`; of a shape
/// `label, points, group_id, description, shape_type, flags, mask`). Points are continuous: the corner of the first pixel is
/// (0, 0), as in COCO.
struct LabelMeRecord {
  /// The file it was read from, for messages.
  var file: String
  /// The same, relative to the folder of all files.
  var name: String
  /// As written, with `/` between its parts; empty where the file does not say.
  var imagePath = ""
  /// 0 where the file does not say.
  var width = 0
  var height = 0
  var shapes: [Shape] = []
  /// Flags of the image that are set to something, and keys that are not LabelMe's.
  var extra = JSONObject()

  /// The part of LabelMe's shapes that are read.
  enum Kind: String {
    case rectangle, polygon
  }

  struct Shape {
    var label: String
    var kind: Kind
    /// x, y, x, y …
    var points: [Double]
    /// Shapes of one label and one group are parts of one object.
    var group: Int?
    var flags = JSONObject()
    /// The description where there is one, and keys that are not LabelMe's.
    var extra = JSONObject()
    /// Where it stands, after the record's file.
    var place: String

    /// The smallest box around the points.
    var box: Box { Ring.box(around: points) }

    /// The closed polygon; of a rectangle its four corners.
    var ring: [Double] {
      kind == .rectangle ? Ring.corners(of: box) : points
    }
  }
}

extension LabelMeRecord {
  static let fileKeys: Set<String> = [
    "version", "flags", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth",
  ]
  static let shapeKeys: Set<String> = ["label", "points", "group_id", "description", "shape_type", "flags", "mask"]

  /// Reads a file; nil, and noted, for JSON of something else.
  ///
  /// Shapes of other types than rectangle and polygon are left out and counted; `imageData`, a copy of the image, is not
  /// looked at.
  static func read(
    _ name: String, in folder: String, _ problems: inout AnnotationProblems
  ) throws(DocumentError) -> LabelMeRecord? {
    let path = Path.join(folder, name)
    let own: Set<String> = ["shapes", "imagePath"]
    guard case .object(let keys) = try JSONStream.shape(of: path, until: own), keys.contains(where: own.contains) else {
      problems.add(.ignoredElement, "\(path): has neither shapes nor imagePath, so it is not LabelMe's and not read")
      return nil
    }
    var record = LabelMeRecord(file: path, name: name)
    // One shape after the other: a file of nothing but braces would take three hundred times its size.
    try JSONElement.read(path, elementsOf: "shapes") { element throws(DocumentError) in
      if let shape = try shape(element, path, &problems) { record.shapes.append(shape) }
    } rest: { element throws(DocumentError) in
      try record.take(element)
    }
    return record
  }

  /// What stands beside the shapes.
  private mutating func take(_ element: JSONElement) throws(DocumentError) {
    guard let shapes = element.value("shapes"), !shapes.isNull else { throw element.missing("shapes") }
    guard shapes.isArray else { throw element.error("shapes", "is \(shapes.kind), not an array") }
    imagePath = try element.optionalString("imagePath")?.replacing("\\", with: "/") ?? ""
    height = try Self.pixels(element, "imageHeight")
    width = try Self.pixels(element, "imageWidth")
    extra = element.others(than: Self.fileKeys)
    let flags = try Self.flags(element)
    if !flags.isEmpty { extra["flags"] = .object(flags) }
  }

  private static func shape(
    _ element: JSONElement, _ path: String, _ problems: inout AnnotationProblems
  ) throws(DocumentError) -> Shape? {
    let label = try element.string("label")
    guard !label.trimmed.isEmpty else { throw element.error("label", "is empty") }
    // Files from before LabelMe 3 have no types: all was polygons.
    let type = try element.optionalString("shape_type") ?? Kind.polygon.rawValue
    guard let kind = Kind(rawValue: type) else {
      problems.add(
        .otherShape, "\(path): \(element.path): a \(type) (\(label)) is not read; rectangles and polygons are")
      return nil
    }
    let points = try points(element)
    let count = points.count / 2
    switch kind {
    case .rectangle where count != 2 && count != 4:
      throw element.error("points", "has \(count) points; a rectangle has two opposite corners, or all four")
    case .polygon where count < 3:
      throw element.error("points", "has \(count) points; a polygon has three or more")
    default: break
    }
    var shape = Shape(
      label: label, kind: kind, points: points, group: try element.optionalInt("group_id"), flags: try flags(element),
      extra: element.others(than: shapeKeys), place: ": \(element.path)")
    let description = try element.optionalString("description") ?? ""
    if !description.isEmpty { shape.extra["description"] = .string(description) }
    return shape
  }

  private static func points(_ element: JSONElement) throws(DocumentError) -> [Double] {
    guard let value = element.value("points"), !value.isNull else { throw element.missing("points") }
    guard let pairs = value.array else { throw element.error("points", "is \(value.kind), not an array") }
    var points: [Double] = []
    points.reserveCapacity(2 * pairs.count)
    for (index, pair) in pairs.enumerated() {
      guard let numbers = pair.array, numbers.count == 2, let x = numbers[0].double, let y = numbers[1].double,
        x.isFinite, y.isFinite
      else { throw element.error("points[\(index)]", "is not a point [x, y]") }
      points += [x, y]
    }
    return points
  }

  /// The flags of an image or a shape that are not false; an object, null or nothing (`""` in files of some tools).
  private static func flags(_ element: JSONElement) throws(DocumentError) -> JSONObject {
    switch element.value("flags")?.content {
    case nil, .null?, .string("")?: return JSONObject()
    case .object(let flags)?: return flags.filter { $0.value != false }
    case let other?: throw element.error("flags", "is \(JSON(other).kind), not an object")
    }
  }

  private static func pixels(_ element: JSONElement, _ key: String) throws(DocumentError) -> Int {
    let value = try element.optionalInt(key) ?? 0
    guard ImageRecord.sides.contains(value) else { throw element.error(key, "\(value) is no size of an image") }
    return value
  }
}
