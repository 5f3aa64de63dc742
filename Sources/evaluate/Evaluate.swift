import ArgumentParser
import Documents
import Reporting

/// The program `evaluate`: judges predictions against labels.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Judges predictions against labels.",
    discussion:
      "Exit code 0: judged. 1: a file cannot be used; standard error says which and where. 64: wrong arguments.",
    subcommands: [
      EvaluateBoxes.self, EvaluateMasks.self, EvaluateVOC.self, EvaluateErrors.self, EvaluateThresholds.self,
      EvaluateSegmentation.self, EvaluateCompare.self, EvaluateRepeatedly.self,
    ])
}

@main
enum Program {
  static func main() {
    UnfinishedPlaces.removeWhenStopped { Console.standardError.print("error: stopped") }
    do {
      var command = try Evaluate.parseAsRoot()
      try command.run()
      try reportingErrors { try StandardOutput.finish() }
    } catch {
      Evaluate.exit(withError: error)
    }
  }
}
