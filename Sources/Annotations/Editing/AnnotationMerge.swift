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
