import Documents

/// What is put together of several sources so far.
struct MergeAssembly {
  private var set = AnnotationSet(listsClasses: false)
  /// Whether objects of an image that an earlier source has stay.
  private let unites: Bool
  private var problems = AnnotationProblems()
  var changes = AnnotationMerge.Changes()
  private var imageIDs, objectIDs, classIDs: FreeNumbers
  /// The place of each image and class by its name.
  private var images: [ExactName: Int] = [:]
  private var classes: [String: Int] = [:]
  /// The source of each image.
  private var origins: [String] = []

  init(_ readings: [AnnotationReading], unites: Bool) {
    self.unites = unites
    imageIDs = FreeNumbers(reserved: readings.map { $0.set.images.map(\.id) })
    objectIDs = FreeNumbers(reserved: readings.map { $0.set.objects.map(\.id) })
    classIDs = FreeNumbers(reserved: readings.map { $0.set.categories.map(\.id) })
  }

  mutating func add(_ reading: AnnotationReading, prefix: String) throws(AnnotationError) {
    problems.add(reading.problems)
    set.listsClasses = set.listsClasses || reading.set.listsClasses
    addKeys(of: reading)
    let newClasses = addClasses(of: reading)
    let (newImages, dropped) = try addImages(of: reading, prefix: prefix)
    for object in reading.set.objects {
      if dropped.contains(object.imageID) {
        changes.droppedObjects += 1
        continue
      }
      var added = object
      added.id = objectIDs.take(object.id)
      added.imageID = newImages[object.imageID] ?? object.imageID
      added.categoryID = newClasses[object.categoryID] ?? object.categoryID
      if added.id != object.id { changes.renumberedObjects += 1 }
      set.objects.append(added)
    }
  }

  func reading(of readings: [AnnotationReading]) -> AnnotationReading {
    // Names of several folders are relative to no folder in common.
    let folders = Set(readings.map { Path.resolved($0.imageFolder) ?? $0.imageFolder })
    return AnnotationReading(
      source: readings[0].source, form: readings.first { $0.form.hasIDs }?.form ?? readings[0].form, set: set,
      problems: problems,
      imageFolder: folders.count == 1 ? readings[0].imageFolder : "")
  }

  private mutating func addKeys(of reading: AnnotationReading) {
    for member in reading.set.extra.members {
      guard let other = set.extra[member.key] else {
        set.extra[member.key] = member.value
        continue
      }
      if other.hasSameValue(as: member.value) { continue }
      var note = "\(member.key) of \(reading.source) is another than that of a source before it, which is kept"
      let licensed = reading.set.images.count { $0.extra["license"] != nil }
      if member.key == "licenses", licensed > 0 {
        note += ": `license` of \(licensed) images of \(reading.source) points to a licence of that source now"
      }
      changes.notes.append(note)
    }
  }

  private mutating func addClasses(of reading: AnnotationReading) -> [Int: Int] {
    var ids: [Int: Int] = [:]
    for category in reading.set.categories {
      if let place = classes[category.name] {
        let kept = set.categories[place]
        ids[category.id] = kept.id
        if !category.keysLost(in: kept).isEmpty {
          changes.notes.append(
            "the class \(category.name) of \(reading.source) differs in other keys, which are not kept")
        }
        if kept.id != category.id { changes.renumberedClasses += 1 }
        continue
      }
      var added = category
      added.id = classIDs.take(category.id)
      if added.id != category.id { changes.renumberedClasses += 1 }
      ids[category.id] = added.id
      classes[category.name] = set.categories.count
      set.categories.append(added)
    }
    return ids
  }

  /// The new ids of the images, and the old ids of those that are dropped.
  private mutating func addImages(
    of reading: AnnotationReading, prefix: String
  ) throws(AnnotationError) -> (ids: [Int: Int], dropped: Set<Int>) {
    var (ids, dropped): ([Int: Int], Set<Int>) = ([:], [])
    var otherKeys: [String] = []
    for image in reading.set.images {
      let name = prefix + image.fileName
      guard Path.staysInside(name) else {
        throw .content(place: reading.source, reason: "the file name \"\(name)\" leads out of the folder")
      }
      if let place = images[ExactName(name)] {
        ids[image.id] = set.images[place].id
        if unites {
          otherKeys += try unite(image, with: place, reading).map { "\($0) of \(image.fileName)" }
        } else {
          dropped.insert(image.id)
        }
        continue
      }
      var added = image
      added.fileName = name
      added.id = imageIDs.take(image.id)
      if added.id != image.id { changes.renumberedImages += 1 }
      ids[image.id] = added.id
      images[ExactName(name)] = set.images.count
      set.images.append(added)
      origins.append(reading.source)
    }
    if let first = otherKeys.first {
      let more = otherKeys.count > 1 ? "; so are \(otherKeys.count - 1) more keys of its images" : ""
      changes.notes.append(
        "\(first) in \(reading.source) is another than that of a source before it, which is kept\(more)")
    }
    return (ids, dropped)
  }

  /// Gives the image at a place what it lacks of another; gives the keys under which it says something else.
  private mutating func unite(
    _ image: ImageRecord, with place: Int, _ reading: AnnotationReading
  ) throws(AnnotationError) -> [String] {
    let kept = set.images[place]
    defer { if let ignored = image.ignored { set.images[place].addIgnored([ignored]) } }
    if kept.width == 0 || kept.height == 0 {
      (set.images[place].height, set.images[place].width) = (image.height, image.width)
    } else if image.width > 0, image.height > 0, (kept.height, kept.width) != (image.height, image.width) {
      throw .content(
        place: "\(reading.source): \(image.fileName)",
        reason: "is \(image.width)×\(image.height), in \(origins[place]) \(kept.width)×\(kept.height): other images")
    }
    let lacking = image.keysLost(in: kept).filter { kept.extra[$0] == nil }
    for key in lacking { set.images[place].extra[key] = image.extra[key] }
    return image.keysLost(in: set.images[place])
  }
}
