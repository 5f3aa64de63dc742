import ArgumentParser
import Detection
import Documents
import Reporting
import Segmentation
import Torch
import Training

/// `model-tool export`.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes one detector or segmenter out of a run as a file of its own.",
    usage: """
      model-tool export --teacher RUN -o FILE [--best | --last] [--force]
      model-tool export --student RUN -o FILE [--best | --last] [--force]
      """,
    discussion: """
      Writes safetensors with classes, sizes and the reading of images in the metadata, so that `predict detect` or \
      `predict segment --checkpoint FILE` needs nothing else. Names are torchvision's where torchvision has the network, \
      and otherwise in its manner. Without --best and --last the best weights are taken \
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
    let (classes, kind) = try Self.content(of: model)
    let target = try TargetFile(output, force: force, sources: [model.file])
    try SafetensorsFile.write(model.entries, metadata: model.metadata, to: target.path)
    print(
      "\(output): \(model.name) of step \(model.metadata["step"] ?? "?") from \(model.file); \(model.entries.count) "
        + "tensors, \(classes) classes; \(kind)")
  }

  /// The number of classes, and whose names the tensors have.
  private static func content(of model: SavedModel) throws -> (classes: Int, kind: String) {
    if let segmenter = try SegmenterMetadata(model.metadata, file: model.file) {
      let network = segmenter.network
      let names =
        network.torchvisionName.map { "names of torchvision's \($0)" }
        ?? "own names, as torchvision has no such \(network.kind.rawValue)"
      return (segmenter.classes.count, "a segmenter under " + names)
    }
    guard let detector = try DetectorMetadata(model.metadata, file: model.file) else {
      throw DetectorFileError.notACheckpoint(model.file)
    }
    return (detector.classes.count, "a detector under torchvision's names")
  }
}
