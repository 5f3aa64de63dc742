import Annotations
import ArgumentParser

/// Where a verb that changes labels writes them.
struct TargetOptions: ParsableArguments {
  @Option(
    help:
      "Form to write, where it is not that of the source: \(AnnotationFormat.writable.map(\.rawValue).joined(separator: ", "))."
  )
  var to: AnnotationFormat?

  @Option(help: "File or folder to write.")
  var output: String

  mutating func validate() throws { try LabelOutput.require(writable: to) }

  /// What writes there.
  func output(
    _ sources: [String], _ reading: ReadingFlags, _ flags: WritingFlags
  ) -> LabelOutput {
    LabelOutput(sources: sources, path: output, to: to, reading: reading, flags: flags)
  }
}
