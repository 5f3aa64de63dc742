import Annotations
import ArgumentParser
import Documents

/// `annotation-tool remap`.
struct Remap: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rename, unite, drop or number classes.",
    discussion: """
      A mapping file has lines `old = new`, or `old =` to drop a class with its objects; a .csv file has rows old,new or \
      old,new,id, where an empty new drops. Several old classes with one new name become one. Images stay. Images are not \
      copied.
      """)

  @OptionGroup var source: SourceOptions

  @Option(help: ArgumentHelp("File of what becomes of the classes.", valueName: "FILE"))
  var mapping: String?

  @Option(help: ArgumentHelp("Rename a class, or unite it with NEW; may be given several times.", valueName: "OLD=NEW"))
  var rename: [String] = []

  @Option(help: ArgumentHelp("Drop a class with its objects; may be given several times.", valueName: "NAME"))
  var drop: [String] = []

  @Flag(help: "Drop classes of which nothing is said.")
  var dropOthers = false

  @Option(help: ArgumentHelp("Number the classes from N on in their order.", valueName: "N"))
  var numberFrom: Int?

  @OptionGroup var target: TargetOptions
  @OptionGroup var flags: WritingFlags

  mutating func validate() throws {
    if mapping == nil, rename.isEmpty, drop.isEmpty, numberFrom == nil {
      throw ValidationError("nothing to do: give --mapping, --rename, --drop or --number-from")
    }
    if dropOthers, mapping == nil, rename.isEmpty {
      throw ValidationError("--drop-others wants --mapping or --rename, which say what stays")
    }
  }

  mutating func run() throws {
    let labels = target.output([source.source], base: source.base, exif: source.exif, flags)
    try labels.requireFree()
    var map = ClassMapping()
    map.dropsOthers = dropOthers
    if let mapping { try map.add(file: mapping) }
    for text in rename {
      let rule = try ClassMapping.rule(parsing: text, place: "--rename")
      guard rule.new != nil else { throw ValidationError("--rename \(text) has no new name; --drop drops a class") }
      try map.add(rule)
    }
    for name in drop { try map.add(.init(old: name, new: nil, place: "--drop")) }
    if numberFrom != nil, map.setsIDs {
      throw ValidationError("--number-from and ids in \(mapping ?? "") exclude each other")
    }
    map.firstID = numberFrom
    var reading = try source.read(for: "remap")
    let (set, changes) = try map.applied(to: reading.set, source: source.source)
    reading.set = set
    try labels.write(reading, self.changes(changes, setsIDs: map.setsIDs))
  }

  private func changes(_ changes: ClassMapping.Changes, setsIDs: Bool) -> LabelChanges {
    var lines = changes.renamed.map { "\($0.old) is now \($0.new)" }
    lines += changes.united.map { "\($0.new) unites \($0.old.joined(separator: ", "))" }
    lines += changes.renumbered.map { "\($0.name) has the id \($0.new), not \($0.old)" }
    if !changes.dropped.isEmpty {
      lines.append("gone: \(changes.dropped.joined(separator: ", ")) with \(changes.droppedObjects) objects")
    }
    let report: JSON = [
      "renamed": .array(changes.renamed.map { ["old": JSON($0.old), "new": JSON($0.new)] }),
      "united": .array(changes.united.map { ["new": JSON($0.new), "old": .array($0.old.map { JSON($0) })] }),
      "renumbered": .array(
        changes.renumbered.map { ["name": JSON($0.name), "old": JSON($0.old), "new": JSON($0.new)] }),
      "dropped": .array(changes.dropped.map { JSON($0) }), "droppedObjects": JSON(changes.droppedObjects),
    ]
    return LabelChanges(lines: lines, members: [("changes", report)], setsIDs: setsIDs)
  }
}
