import Annotations
import ArgumentParser

/// `annotation-tool convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write labels in another form; refuse to lose anything silently.",
    discussion: "Images are not copied. The same input gives the same bytes.")

  @OptionGroup var source: SourceOptions

  @Option(help: "Form to write: \(AnnotationFormat.writable.map(\.rawValue).joined(separator: ", ")).")
  var to: AnnotationFormat

  @Option(help: "File or folder to write.")
  var output: String

  @Option(help: "Form of the source, where it shall not be found out.")
  var from: AnnotationFormat?

  @OptionGroup var flags: WritingFlags

  mutating func validate() throws {
    try LabelOutput.require(writable: to)
  }

  mutating func run() throws {
    if from == nil, !AnnotationSource.looksLikeLabels(source.source),
      SegmentationSource.looksLikeMasks(source.source, images: source.images)
    {
      throw ToolFailure(
        description:
          "\(source.source): has label maps, which convert does not read; validate, stats, draw and split take "
          + "them as they are, and so do seg-train and `evaluate segmentation`")
    }
    let labels = LabelOutput(sources: [source.source], path: output, to: to, base: source.base, flags: flags)
    try labels.requireFree()
    try labels.write(try source.read(form: from), LabelChanges(setsIDs: true))
  }
}
