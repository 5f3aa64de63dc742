import Annotations
import ArgumentParser
import Documents

/// The options of all verbs that write labels.
struct WritingFlags: ParsableArguments {
  @Flag(help: "Write although the form to write cannot hold everything.")
  var allowLossy = false

  @Flag(help: "Write over what exists.")
  var force = false

  @Flag(help: "Say what would be done and lost; write nothing.")
  var dryRun = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false
}

/// What a verb did to labels before they are written, for the report.
struct LabelChanges {
  /// Lines for the user.
  var lines: [String] = []
  /// The same in the JSON report.
  var members: [(String, JSON)] = []
  /// Whether the user asked for ids, so that a form without ids loses them even where the source has none.
  var setsIDs = false
}

/// Labels written in a form: what would be lost is listed, and refused where it is not allowed.
struct LabelOutput {
  /// What was read: for messages, and never written over.
  let sources: [String]
  /// The file or folder to write.
  let path: String
  /// The form to write; nil is that of the source.
  let to: AnnotationFormat?
  let base: VOCPixelBase
  var exif = ExifPolicy.apply
  let flags: WritingFlags

  /// Refuses a form that is read only.
  static func require(writable to: AnnotationFormat?) throws {
    if let to, !to.isWritable { throw ValidationError("--to \(to.rawValue): this form is read only") }
  }

  /// Refuses a place where something is, unless it may be written over, and the sources always.
  func requireFree() throws {
    if flags.dryRun { return }
    for source in sources { try Output.requireFree(path, force: flags.force, source: source) }
  }

  /// Writes the labels, or says what would be written, and reports.
  func write(_ reading: AnnotationReading, _ changes: LabelChanges = LabelChanges()) throws {
    var reading = reading
    let to = to ?? reading.form
    let source = sources.joined(separator: ", ")
    guard to.isWritable else {
      throw ToolFailure(description: "\(source): \(to.rawValue) is read only; --to names the form to write")
    }
    let filled = try reading.fillSizes(exif: exif)
    if filled > 0 { Output.message("note: the sizes of \(filled) images were read from their files") }
    let options = WritingOptions(base: base, imageFolder: reading.findsImages ? reading.imageFolder : nil)
    var losses = to.losses(of: reading.set, options: options)
    if !reading.form.hasIDs, !changes.setsIDs { losses.removeIDs(andOrder: !reading.set.listsClasses) }
    losses.add(unreadBy: reading.problems)
    let refused = !losses.isEmpty && !flags.allowLossy
    if refused, !flags.dryRun {
      for line in losses.lines { Output.message(line) }
      throw ToolFailure(
        description: "\(source): \(to.rawValue) cannot hold all of it (see above); --allow-lossy writes the rest")
    }
    if !flags.dryRun {
      if to.isFolder { try requireOwn(reading.set, to) } else { try Folder.create(Path.folder(of: path)) }
      try to.write(reading.set, to: path, options: options)
    }
    report(reading, to, losses, changes, refused: refused)
  }

  /// A folder that is written over must not keep annotations of other images.
  private func requireOwn(_ set: AnnotationSet, _ to: AnnotationFormat) throws {
    let others = try to.others(in: path, than: set)
    if let first = others.first {
      let more = others.count > 1 ? " and \(others.count - 1) more" : ""
      throw ToolFailure(description: "\(path): has annotations of other images (\(first)\(more)); give an empty folder")
    }
  }

  private func report(
    _ reading: AnnotationReading, _ to: AnnotationFormat, _ losses: ConversionLosses, _ changes: LabelChanges,
    refused: Bool
  ) {
    let set = reading.set
    if flags.json {
      let source: JSON = sources.count == 1 ? JSON(sources[0]) : .array(sources.map { JSON($0) })
      let members: [(String, JSON)] = [
        ("source", source), ("from", JSON(reading.form.rawValue)), ("to", JSON(to.rawValue)), ("output", JSON(path)),
        ("images", JSON(set.images.count)), ("objects", JSON(set.objects.count)),
        ("classes", JSON(set.categories.count)), ("losses", losses.json), ("refused", .bool(refused)),
        ("written", .bool(!flags.dryRun)),
      ]
      Output.result(JSON.object(JSONObject(members + changes.members)).serialized(pretty: true))
      return
    }
    let counts = "\(set.images.count) images, \(set.objects.count) objects, \(set.categories.count) classes"
    for line in losses.lines { Output.message("loss: \(line)") }
    for line in changes.lines { Output.result(line) }
    if flags.dryRun {
      Output.result("\(path): would hold \(counts)" + (refused ? "; refused without --allow-lossy" : ""))
    } else {
      Output.result("\(path): \(counts)")
    }
  }
}
