import Annotations
import ArgumentParser
import Documents

/// `annotation-tool stats`.
struct Stats: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count images, objects, classes and sizes; of label maps the pixels of each class.")

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptions

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func run() throws {
    if let reading = try masks.read(source) { return try count(reading) }
    let reading = try source.read()
    let statistics = AnnotationStatistics(of: reading.set)
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
    if json {
      Output.result(statistics.json.serialized(pretty: true))
    } else {
      for line in statistics.lines { Output.result(line) }
    }
  }
}
