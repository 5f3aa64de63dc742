import Documents

/// Several sets as one: images and objects in the order of the sources, classes united by name.
public struct AnnotationMerge: Sendable {
  /// What is done where several sources have an image of the same file name.
  public enum ConflictRule: String, Sendable, CaseIterable {
    /// Nothing is merged.
    case refuse
    /// The image of the first source stays, with its objects.
    case first
    /// The image of the first source stays, with the objects of all and the keys that it lacks.
    case unite
  }

  /// An image that several sources have.
  public struct Conflict: Sendable, Equatable {
    /// The file name.
    public let fileName: String
    /// The sources, in their order.
    public var sources: [String]
  }

  /// What was done beside putting one behind the other.
  public struct Changes: Sendable, Equatable {
    /// The images that several sources have.
    public var conflicts: [Conflict] = []
    /// How many images, objects and classes have another id than in their source.
    public var renumberedImages = 0, renumberedObjects = 0, renumberedClasses = 0
    /// How many objects went with images that stay in their first source alone.
    public var droppedObjects = 0
    /// What could not be kept of sources after the first.
    public var notes: [String] = []
  }

  /// What stands before the file names of each source; none, or one a source.
  public var prefixes: [String] = []
  /// What is done about images of the same name.
  public var rule = ConflictRule.refuse

  /// A merge without prefixes that refuses conflicts.
  public init() {}

  /// The labels of all sources. An id changes only where it clashes: the image, object or class of the later source gets the
  /// smallest number from 1 on that no source uses.
  ///
  /// - Throws: For conflicts that are refused (``conflicts(of:)`` lists them); for images of one name and different sizes that are to be
  ///   united.
  /// - Precondition: There is a source, and no prefix or one for each.
  public func merged(_ readings: [AnnotationReading]) throws(AnnotationError) -> (AnnotationReading, Changes) {
    let conflicts = conflicts(of: readings)
    if rule == .refuse, let first = conflicts.first {
      let more = conflicts.count > 1 ? " and \(conflicts.count - 1) more" : ""
      throw .content(
        place: first.sources.joined(separator: ", "), reason: "have an image of the same name: \(first.fileName)\(more)"
      )
    }
    var assembly = MergeAssembly(readings, unites: rule == .unite)
    for (place, reading) in readings.enumerated() { try assembly.add(reading, prefix: prefix(of: place)) }
    assembly.changes.conflicts = conflicts
    return (assembly.reading(of: readings), assembly.changes)
  }

  /// The images that several sources have, in the order in which they are met.
  ///
  /// - Precondition: There is no prefix, or one for each source.
  public func conflicts(of readings: [AnnotationReading]) -> [Conflict] {
    precondition(prefixes.isEmpty || prefixes.count == readings.count, "\(prefixes.count) prefixes")
    var sources: [ExactName: [String]] = [:]
    var names: [ExactName] = []
    for (place, reading) in readings.enumerated() {
      for image in reading.set.images {
        let name = ExactName(prefix(of: place) + image.fileName)
        sources[name, default: []].append(reading.source)
        if sources[name]?.count == 2 { names.append(name) }
      }
    }
    return names.map { Conflict(fileName: $0.text, sources: sources[$0] ?? []) }
  }

  private func prefix(of place: Int) -> String { prefixes.isEmpty ? "" : prefixes[place] }
}

/// What is put together of several sources so far.
private struct MergeAssembly {
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

/// Numbers that are taken once.
private struct FreeNumbers {
  private let reserved: Set<Int>
  private var taken: Set<Int> = []
  private var next = 1

  init(reserved: [[Int]]) { self.reserved = Set(reserved.joined()) }

  /// The number itself, or where it is taken the smallest from 1 on that nobody has.
  mutating func take(_ number: Int) -> Int {
    if taken.insert(number).inserted { return number }
    while reserved.contains(next) || taken.contains(next) { next += 1 }
    taken.insert(next)
    return next
  }
}
