import Annotations
import ArgumentParser
import Documents

/// `annotation-tool dedupe`.
struct Dedupe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find images and objects that are there twice, exactly; with --output write labels without them.",
    discussion: """
      Images are the same where their files have the same bytes (SHA-256): the first stays, with the objects of all. Objects \
      are the same where they say the same but for their ids; those of one image, class and box that differ in something \
      else stay and are listed, and so are keys of an image that goes which the one that stays does not have so. Image files \
      are not touched.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptions

  @Flag(help: "Compare objects alone; image files are not read.")
  var objectsOnly = false

  @Option(help: "File or folder to write; without it the duplicates are only listed.")
  var output: String?

  @Option(help: "Form to write, where it is not that of the source.")
  var to: AnnotationFormat?

  @OptionGroup var flags: WritingFlags

  mutating func validate() throws {
    try LabelOutput.require(writable: to)
    if output == nil, to != nil || flags.allowLossy || flags.force {
      throw ValidationError("--to, --allow-lossy and --force want --output")
    }
  }

  mutating func run() throws {
    let labels = output.map {
      LabelOutput(sources: [source.source], path: $0, to: to, reading: source.reading, flags: flags)
    }
    try labels?.requireFree()
    var reading = try source.place.read(masks.choice)
    let read = ReadFiles([reading], others: [masks.classes])
    let found = try ExactDuplicates(in: reading.set, source: source.source, digests: try digests(of: reading))
    let changes = LabelChanges(lines: lines(found), members: members(found))
    if let labels {
      reading.set = found.set
      if reading.form == .masks { reading.set.uniteObjectsByClass() }
      try labels.write(reading, changes, read: read)
    } else if flags.json {
      let head: [(String, JSON)] = [
        ("source", JSON(source.source)), ("images", JSON(reading.set.images.count)),
        ("objects", JSON(reading.set.objects.count)),
      ]
      Output.result(JSON.object(JSONObject(head + changes.members)).serialized(pretty: true))
    } else {
      for line in changes.lines { Output.result(line) }
    }
  }

  private func digests(of reading: AnnotationReading) throws -> [Int: String] {
    if objectsOnly { return [:] }
    if let missing = reading.imagesNotAtHand {
      throw ToolFailure(
        description: "\(source.source): \(missing.count) of \(reading.set.images.count) image files are not at hand in "
          + "\(reading.imageFolder), such as \(missing.example); --images names the folder, --objects-only looks at none"
      )
    }
    return try hashing(reading.set.images.count) { try reading.imageDigests(report: $0) }
  }

  private func lines(_ found: ExactDuplicates) -> [String] {
    let twins = found.images.reduce(0) { $0 + $1.count - 1 }
    var lines = ["images that are there again: \(twins)"]
    lines += Self.listed(found.images.map { "  \($0.dropFirst().joined(separator: ", ")) as \($0[0])" })
    lines.append("objects that are there again: \(found.objects.count)")
    lines += Self.listed(found.objects.map { "  object \($0.dropped.id) as \($0.kept.id)" })
    if !found.similar.isEmpty {
      lines.append("objects with image, class and box of another that differ in something else: \(found.similar.count)")
      lines += Self.listed(found.similar.map { "  object \($0.second.id) and \($0.first.id)" })
    }
    if !found.lostKeys.isEmpty {
      lines.append("images whose other keys go with them: \(found.lostKeys.count)")
      lines += Self.listed(found.lostKeys.map { "  \($0.name): \($0.keys.joined(separator: ", "))" })
    }
    return lines
  }

  private static func listed(_ lines: [String]) -> [String] {
    lines.count > 20 ? lines.prefix(20) + ["  and \(lines.count - 20) more"] : lines
  }

  private func members(_ found: ExactDuplicates) -> [(String, JSON)] {
    func pairs(_ pairs: [(ObjectAnnotation, ObjectAnnotation)]) -> JSON {
      .array(pairs.map { [JSON($0.0.id), JSON($0.1.id)] })
    }
    return [
      ("duplicateImages", .array(found.images.map { .array($0.map { JSON($0) }) })),
      ("duplicateObjects", pairs(found.objects.map { ($0.kept, $0.dropped) })),
      ("similarObjects", pairs(found.similar.map { ($0.first, $0.second) })), ("lostKeys", found.lostKeys.json),
    ]
  }
}
