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
  /// Which ids the user asked for.
  enum IDs {
    case none, classes, all
  }

  /// Lines for the user.
  var lines: [String] = []
  /// The same in the JSON report.
  var members: [(String, JSON)] = []
  /// Ids that were asked for, so that a form without ids loses them even where the source has none.
  var ids = IDs.none
  /// Whether the report tells people how the labels were read, and their classes.
  var tellsReading = false
}

/// Labels written in a form: what would be lost is listed, and refused where it is not allowed.
struct LabelOutput {
  /// What was read: for messages, and never written over.
  let sources: [String]
  /// The file or folder to write.
  let path: String
  /// The form to write; nil is that of the source.
  let to: AnnotationFormat?
  /// What the numbers of the source mean: the form that is written means the same.
  let reading: ReadingFlags
  let flags: WritingFlags

  /// Refuses a form that is read only.
  static func require(writable to: AnnotationFormat?) throws {
    if let to, !to.isWritable { throw ValidationError("--to \(to.rawValue): this form is read only") }
  }

  private var place: OutputPlace {
    OutputPlace(path: path, sources: sources, force: flags.force, isDry: flags.dryRun)
  }

  /// Refuses a place where something is, unless it may be written over, and the sources always.
  func requireFree() throws { try place.requireFree() }

  /// Writes the labels, or says what would be written, and reports.
  ///
  /// - Parameter read: the files that were read, over which nothing is written.
  func write(_ labels: AnnotationReading, _ changes: LabelChanges = LabelChanges(), read: ReadFiles) throws {
    var labels = labels
    let to = to ?? labels.form
    let source = sources.joined(separator: ", ")
    guard to.isWritable else {
      throw ToolFailure(description: "\(source): \(to.rawValue) is read only; --to names the form to write")
    }
    // LabelMe's files belong beside the pictures.
    let refusals = try place.refusals(read, names: try names(of: to), besidePictures: to == .labelme)
    try labels.fillUnknownSizes(exif: reading.exif)
    let options = WritingOptions(
      base: reading.base, imageFolder: labels.findsImages ? labels.imageFolder : nil)
    var losses = labels.losses(in: to, options: options)
    if !labels.form.hasIDs, changes.ids != .all {
      losses.removeIDs(andOrder: !labels.set.listsClasses, classes: changes.ids == .none)
    }
    let report = LabelReport(
      output: self, reading: labels, to: to, losses: losses, changes: changes, refusals: refusals)
    if report.isRefused, !flags.dryRun {
      for line in losses.lines { Output.message(line) }
      if flags.json { report.printJSON() }
      throw ToolFailure(
        description: "\(source): \(to.rawValue) cannot hold all of it (see above); --allow-lossy writes the rest")
    }
    if !flags.dryRun {
      if to.isFolder { try requireOwn(labels.set, to) } else { try Folder.create(Path.folder(of: path)) }
      try to.write(labels.set, to: path, options: options)
    }
    if flags.json { report.printJSON() } else { report.printText() }
  }

  /// The files of a folder that a form writes over, as far as they are there.
  private func names(of to: AnnotationFormat) throws -> [String] {
    guard to.isFolder, Folder.exists(path) else { return [] }
    // All labels of the form that lie there: what is no image's that is written is refused later.
    return try to.others(in: path, than: AnnotationSet()) + [
      "classes.txt", "data.yaml", "obj.names", "obj.data", "train.txt", "ImageSets/Main/all.txt",
      "ImageSets/Segmentation/all.txt",
    ]
  }

  /// A folder that is written over must not keep annotations of other images.
  private func requireOwn(_ set: AnnotationSet, _ to: AnnotationFormat) throws {
    let others = try to.others(in: path, than: set)
    if let first = others.first {
      let more = others.count > 1 ? " and \(others.count - 1) more" : ""
      throw ToolFailure(description: "\(path): has annotations of other images (\(first)\(more)); give an empty folder")
    }
  }
}

extension AnnotationReading {
  /// Fills in the sizes that the labels do not give, which is told.
  mutating func fillUnknownSizes(exif: ExifPolicy) throws {
    let filled = try fillSizes(exif: exif)
    if filled > 0 { Output.message("note: the sizes of \(filled) images were read from their files") }
  }

  /// What is lost where the labels are written in a form, with what their reader had no place for.
  func losses(in form: AnnotationFormat, options: WritingOptions = WritingOptions()) -> ConversionLosses {
    var losses = form.losses(of: set, options: options)
    losses.add(unreadBy: problems)
    return losses
  }
}
