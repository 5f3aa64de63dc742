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
      copied. Of label maps the class background is what no object covers: it keeps its name, and a class is united with it by \
      dropping it.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptions

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

  @OptionGroup var pixels: GonePixels
  @OptionGroup var target: TargetOptions
  @OptionGroup var flags: WritingFlags

  mutating func validate() throws {
    if mapping == nil, rename.isEmpty, drop.isEmpty, numberFrom == nil {
      throw ValidationError("nothing to do: give --mapping, --rename, --drop or --number-from")
    }
    if dropOthers, mapping == nil, rename.isEmpty {
      throw ValidationError("--drop-others wants --mapping or --rename, which say what stays")
    }
    _ = try rules()
  }

  mutating func run() throws {
    let labels = target.output([source.source], source.reading, flags)
    try labels.requireFree()
    var map = ClassMapping()
    map.dropsOthers = dropOthers
    if let mapping { try map.add(file: mapping) }
    for rule in try rules() { try map.add(rule) }
    if numberFrom != nil, map.setsIDs {
      throw ValidationError("--number-from and ids in \(mapping ?? "") exclude each other")
    }
    map.firstID = numberFrom
    var reading = try source.place.read(masks.choice)
    let read = ReadFiles([reading], others: [masks.classes, mapping])
    let before = reading.set
    let (set, changes) = try map.applied(to: before, source: source.source)
    reading.set = set
    // Label maps of classes have one object a class and image, also where classes were united.
    if reading.form == .masks { reading.set.uniteObjectsByClass() }
    let gone = pixels.apply(to: &reading, before: before, isGone: { !map.keeps(before.className(of: $0)) })
    try labels.write(reading, self.changes(changes, gone, setsIDs: map.setsIDs), read: read)
  }

  /// What --rename and --drop say.
  private func rules() throws -> [ClassMapping.Rule] {
    var map = ClassMapping()
    var rules: [ClassMapping.Rule] = []
    for text in rename {
      guard let rule = try? ClassMapping.rule(parsing: text, place: "--rename") else {
        let advice = text.isEmpty || text.contains("=") ? "" : "; --drop \(text) drops the class"
        throw ValidationError("--rename \(text) is not OLD=NEW\(advice)")
      }
      guard rule.new != nil else {
        throw ValidationError("--rename \(text) has no new name; --drop \(rule.old) drops the class")
      }
      rules.append(rule)
    }
    for name in drop {
      guard !name.isEmpty else { throw ValidationError("--drop names no class") }
      rules.append(ClassMapping.Rule(old: name, new: nil, place: "--drop"))
    }
    do { for rule in rules { try map.add(rule) } } catch { throw ValidationError("\(error)") }
    return rules
  }

  private func changes(
    _ changes: ClassMapping.Changes, _ gone: (line: String, json: JSON)?, setsIDs: Bool
  ) -> LabelChanges {
    var lines = changes.renamed.map { "\($0.old) is now \($0.new)" }
    lines += changes.united.map { "\($0.new) unites \($0.old.joined(separator: ", "))" }
    lines += changes.renumbered.map { "\($0.name) has the id \($0.new), not \($0.old)" }
    if !changes.dropped.isEmpty {
      lines.append("gone: \(changes.dropped.joined(separator: ", ")) with \(changes.droppedObjects) objects")
    }
    lines += changes.lostKeys.map { "other keys of \($0.name) are not kept: \($0.keys.joined(separator: ", "))" }
    if let gone { lines.append(gone.line) }
    var report = JSONObject([
      ("renamed", .array(changes.renamed.map { ["old": JSON($0.old), "new": JSON($0.new)] })),
      ("united", .array(changes.united.map { ["new": JSON($0.new), "old": .array($0.old.map { JSON($0) })] })),
      (
        "renumbered",
        .array(changes.renumbered.map { ["name": JSON($0.name), "old": JSON($0.old), "new": JSON($0.new)] })
      ), ("dropped", .array(changes.dropped.map { JSON($0) })), ("droppedObjects", JSON(changes.droppedObjects)),
      ("lostKeys", changes.lostKeys.json),
    ])
    report["pixels"] = gone?.json
    return LabelChanges(lines: lines, members: [("changes", .object(report))], ids: setsIDs ? .classes : .none)
  }
}
