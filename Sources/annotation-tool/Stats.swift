import Annotations
import ArgumentParser
import Documents

/// `annotation-tool stats`.
struct Stats: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Count images, objects, classes and sizes.")

  @OptionGroup var source: SourceOptions

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func run() throws {
    let reading = try source.read()
    let statistics = AnnotationStatistics(of: reading.set)
    if json {
      Output.result(statistics.json.serialized(pretty: true))
    } else {
      for line in statistics.lines { Output.result(line) }
    }
  }
}
