import ArgumentParser
import Documents
import Reporting

/// The program `model-tool`: files of weights looked at, taken out of runs, and written anew.
struct ModelTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model-tool", abstract: "Looks into files of weights, takes models out of runs, converts.",
    discussion: "Exit code 0: done. 1: a file cannot be used, with one line on standard error. 64: wrong arguments.",
    subcommands: [Inspect.self, Export.self, ConvertWeights.self])
}

@main
enum Program {
  static func main() {
    UnfinishedPlaces.removeWhenStopped { Console.standardError.print("error: stopped") }
    do {
      var command = try ModelTool.parseAsRoot()
      try command.run()
      try StandardOutput.finish()
    } catch {
      guard ModelTool.exitCode(for: error) == .failure, !(error is ExitCode) else { ModelTool.exit(withError: error) }
      let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
      Console.standardError.print("error: \(line)")
      ModelTool.exit(withError: ExitCode.failure)
    }
  }
}

/// A failure that the program itself finds, in one line.
struct ModelToolError: Error, CustomStringConvertible {
  let description: String
}

/// The file that is written.
struct TargetFile {
  let path: String

  /// A place where nothing is, unless `force`; never a folder, and never a file that is read.
  init(_ path: String, force: Bool, sources: [String]) throws {
    self.path = path
    if Folder.exists(path) { throw ModelToolError(description: "\(path): is a folder, wanted is a file to write") }
    if let place = Path.resolved(path), sources.contains(where: { Path.resolved($0) == place }) {
      throw ModelToolError(description: "\(path): is read here and never written over")
    }
    if !force, Folder.hasAnything(at: path) {
      throw ModelToolError(description: "\(path): exists; --force writes over it")
    }
    try Folder.create(Path.folder(of: path))
  }
}
