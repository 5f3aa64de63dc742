import Annotations
import ArgumentParser

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
  @OptionGroup(title: "Label maps") var masks: MaskOptions

  @Option(help: "Form to write: \(AnnotationFormat.writable.map(\.rawValue).joined(separator: ", ")).")
  var to: AnnotationFormat

  @Option(help: "File or folder to write.")
  var output: String

  @OptionGroup var flags: WritingFlags

  mutating func validate() throws {
    try LabelOutput.require(writable: to)
  }

  mutating func run() throws {
    let labels = LabelOutput(
      sources: [source.source], path: output, to: to, reading: source.reading, flags: flags)
    try labels.requireFree()
    let reading = try source.place.read(masks.choice)
    try labels.write(
      reading, LabelChanges(ids: .all, tellsReading: true), read: ReadFiles([reading], others: [masks.classes]))
  }
}
