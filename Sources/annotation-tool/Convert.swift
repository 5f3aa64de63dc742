import Annotations
import ArgumentParser
import Documents

/// `annotation-tool convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write labels in another form; refuse to lose anything silently.",
    discussion: "Images are not copied. The same input gives the same bytes.")

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptions

  @Option(help: "Form to write: \(AnnotationFormat.writable.map(\.rawValue).joined(separator: ", ")).")
  var to: AnnotationFormat

  @Option(help: "File or folder to write.")
  var output: String

  @Option(help: "Form of the source, where it shall not be found out.")
  var from: AnnotationFormat?

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
    if !dryRun { try Output.requireFree(output, force: force, source: source.source) }
    var reading = try source.read(form: from ?? masks.form(of: source), labelMaps: masks.options())
    let filled = try reading.fillSizes()
    if filled > 0 { Output.message("note: the sizes of \(filled) images were read from their files") }
    let options = WritingOptions(base: source.base, imageFolder: reading.findsImages ? reading.imageFolder : nil)
    var losses = to.losses(of: reading.set, options: options)
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
      try to.write(reading.set, to: output, options: options)
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
