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

      With --annotations-only it writes annotations.json alone, in the shape of COCO's own files: polygons of 24 points, \
      crowds as run lengths, images of 480x640. It is for measuring: --count 118287 is as large as COCO's train2017.
      """)

  @Option(help: "How many images.")
  var count: Int

  @Option(help: "Decides what is drawn.")
  var seed: UInt64 = 1

  @Option(help: "Folder to write.")
  var output: String

  @Option(
    name: .customLong("size"),
    help: ArgumentHelp(
      "Height and width of the images in pixels, 32 to 4096. (default: 128x128, with --annotations-only 480x640)",
      valueName: "HxW"))
  var givenSize: ImageSize?

  @Flag(help: "No pictures: one file of labels, of any size.")
  var annotationsOnly = false

  @Option(help: "With --annotations-only: how many objects. (default: COCO's mean, 7.27 an image)")
  var objects: Int?

  @Option(help: "With --annotations-only: how many classes. (default: 80)")
  var classes: Int?

  @Flag(help: "Replace images/, masks/, annotations.json and classes.txt of a folder that is not empty.")
  var force = false

  @Flag(help: "Say what would be written; write nothing.")
  var dryRun = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func validate() throws {
    guard (1...999_999).contains(count) else { throw ValidationError("--count is \(count), not 1 to 999999") }
    guard annotationsOnly || objects == nil && classes == nil else {
      throw ValidationError("--objects and --classes belong to --annotations-only")
    }
    guard (0...2000 * count).contains(objects ?? 0) else {
      throw ValidationError("--objects is \(objects ?? 0), not 0 to 2000 for each image")
    }
    guard (1...100_000).contains(classes ?? 1) else {
      throw ValidationError("--classes is \(classes ?? 0), not 1 to 100000")
    }
  }

  private var size: ImageSize {
    givenSize ?? (annotationsOnly ? ImageSize(height: 480, width: 640) : ImageSize(height: 128, width: 128))
  }

  mutating func run() throws {
    let refusals = try OutputPlace(path: output, sources: [], force: force, isDry: dryRun).refusals(ReadFiles())
    if dryRun {
      if !json { Output.result("\(output): would hold \(count) images of \(size.height)x\(size.width)") }
      if !json { Output.refusals(refusals) }
      return report(objects: nil, refusals)
    }
    if annotationsOnly { return try writeAnnotations() }
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

  private func writeAnnotations() throws {
    let plan = SyntheticAnnotations.Plan(
      images: count, objects: objects, classes: classes ?? 80, seed: seed, height: size.height, width: size.width)
    let progress = Progress(total: count, label: "writing", unit: "image")
    let found = try SyntheticAnnotations.generate(plan, to: output, isReplacing: force) { progress.update(step: $0) }
    progress.finish()
    report(objects: found.enumerated().map { (SyntheticAnnotations.className($0), JSON($1)) })
    if json { return }
    Output.result("\(output): \(plan.images) images, \(plan.objects) objects of \(plan.classes) classes")
  }

  /// The report as JSON, where it is asked for; `objects` are those of each class, once they are drawn.
  private func report(objects: [(String, JSON)]?, _ refusals: [String] = []) {
    guard json else { return }
    var report = JSONObject([
      ("output", JSON(output)), ("images", JSON(count)), ("height", JSON(size.height)), ("width", JSON(size.width)),
      ("seed", .number(String(seed))), ("refusals", .array(refusals.map { JSON($0) })), ("written", .bool(!dryRun)),
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
