import ArgumentParser
import Detection
import Documents
import Torch

/// `model-tool inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a file of weights holds, or every checkpoint of a run.")

  @Argument(
    help: ArgumentHelp("A safetensors or .pth file, or a run's folder.", valueName: "file|run"))
  var path: String

  @Option(help: "Which set of tensors, where a .pth file holds several, such as model or ema.")
  var key: String?

  @Flag(help: "Lists the tensors: names, shapes, element types.")
  var tensors = false

  @Flag(help: "Reports as JSON on standard output.")
  var json = false

  mutating func run() throws {
    guard Folder.exists(path) else {
      let file = try WeightDescription(path, key: key)
      print(json ? file.json(listing: tensors).serialized(pretty: true) : file.text(listing: tensors))
      return
    }
    let checkpoints = Path.join(path, "checkpoints")
    let names =
      Folder.exists(checkpoints)
      ? try Folder.names(in: checkpoints).filter { Path.extension(of: $0) == "safetensors" } : []
    guard !names.isEmpty else { throw DetectorFileError.noCheckpoint(path) }
    let files = try names.map { try WeightDescription(Path.join(checkpoints, $0), key: nil) }
    if json {
      let report: JSON = ["run": JSON(path), "files": .array(files.map { $0.json(listing: tensors) })]
      print(report.serialized(pretty: true))
    } else {
      print(files.map { $0.text(listing: tensors) }.joined(separator: "\n\n"))
    }
  }
}
