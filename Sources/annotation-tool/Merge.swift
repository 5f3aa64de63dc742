import Annotations
import ArgumentParser
import Documents

/// `annotation-tool merge`.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put several sources into one.",
    discussion: """
      Images and objects stand in the order of the sources; classes of one name are one class. Ids change only where they \
      clash. An image of the same file name in several sources is a conflict: it is listed, and nothing is written unless \
      --prefix tells the names apart or --on-conflict says what to do. Images are not copied.
      """)

  @Argument(help: ArgumentHelp("Two sources of labels or label maps or more, in any form.", valueName: "src"))
  var sources: [String]

  @OptionGroup var several: SeveralSources

  @Option(help: "What stands before the file names of a source: once for each source in their order, such as train/.")
  var prefix: [String] = []

  @Option(
    help:
      "Images of one name: refuse, first (the first source's, with its objects) or unite (the first's, with the objects of all and keys that it lacks)."
  )
  var onConflict = AnnotationMerge.ConflictRule.refuse

  @OptionGroup var target: TargetOptions
  @OptionGroup var flags: WritingFlags

  mutating func validate() throws {
    guard sources.count > 1 else { throw ValidationError("merge wants two sources or more") }
    try several.require(count: sources.count)
    guard prefix.isEmpty || prefix.count == sources.count else {
      throw ValidationError(
        "--prefix is given \(prefix.count) times for \(sources.count) sources; wanted is once for each")
    }
  }

  mutating func run() throws {
    let labels = target.output(sources, several.reading, flags)
    try labels.requireFree()
    var readings: [AnnotationReading] = []
    for (index, source) in sources.enumerated() {
      var one = try several.read(source, at: index)
      _ = try one.fillSizes(exif: several.reading.exif)
      readings.append(one)
    }
    let forms = Set(readings.map(\.form.rawValue)).sorted()
    guard forms.count == 1 || target.to != nil else {
      throw ToolFailure(
        description: "the sources have several forms (\(forms.joined(separator: ", "))); --to names that to write")
    }
    var merge = AnnotationMerge()
    (merge.prefixes, merge.rule) = (prefix, onConflict)
    let conflicts = merge.conflicts(of: readings)
    if onConflict == .refuse, !conflicts.isEmpty {
      for line in Self.lines(conflicts) { Output.message(line) }
      if flags.json { reportRefusal(conflicts, forms) }
      throw ToolFailure(
        description:
          "\(conflicts.count) images have the name of an image in another source (see above); --prefix tells "
          + "names apart, --on-conflict says what to do")
    }
    var (merged, changes) = try merge.merged(readings)
    // Label maps of classes have one object a class and image.
    if forms == [AnnotationFormat.masks.rawValue] { merged.set.uniteObjectsByClass() }
    try labels.write(
      merged, report(changes, readings), read: ReadFiles(readings, others: several.classes + [several.reading.labels]))
  }

  private static func lines(_ conflicts: [AnnotationMerge.Conflict]) -> [String] {
    let lines = conflicts.prefix(20).map { "conflict: \($0.fileName) is in \($0.sources.joined(separator: ", "))" }
    return conflicts.count > 20 ? lines + ["and \(conflicts.count - 20) conflicts more"] : lines
  }

  /// The report of sources that are not merged because of their images' names.
  private func reportRefusal(_ conflicts: [AnnotationMerge.Conflict], _ forms: [String]) {
    let report: JSON = [
      "source": .array(sources.map { JSON($0) }), "to": JSON(target.to?.rawValue ?? forms[0]),
      "output": JSON(target.output), "refused": true, "written": false,
      "changes": ["conflicts": Self.json(conflicts)],
    ]
    Output.result(report.serialized(pretty: true))
  }

  private static func json(_ conflicts: [AnnotationMerge.Conflict]) -> JSON {
    .array(conflicts.map { ["image": JSON($0.fileName), "sources": .array($0.sources.map { JSON($0) })] })
  }

  /// What file names of the merged labels are relative to, where that has changed or is more than one folder.
  private func folderNote(_ readings: [AnnotationReading]) -> String? {
    let folders = readings.map(\.imageFolder)
    guard Set(folders).count > 1 else { return nil }
    let listed = "the images lie in \(Set(folders).count) folders, \(Set(folders).sorted().joined(separator: ", "))"
    if prefix.isEmpty { return listed + "; names stay relative to each" }
    let roots = Set(
      zip(folders, prefix).map { folder, prefix -> String? in
        let root = Path.folder(of: folder)
        return prefix == Path.name(of: folder) + "/" ? root : nil
      })
    guard roots.count == 1, let root = roots.first ?? nil else {
      return listed + "; with their prefixes, names are where the images are to lie"
    }
    return "names are relative to \(root) now"
  }

  private func report(_ changes: AnnotationMerge.Changes, _ readings: [AnnotationReading]) -> LabelChanges {
    var lines = readings.map {
      "\($0.source): \($0.set.images.count) images, \($0.set.objects.count) objects, \($0.set.categories.count) classes"
    }
    let numbers = [
      (changes.renumberedImages, "images"), (changes.renumberedObjects, "objects"),
      (changes.renumberedClasses, "classes"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if !numbers.isEmpty { lines.append("other ids than in their source: \(numbers.joined(separator: ", "))") }
    lines += Self.lines(changes.conflicts)
    if changes.droppedObjects > 0 {
      lines.append("gone: \(changes.droppedObjects) objects of images that an earlier source has")
    }
    for note in changes.notes { Output.message("note: \(note)") }
    if let note = folderNote(readings) { Output.message("note: \(note)") }
    let report: JSON = [
      "renumbered": [
        "images": JSON(changes.renumberedImages), "objects": JSON(changes.renumberedObjects),
        "classes": JSON(changes.renumberedClasses),
      ],
      "conflicts": Self.json(changes.conflicts),
      "droppedObjects": JSON(changes.droppedObjects), "notes": .array(changes.notes.map { JSON($0) }),
    ]
    return LabelChanges(lines: lines, members: [("changes", report)])
  }
}

extension AnnotationMerge.ConflictRule: ExpressibleByArgument {}
