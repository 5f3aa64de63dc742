import Annotations
import ArgumentParser
import Documents
import Imaging
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The program `annotation-tool`: labels converted, checked, changed, compared, counted and drawn.
struct AnnotationTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotation-tool",
    abstract: "Convert, check, change, compare, count and draw labels of images.",
    discussion: """
      SRC is a file or folder of labels (COCO, VOC, YOLO, LabelMe, Create ML, CVAT …; `annotation-tool formats` lists the \
      forms), or label maps: a folder with images and masks, or a list of `image mask`. validate, split, stats and draw take \
      label maps as they are; convert, filter, remap, merge, sample, diff and dedupe as objects with masks, one for each class \
      of an image where they do not tell objects apart. No verb changes what it reads.
      """,
    subcommands: [
      Convert.self, Validate.self, Stats.self, Draw.self, Split.self, Filter.self, Remap.self, Merge.self, Sample.self,
      Diff.self, Dedupe.self, Verify.self, Synthesize.self, Formats.self, ReadLabels.self,
    ])
}

@main
enum Program {
  static func main() {
    UnfinishedPlaces.removeWhenStopped { Output.message("error: stopped; what was not finished is removed") }
    do {
      var command = try AnnotationTool.parseAsRoot()
      try command.run()
      try StandardOutput.finish()
    } catch let error as any InputFailure {
      Output.message("error: \(error)")
      exit(1)
    } catch {
      AnnotationTool.exit(withError: error)
    }
  }
}

/// Failures of the user's input and files: one `error:` on standard error and exit code 1. All others are the command
/// line's.
protocol InputFailure: Error, CustomStringConvertible {}

extension AnnotationError: InputFailure {}
extension DocumentError: InputFailure {}
extension ImagingError: InputFailure {}

/// A failure that the program itself finds.
struct ToolFailure: InputFailure {
  let description: String
}

/// Where the program writes to.
enum Output {
  /// A message to the user, on standard error.
  static func message(_ text: String) { Console.standardError.print(text) }

  /// A result, on standard output.
  static func result(_ text: String) { print(text) }
}
