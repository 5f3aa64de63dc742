import ArgumentParser
import Documents
import Reporting
import Synthesis

/// `annotation-tool synthesize`.
struct Synthesize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate pictures of shapes with boxes, masks and label maps.",
    discussion: """
      Writes images/, masks/ (palette PNGs: 0 background, then the classes in order), annotations.json (COCO) and \
      classes.txt (background first). The same seed and size give the same bytes. Classes: \
      \(SyntheticDataset.classNames.joined(separator: ", ")).
      """)

  @Option(help: "How many images.")
  var count: Int

  @Option(help: "Decides what is drawn.")
  var seed: UInt64 = 1

  @Option(help: "Folder to write.")
  var output: String

  @Option(help: ArgumentHelp("Height and width of the images in pixels, 32 to 4096.", valueName: "HxW"))
  var size = ImageSize(height: 128, width: 128)

  @Flag(help: "Replace images/, masks/, annotations.json and classes.txt of a folder that is not empty.")
  var force = false

  @Flag(help: "Say what would be written; write nothing.")
  var dryRun = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func validate() throws {
    guard (1...999_999).contains(count) else { throw ValidationError("--count is \(count), not 1 to 999999") }
  }

  mutating func run() throws {
    if dryRun {
      if !json { Output.result("\(output): would hold \(count) images of \(size.height)x\(size.width)") }
      return report(objects: nil)
    }
    try Output.requireFree(output, force: force, source: "")
    let progress = Progress(total: count, label: "drawing", unit: "image")
    let summary = try SyntheticDataset.generate(
      count: count, seed: seed, height: size.height, width: size.width, to: output, isReplacing: force
    ) { progress.update(step: $0) }
    progress.finish()
    let classes = zip(SyntheticDataset.classNames, summary.objectsByClass).map { "\($0) \($1)" }
    report(objects: zip(SyntheticDataset.classNames, summary.objectsByClass).map { ($0, JSON($1)) })
    if json { return }
    Output.result("\(output): \(summary.images) images, \(summary.objects) objects: \(classes.joined(separator: ", "))")
  }

  /// The report as JSON, where it is asked for; `objects` are those of each class, once they are drawn.
  private func report(objects: [(String, JSON)]?) {
    guard json else { return }
    var report = JSONObject([
      ("output", JSON(output)), ("images", JSON(count)), ("height", JSON(size.height)), ("width", JSON(size.width)),
      ("seed", .number(String(seed))), ("written", .bool(!dryRun)),
    ])
    report["objectsByClass"] = objects.map { .object(JSONObject($0)) }
    Output.result(JSON.object(report).serialized(pretty: true))
  }
}

/// `HxW` on the command line, for example `96x128`.
struct ImageSize: ExpressibleByArgument {
  let height: Int
  let width: Int

  init(height: Int, width: Int) {
    (self.height, self.width) = (height, width)
  }

  init?(argument: String) {
    let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let height = sides[0], let width = sides[1], (32...4096).contains(height),
      (32...4096).contains(width)
    else { return nil }
    self.init(height: height, width: width)
  }

  var defaultValueDescription: String { "\(height)x\(width)" }
}

extension SynthesisError: InputFailure {}
