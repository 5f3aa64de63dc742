import ArgumentParser
import Documents
import Reporting

/// The program `predict`: applies a trained network to images.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Applies a trained network to images.", subcommands: [Detect.self, Segment.self])
}

@main
enum Program {
  static func main() {
    UnfinishedPlaces.removeWhenStopped { Console.standardError.print("error: stopped") }
    do {
      var command = try Predict.parseAsRoot()
      try command.run()
      try StandardOutput.finish()
    } catch {
      guard Predict.exitCode(for: error) == .failure, !(error is ExitCode) else { Predict.exit(withError: error) }
      let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
      Console.standardError.print("error: \(line)")
      Predict.exit(withError: ExitCode.failure)
    }
  }
}
