import ArgumentParser
import Detection
import Documents

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
  @Option(help: ArgumentHelp("The least score of a box that is drawn.", valueName: "SCORE")) var drawAbove = 0.5

  func validate() throws {
    try source.validate(models: Self.models) { SavedDetector.models[$0] != nil }
    if checkpoint != nil, classCount != nil || classes != nil || normEpsilon != nil {
      throw ValidationError(
        "--class-count, --classes and --norm-epsilon are for --model; a checkpoint says them itself.")
    }
    for (name, value) in [("class-count", classCount), ("short-side", shortSide), ("long-side", longSide)] {
      if let value, value < 1 { throw ValidationError("--\(name) \(value): a number of 1 or more is wanted.") }
    }
    guard (0...1).contains(drawAbove) else {
      throw ValidationError("--draw-above \(drawAbove): a score between 0 and 1 is wanted.")
    }
    if let normEpsilon, normEpsilon < 0 || !normEpsilon.isFinite {
      throw ValidationError("--norm-epsilon \(normEpsilon): a number of 0 or more is wanted.")
    }
  }

  private var source: ModelSource { ModelSource(checkpoint: checkpoint, model: model, weights: weights) }
  private static var models: String { SavedDetector.models.keys.sorted().joined(separator: ", ") }

  /// Loads the detector.
  func open() throws -> SavedDetector {
    try source.open(
      checkpoint: { try SavedDetector(checkpoint: $0) },
      model: {
        try SavedDetector(
          model: $0, weights: $1, classCount: classCount, classes: classes.map { try Self.names($0) },
          epsilon: normEpsilon)
      })
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
    try TextFile.read(path)
      .split(whereSeparator: \.isNewline).map(String.init)
  }
}
