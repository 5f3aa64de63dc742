import Annotations
import ArgumentParser
import Documents
import Imaging

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
      forms). For validate, split, stats and draw it may also be label maps: a folder with images and masks, or a list of \
      `image mask`.
      """,
    subcommands: [
      Convert.self, Validate.self, Stats.self, Draw.self, Split.self, Filter.self, Remap.self, Merge.self, Sample.self,
      Diff.self, Dedupe.self, Verify.self, Synthesize.self, Formats.self, ReadLabels.self,
    ])
}

@main
enum Program {
  static func main() {
    do {
      var command = try AnnotationTool.parseAsRoot()
      try command.run()
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
  static func message(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { write(2, $0.baseAddress.map { $0 + sent }, bytes.count - sent) }
      if count <= 0 { return }
      sent += count
    }
  }

  /// A result, on standard output.
  static func result(_ text: String) { print(text) }

  /// Refuses a place where something is, unless `force`, and the source itself always.
  static func requireFree(_ path: String, force: Bool, source: String) throws {
    if let place = Path.resolved(path), let origin = Path.resolved(source), place == origin {
      throw ToolFailure(description: "\(path): is the source itself, which is never changed")
    }
    guard !force, Folder.hasAnything(at: path) else { return }
    if Folder.exists(path), try Folder.names(in: path).isEmpty { return }
    throw ToolFailure(description: "\(path): exists; --force writes over it")
  }
}
