import Annotations
import ArgumentParser
import Documents

/// `annotation-tool convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write labels in another form; refuse to lose anything silently.",
    discussion: """
      The form of SRC is found by what lies there; where nothing or several things speak for a form, that is said and --from \
      decides. What the target cannot hold is listed by codes (docs/formats.md has them all) and refused without --allow-lossy. \
      Images are not copied. The same input gives the same bytes.
      """)

  @OptionGroup var source: SourceOptions

  @Option(help: "Form to write: \(AnnotationFormat.writable.map(\.rawValue).joined(separator: ", ")).")
  var to: AnnotationFormat

  @Option(help: "File or folder to write.")
  var output: String

  @Flag(help: "Write although the target form cannot hold everything.")
  var allowLossy = false

  @Flag(help: "Write over what exists.")
  var force = false

  @Flag(help: "Say what would be done and lost; write nothing.")
  var dryRun = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func validate() throws {
    guard to.isWritable else { throw ValidationError("--to \(to.rawValue): this form is read only") }
  }

  mutating func run() throws {
    if source.from == nil, !AnnotationSource.looksLikeLabels(source.source),
      SegmentationSource.looksLikeMasks(source.source, images: source.images)
    {
      throw ToolFailure(
        description:
          "\(source.source): has label maps, which convert does not read; validate, stats, draw and split take "
          + "them as they are, and so do seg-train and `evaluate segmentation`")
    }
    if !dryRun { try Output.requireFree(output, force: force, source: source.source) }
    var reading = try source.read(boxesOnly: false)
    // Forms that say no sizes need none; others take them from the files.
    let filled = try reading.fillSizes(exif: source.exif)
    if filled > 0 { Output.message("note: the sizes of \(filled) images were read from their files") }
    var losses = to.losses(of: reading.set, options: WritingOptions(base: source.base))
    losses.add(unreadBy: reading.problems)
    let refused = !losses.isEmpty && !allowLossy
    if refused, !dryRun {
      for line in losses.lines { Output.message(line) }
      throw ToolFailure(
        description: "\(source.source): \(to.rawValue) cannot hold all of it (see above); --allow-lossy writes the rest"
      )
    }
    if !dryRun {
      if to.isFolder { try requireOwn(reading.set) } else { try Folder.create(Path.folder(of: output)) }
      try to.write(
        reading.set, to: output,
        options: WritingOptions(base: source.base, imageFolder: reading.findsImages ? reading.imageFolder : nil))
    }
    report(reading, losses, refused: refused)
  }

  /// A folder that is written over must not keep annotations of other images.
  private func requireOwn(_ set: AnnotationSet) throws {
    let others = try to.others(in: output, than: set)
    if let first = others.first {
      let more = others.count > 1 ? " and \(others.count - 1) more" : ""
      throw ToolFailure(
        description: "\(output): has annotations of other images (\(first)\(more)); give an empty folder")
    }
  }

  private func report(_ reading: AnnotationReading, _ losses: ConversionLosses, refused: Bool) {
    let set = reading.set
    if json {
      let report: JSON = [
        "source": JSON(source.source), "from": JSON(reading.form.rawValue), "to": JSON(to.rawValue),
        "output": JSON(output), "images": JSON(set.images.count), "objects": JSON(set.objects.count),
        "classes": JSON(set.categories.count), "losses": losses.json, "refused": .bool(refused),
        "written": .bool(!dryRun),
      ]
      Output.result(report.serialized(pretty: true))
      return
    }
    let counts = "\(set.images.count) images, \(set.objects.count) objects, \(set.categories.count) classes"
    for line in losses.lines { Output.message("loss: \(line)") }
    if dryRun {
      Output.result("\(output): would hold \(counts)" + (refused ? "; refused without --allow-lossy" : ""))
    } else {
      Output.result("\(output): \(counts)")
    }
  }
}
