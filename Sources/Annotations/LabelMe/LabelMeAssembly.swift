import Documents

/// Puts LabelMe's records of single images together into one set: ids, groups, and classes from the labels that occur.
struct LabelMeAssembly {
  private(set) var set = AnnotationSet(listsClasses: false)
  var problems: AnnotationProblems
  private var names: [String] = []

  init(problems: AnnotationProblems) { self.problems = problems }

  /// Adds the next image. Ids count from 1 in the order of adding.
  mutating func add(_ record: LabelMeRecord, fileName: String) {
    let image = ImageRecord(
      id: set.images.count + 1, fileName: fileName, height: record.height, width: record.width, extra: record.extra)
    set.images.append(image)
    for parts in Self.objects(record.shapes) {
      let object = object(parts, in: image, of: record)
      AnnotationCheck.check(object.box, in: image, { record.file + parts[0].place }, &problems)
      set.objects.append(object)
      names.append(parts[0].label)
    }
  }

  /// The shapes of each object, in the order of the first of them.
  private static func objects(_ shapes: [LabelMeRecord.Shape]) -> [[LabelMeRecord.Shape]] {
    struct Key: Hashable {
      let label: String
      let group: Int
    }
    var objects: [[LabelMeRecord.Shape]] = []
    var places: [Key: Int] = [:]
    for shape in shapes {
      let key = shape.group.map { Key(label: shape.label, group: $0) }
      if let key, let place = places[key] {
        objects[place].append(shape)
        continue
      }
      if let key { places[key] = objects.count }
      objects.append([shape])
    }
    return objects
  }

  /// One object of its parts: the box around all of them, and their outlines where one of them is a polygon. It is marked as one
  /// of them is; other flags and keys are those of the first.
  private mutating func object(
    _ parts: [LabelMeRecord.Shape], in image: ImageRecord, of record: LabelMeRecord
  ) -> ObjectAnnotation {
    var object = ObjectAnnotation(
      id: set.objects.count + 1, imageID: image.id, categoryID: 0,
      box: Ring.box(around: parts.flatMap(\.points)))
    if parts.contains(where: { $0.kind == .polygon }) {
      let rings = parts.map(\.ring)
      object.segmentation = Segmentation(polygons: rings)
      object.area = rings.reduce(0) { $0 + Ring.area(of: $1) }
    }
    var own: [JSONObject] = []
    for part in parts {
      var flags = part.flags
      func take(_ name: String) -> Bool {
        guard flags[name] == true else { return false }
        flags[name] = nil
        return true
      }
      if take("difficult") { object.isDifficult = true }
      if take("truncated") { object.isTruncated = true }
      if take("iscrowd") { object.isCrowd = true }
      object.extra = part.extra
      object.takeFlags()
      if !flags.isEmpty { object.extra["flags"] = .object(flags) }
      own.append(object.extra)
    }
    object.extra = own[0]
    for (part, keys) in zip(parts, own).dropFirst() {
      for member in keys.members where member.value != own[0][member.key] {
        // Such a key has marked the object.
        if ObjectAnnotation.flagKeys.contains(member.key), COCOObjects.flag(member.value) != nil { continue }
        problems.add(
          .ignoredElement,
          "\(record.file)\(part.place): \(member.key) is another than that of the first shape of its group, which is kept"
        )
      }
    }
    if let group = parts[0].group { object.extra["group_id"] = JSON(group) }
    return object
  }

  /// The set, with the classes in the order of their names' bytes and ids from 1.
  mutating func finish() -> AnnotationSet {
    set.setClasses(ofObjects: names)
    problems.add(AnnotationCheck.fileNames(of: set))
    return set
  }
}
