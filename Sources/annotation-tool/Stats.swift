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

  mutating func run() throws {
    if let html { try Output.requireFree(html, force: force, source: source.source) }
    if let reading = try masks.read(source) { return try count(reading) }
    let reading = try source.read()
    let statistics = AnnotationStatistics(of: reading.set)
    try write { StatsPage(reading, statistics) }
    if json {
      Output.result(statistics.json.serialized(pretty: true))
    } else {
      for line in statistics.lines { Output.result(line) }
    }
  }

  private func count(_ reading: SegmentationReading) throws {
    let statistics = masks.statistics(of: reading)
    for line in statistics.problems.lines(.error) { Output.message("left out: \(line)") }
    guard statistics.images > 0 else { throw ToolFailure(description: "\(source.source): no label map can be used") }
    try write { StatsPage(reading, statistics) }
    if json {
      Output.result(statistics.json.serialized(pretty: true))
    } else {
      for line in statistics.lines { Output.result(line) }
    }
  }

  private func write(_ page: () -> StatsPage) throws {
    guard let html else { return }
    try Folder.create(Path.folder(of: html))
    try page().report.write(to: html)
    Output.message("\(html): written")
  }
}
