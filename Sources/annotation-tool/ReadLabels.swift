import Annotations
import ArgumentParser

/// `annotation-tool read`: reads labels and says how many there are. For `tools/benchmark`, which compares reading alone.
struct ReadLabels: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "read", shouldDisplay: false)

  @OptionGroup var source: SourceOptions

  func run() throws {
    let set = try source.place.inspect().set
    Output.result("\(set.images.count) \(set.objects.count) \(set.categories.count)")
  }
}
