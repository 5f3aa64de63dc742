import ArgumentParser
import Documents
import Reporting
import Torch

/// `model-tool convert`.
struct ConvertWeights: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes the tensors of a .pth file, or of a safetensors file, as safetensors.",
    discussion: """
      Nothing in a .pth file is run. Names, shapes, element types and values stay; what is no tensor is left out and \
      said. The same input gives the same bytes.
      """)

  @Argument(help: ArgumentHelp("What torch.save wrote, in either of its forms, or safetensors.", valueName: "in"))
  var input: String

  @Argument(help: ArgumentHelp("The safetensors file to write.", valueName: "out"))
  var output: String

  @Option(help: "Which set of tensors, where a .pth file holds several, such as model or ema.")
  var key: String?

  @Flag(help: "Writes over what exists.")
  var force = false

  mutating func run() throws {
    let stored = try WeightFile.read(input, key: key)
    let target = try TargetFile(output, force: force, sources: [input])
    for note in stored.notes { Console.standardError.print("note: \(input): \(note)") }
    // What readers of Python expect of tensors that PyTorch wrote.
    let metadata = stored.format == .safetensors ? stored.metadata : ["format": "pt"]
    try SafetensorsFile.write(stored.entries, metadata: metadata, to: target.path)
    let bytes = stored.entries.reduce(0) { $0 + $1.tensor.byteCount }
    print("\(output): \(stored.entries.count) tensors, \(bytes) bytes")
  }
}
