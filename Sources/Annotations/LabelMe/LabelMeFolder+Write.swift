import Documents

extension LabelMeFolder {
  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    try write(set, to: path, imageFolder: options.imageFolder)
  }

  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses { losses(of: set) }

  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String] {
    guard Folder.exists(path) else { return [] }
    let own = Set(set.images.map { ExactName(fileName(of: $0)) })
    return try files(below: path).filter { !own.contains(ExactName($0)) }
  }

  /// The version of LabelMe whose form is written.
  private static let version = "5.5.0"
  /// Keys of objects that have a place of their own in a shape.
  private static let placed: Set<String> = ["flags", "description", "group_id", "difficult", "truncated"]

  /// Writes one JSON file an image into a folder, which is made where it is missing; images in folders of their own get
  /// their file in a folder of the same name. The same set gives the same bytes.
  ///
  /// - Parameter imageFolder: What the images' names are relative to: `imagePath` then leads there from the JSON file. Without
  ///   it, it leads to the same folder.
  public static func write(
    _ set: AnnotationSet, to path: String, imageFolder: String? = nil
  ) throws(AnnotationError) {
    let objects = set.objectsByImage
    var files: [ExactName: String] = [:]
    for image in set.images {
      guard Path.staysInside(image.fileName) else {
        throw .content(place: path, reason: "the file name \"\(image.fileName)\" leads out of the folder")
      }
      if let other = files.updateValue(image.fileName, forKey: ExactName(fileName(of: image))) {
        throw .content(
          place: path, reason: "\(other) and \(image.fileName) would both be annotated in \(fileName(of: image))")
      }
    }
    var groups = LabelMeGroups(set)
    try throwingAnnotationErrors { () throws(DocumentError) in
      try Folder.create(path)
      let way = imageFolder.flatMap { Path.way(from: path, to: $0) } ?? "."
      for (name, images) in Dictionary(grouping: set.images, by: { ExactName(Path.folder(of: $0.fileName)) }) {
        let folder = name.text
        let place = Path.join(path, folder == "." ? "" : folder)
        try Folder.create(place)
        let batch = AtomicFileBatch(folder: place)
        let back = folder == "." ? [] : folder.split(separator: "/").map { _ in ".." }
        for image in images {
          // From `place` back to `path`, from there to the images, and down again; within one folder that is the name alone.
          let name =
            way == "."
            ? Path.name(of: image.fileName) : Path.join((back + [way]).joined(separator: "/"), image.fileName)
          let shapes = (objects[image.id] ?? []).flatMap { self.shapes(of: set.objects[$0], at: $0, &groups) }
          try batch.add(
            json(of: image, path: name, shapes).serialized(pretty: true), as: Path.name(of: fileName(of: image)))
        }
        try batch.commit()
      }
    }
  }

  /// The JSON file of an image, relative to the folder of all files.
  static func fileName(of image: ImageRecord) -> String { Path.withoutExtension(image.fileName) + ".json" }

  private static func json(of image: ImageRecord, path: String, _ shapes: [JSON]) -> JSON {
    var json = JSONObject([
      ("version", JSON(version)), ("flags", image.extra["flags"].flatMap { $0.object.map { .object($0) } } ?? [:]),
      ("shapes", .array(shapes)), ("imagePath", JSON(path)), ("imageData", .null),
      ("imageHeight", image.height > 0 ? JSON(image.height) : .null),
      ("imageWidth", image.width > 0 ? JSON(image.width) : .null),
    ])
    for member in image.extra.members where json[member.key] == nil { json[member.key] = member.value }
    return .object(json)
  }

  /// The shapes of an object: its polygons, or those around the pixels of its mask, of one group where there are several; else its box.
  private static func shapes(of object: ObjectAnnotation, at place: Int, _ groups: inout LabelMeGroups) -> [JSON] {
    var flags = object.extra["flags"]?.object ?? JSONObject()
    for (name, value) in [
      ("difficult", object.isDifficult), ("truncated", object.isTruncated), ("iscrowd", object.isCrowd),
    ] where value { flags[name] = true }
    let outline = Outline(of: object)
    let label = groups.label(of: object)
    let group = groups.number(for: object, at: place, hasParts: outline.rings.count > 1)
    let box = object.box
    return (outline.isOwn ? outline.rings : [[box.x0, box.y0, box.x1, box.y1]]).map { ring in
      let points = stride(from: 0, to: ring.count - 1, by: 2).map { JSON.array([JSON(ring[$0]), JSON(ring[$0 + 1])]) }
      var shape = JSONObject([
        ("label", JSON(label)), ("points", .array(points)), ("group_id", group.map { JSON($0) } ?? .null),
        ("description", object.extra["description"]?.string.map { JSON($0) } ?? ""),
        ("shape_type", JSON((outline.isOwn ? LabelMeRecord.Kind.polygon : .rectangle).rawValue)),
        ("flags", .object(flags)), ("mask", .null),
      ])
      for member in object.extra.members where shape[member.key] == nil && !placed.contains(member.key) {
        shape[member.key] = member.value
      }
      return .object(shape)
    }
  }

  /// What would be lost by `write`.
  public static func losses(of set: AnnotationSet) -> ConversionLosses {
    var losses = ConversionLosses()
    if !set.extra.isEmpty { losses.add(.fileKeys, set.extra.keys.joined(separator: ", "), count: set.extra.count) }
    losses.add(numbersOf: set, .init(imageKey: fileName))
    for image in set.images {
      if image.width == 0 || image.height == 0 { losses.add(.unknownSize, image.fileName) }
      for key in image.extra.keys where LabelMeRecord.fileKeys.contains(key) {
        if key != "flags" || !isFlags(image.extra) { losses.add(.imageKeys, "\(key) of \(image.fileName)") }
      }
    }
    let groups = LabelMeGroups(set)
    for (place, object) in set.objects.enumerated() {
      add(lossesOf: object, keepsGroup: groups.keepsNumber(of: object, at: place), to: &losses)
    }
    return losses
  }

  private static func add(lossesOf object: ObjectAnnotation, keepsGroup: Bool, to losses: inout ConversionLosses) {
    let place = "object \(object.id)"
    for key in object.extra.keys {
      let holds =
        switch key {
        case _ where ObjectAnnotation.flagKeys.contains(key): object.isFlag(key)
        case "flags": isFlags(object.extra)
        case "description": object.extra[key]?.string != nil
        case "group_id": object.extra[key]?.int != nil && keepsGroup
        default: !LabelMeRecord.shapeKeys.contains(key)
        }
      if !holds { losses.add(.objectKeys, "\(key) of \(place)") }
    }
    let outline = Outline(of: object)
    guard outline.isOwn else {
      return losses.add(outlineOf: object) { place }
    }
    if outline.holes > 0 { losses.add(.holes, "\(place) has \(outline.holes)") }
    let box = Ring.box(around: outline.rings.flatMap { $0 })
    if box != object.box {
      losses.add(
        .outlineBox, "\(place): \(AnnotationCheck.describe(object.box)) becomes \(AnnotationCheck.describe(box))")
    }
    if outline.holes == 0, outline.rings.reduce(0, { $0 + Ring.area(of: $1) }) != object.area {
      losses.add(.area, place)
    }
  }

  private static func isFlags(_ extra: JSONObject) -> Bool {
    extra["flags"]?.object?.members.allSatisfy { $0.value.bool != nil } ?? false
  }
}
