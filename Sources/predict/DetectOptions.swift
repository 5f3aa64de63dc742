import ArgumentParser
import Detection
import Documents
import Torch
import Training

/// Which detector, and with which thresholds.
struct NetworkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A run's folder (its best weights) or one of its weight files.", valueName: "RUN|FILE"))
  var checkpoint: String?
  @Option(help: ArgumentHelp("A model of torchvision or mmdetection: \(Self.models).", valueName: "NAME")) var model:
    String?
  @Option(help: ArgumentHelp("Its state dict, .pth or .safetensors.", valueName: "FILE")) var weights: String?
  @Option(help: ArgumentHelp("Its classes without background; checked against the file.", valueName: "N"))
  var classCount: Int?
  @Option(help: ArgumentHelp("Its classes' names, one a line.", valueName: "FILE")) var classes: String?
  @Option(help: ArgumentHelp("Its batch norms' epsilon; found by the file where it is known.", valueName: "E"))
  var normEpsilon: Double?
  @Option(help: ArgumentHelp("The shorter side of the resized images; by default as trained.", valueName: "PIXELS"))
  var shortSide: Int?
  @Option(help: ArgumentHelp("The longer side at most; by default as trained.", valueName: "PIXELS"))
  var longSide: Int?

  func validate() throws {
    switch (checkpoint, model, weights) {
    case (nil, nil, nil): throw ValidationError("--checkpoint RUN|FILE is wanted, or --model NAME with --weights FILE.")
    case (nil, nil, .some): throw ValidationError("--weights wants --model NAME beside it, such as \(Self.models).")
    case (nil, .some, nil): throw ValidationError("--model wants --weights FILE beside it.")
    case (.some, nil, nil): break
    case (.some, _, _):
      throw ValidationError("--checkpoint says its model itself; --model and --weights go without it.")
    default: break
    }
    if let model, SavedDetector.models[model] == nil {
      throw ValidationError("--model \(model): there is \(Self.models).")
    }
    if checkpoint != nil, classCount != nil || classes != nil || normEpsilon != nil {
      throw ValidationError(
        "--class-count, --classes and --norm-epsilon are for --model; a checkpoint says them itself.")
    }
    for (name, value) in [("class-count", classCount), ("short-side", shortSide), ("long-side", longSide)] {
      if let value, value < 1 { throw ValidationError("--\(name) \(value): a number of 1 or more is wanted.") }
    }
    if let normEpsilon, normEpsilon < 0 || !normEpsilon.isFinite {
      throw ValidationError("--norm-epsilon \(normEpsilon): a number of 0 or more is wanted.")
    }
  }

  private static var models: String { SavedDetector.models.keys.sorted().joined(separator: ", ") }

  /// Loads the detector.
  func open() throws -> SavedDetector {
    if let checkpoint { return try SavedDetector(checkpoint: checkpoint) }
    guard let model, let weights else { throw ValidationError("--model and --weights are wanted.") }
    return try SavedDetector(
      model: model, weights: weights, classCount: classCount, classes: classes.map { try Self.names($0) },
      epsilon: normEpsilon)
  }

  /// Puts the flags over what the detector was trained with.
  func apply(to saved: inout SavedDetector) throws {
    saved.input.shortSide = shortSide ?? saved.input.shortSide
    saved.input.longSide = longSide ?? max(saved.input.longSide, saved.input.shortSide)
    guard saved.input.longSide >= saved.input.shortSide else {
      throw ValidationError("--long-side \(saved.input.longSide) is below the shorter side, \(saved.input.shortSide).")
    }
  }

  private static func names(_ path: String) throws(DocumentError) -> [String] {
    try MappedFile(path: path).withBytes { String(decoding: $0, as: UTF8.self) }
      .split(whereSeparator: \.isNewline).map(String.init)
  }
}

/// Where images come from and where results go.
struct FileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder, a glob pattern, an image, a text list, or labels (COCO JSON, VOC) for their images.",
      valueName: "PATH"))
  var images: String
  @Option(help: ArgumentHelp("The folder of the images where a list or labels do not lead to it.", valueName: "DIR"))
  var imageFolder: String?
  @Option(help: ArgumentHelp("A list that names a subset of the images.", valueName: "TXT")) var imageList: String?
  @Option(help: ArgumentHelp("A new folder for the results.", valueName: "DIR")) var output: String
  @Flag(help: "Writes over results that are there.") var force = false
  @Option(help: ArgumentHelp("The least score of a box that is drawn.", valueName: "SCORE")) var drawAbove = 0.5
  @Flag(help: "Draws no pictures.") var noPictures = false

  func validate() throws {
    guard (0...1).contains(drawAbove) else {
      throw ValidationError("--draw-above \(drawAbove): a score between 0 and 1 is wanted.")
    }
  }

  /// Makes the output folder; one that holds anything is refused without `--force`.
  func prepareOutput() throws {
    if Folder.hasFile(output) { throw PredictError(description: "\(output): is a file, wanted is a folder") }
    if !force, Folder.exists(output), try !Folder.names(in: output).isEmpty {
      throw PredictError(description: "\(output): is not empty; --force writes over it")
    }
    try Folder.create(output)
  }
}

/// What computes.
struct MachineOptions: ParsableArguments {
  @Option(help: "cpu, cuda or cuda:N.") var device = "cpu"
  @Option(help: "Threads of the engine; by default one for each core.") var threads: Int?
  @Option(help: "Threads that decode images.") var workers = 2
  @Option(help: "Images at a time; images of a batch are padded to one size.") var batchSize = 1
  @Option(help: "float32, with the figures that training judged; bfloat16, faster and near to them; auto.")
  var precision = Precision.float32

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): a number of 1 or more is wanted.") }
    if workers < 0 { throw ValidationError("--workers \(workers): a number of 0 or more is wanted.") }
    if batchSize < 1 { throw ValidationError("--batch-size \(batchSize): a number of 1 or more is wanted.") }
  }

  /// Sets the engine up.
  func configure() throws -> Device {
    guard let found = Device(device) else {
      throw ValidationError("--device \(device): cpu, cuda or cuda:N is wanted.")
    }
    try found.requireAvailable()
    Engine.configure(threadCount: threads ?? Engine.processorCount)
    return found
  }

  /// What takes less memory than these options.
  func memoryAdvice(input: DetectorMetadata.Input, precision: Precision) -> String {
    let ways = [
      batchSize > 1 ? "fewer images at a time (--batch-size, now \(batchSize))" : nil,
      "smaller images (--short-side, now \(input.shortSide), and --long-side, now \(input.longSide))",
      precision == .bfloat16 ? nil : "--precision bfloat16",
    ]
    return "less is taken by " + ways.compactMap { $0 }.joined(separator: ", ")
  }
}

extension Precision: ExpressibleByArgument {}
