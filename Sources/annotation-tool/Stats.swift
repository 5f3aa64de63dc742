import Annotations
import ArgumentParser
import Documents

/// `annotation-tool stats`.
struct Stats: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count images, objects, classes and sizes; of label maps the pixels of each class.",
    discussion: """
      With --html also as a page with plots, a map of where boxes lie, and drawn samples where the images are at hand; --json has \
      the same figures.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptions

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  @Option(help: ArgumentHelp("Write all figures as one web page that needs nothing beside it.", valueName: "FILE"))
  var html: String?

  @Flag(help: "Write over what exists.")
  var force = false

  @Flag(help: "With --html: say what would be written; write nothing.")
  var dryRun = false

  private var place: OutputPlace? {
    html.map { OutputPlace(path: $0, sources: [source.source], force: force, isDry: dryRun) }
  }

  mutating func run() throws {
    try place?.requireFree()
    if let reading = try masks.choice.read(source.place) { return try count(reading) }
    let reading = try source.place.read()
    let statistics = AnnotationStatistics(of: reading.set)
    try write(ReadFiles([reading])) { StatsPage(reading, statistics) }
    if json {
      Output.result(statistics.json.serialized(pretty: true))
    } else {
      for line in statistics.lines { Output.result(line) }
    }
  }

  private func count(_ reading: SegmentationReading) throws {
    let statistics = masks.choice.statistics(of: reading)
    for line in statistics.problems.lines(.error) { Output.message("left out: \(line)") }
    guard statistics.images > 0 else { throw ToolFailure(description: "\(source.source): no label map can be used") }
    try write(ReadFiles(maps: [reading], others: [masks.classes])) { StatsPage(reading, statistics) }
    if json {
      Output.result(statistics.json.serialized(pretty: true))
    } else {
      for line in statistics.lines { Output.result(line) }
    }
  }

  private func write(_ read: ReadFiles, _ page: () -> StatsPage) throws {
    guard let html, let place else { return }
    let refusals = try place.refusals(read)
    if dryRun {
      for reason in refusals { Output.message("would be refused: \(reason)") }
      if refusals.isEmpty { Output.message("\(html): would be written") }
      return
    }
    try Folder.create(Path.folder(of: html))
    try page().report.write(to: html)
    Output.message("\(html): written")
  }
}
