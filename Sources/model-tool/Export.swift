import ArgumentParser
import Detection
import Documents
import Reporting
import Torch
import Training

/// `model-tool export`.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes one detector out of a run as a file of its own.",
    usage: """
      model-tool export --teacher RUN -o FILE [--best | --last] [--force]
      model-tool export --student RUN -o FILE [--best | --last] [--force]
      """,
    discussion: """
      Writes safetensors under torchvision's names, with classes, sizes and the reading of images in the metadata, so \
      that `predict detect --checkpoint FILE` needs nothing else. Without --best and --last the best weights are taken \
      where there are any of that model, else the last. Each model's best weights are those with its own best figure on \
      the validation images.
      """)

  /// Which weights.
  enum Which: String, EnumerableFlag {
    case best, last

    static func help(for value: Which) -> ArgumentHelp? {
      switch value {
      case .best: "The weights with that model's best figure on the validation images."
      case .last: "The newest weights."
      }
    }

    var checkpoint: SavedModel.Checkpoint { self == .best ? .best : .last }
  }

  @Option(
    help: ArgumentHelp("The averaged model of this run: a teacher, or the average of a baseline.", valueName: "RUN"))
  var teacher: String?

  @Option(help: ArgumentHelp("The trained model of this run.", valueName: "RUN"))
  var student: String?

  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The file to write.", valueName: "FILE"))
  var output: String

  @Flag(exclusivity: .exclusive) var which: Which?

  @Flag(help: "Writes over what exists.")
  var force = false

  func validate() throws {
    guard (teacher == nil) != (student == nil) else {
      throw ValidationError("either --teacher RUN or --student RUN is wanted.")
    }
  }

  mutating func run() throws {
    let names = teacher != nil ? ["teacher", "average"] : ["student"]
    let model = try SavedModel(names, of: teacher ?? student ?? "", in: which?.checkpoint)
    guard let detector = try DetectorMetadata(model.metadata, file: model.file) else {
      throw DetectorFileError.notACheckpoint(model.file)
    }
    let target = try TargetFile(output, force: force, sources: [model.file])
    try SafetensorsFile.write(model.entries, metadata: model.metadata, to: target.path)
    print(
      "\(output): \(model.name) of step \(model.metadata["step"] ?? "?") from \(model.file); \(model.entries.count) "
        + "tensors, \(detector.classes.count) classes")
  }
}
