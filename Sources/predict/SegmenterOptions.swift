import Annotations
import ArgumentParser
import Segmentation

/// Which segmenter.
struct SegmenterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A run's folder (its best weights) or one of its weight files.", valueName: "RUN|FILE"))
  var checkpoint: String?
  @Option(help: ArgumentHelp("A model of torchvision or transformers: \(Self.models).", valueName: "NAME")) var model:
    String?
  @Option(help: ArgumentHelp("Its state dict, .pth or .safetensors.", valueName: "FILE")) var weights: String?
  @Option(
    help: ArgumentHelp(
      "Its classes, one a line: a name, or a number and a name; a colour may follow (#RRGGBB).", valueName: "FILE"))
  var classes: String?

  func validate() throws {
    try source.validate(models: Self.models) { SavedSegmenter.models[$0] != nil }
    if checkpoint != nil, classes != nil {
      throw ValidationError("--classes is for --model; a checkpoint says its classes itself.")
    }
  }

  private var source: ModelSource { ModelSource(checkpoint: checkpoint, model: model, weights: weights) }
  private static var models: String { SavedSegmenter.models.keys.sorted().joined(separator: ", ") }

  /// Loads the segmenter.
  func open() throws -> SavedSegmenter {
    try source.open(
      checkpoint: { try SavedSegmenter(checkpoint: $0) },
      model: { try SavedSegmenter(model: $0, weights: $1, classes: try classes.map { try ClassTable.read($0) }) })
  }
}

/// How a segmenter looks at images; what is not given is as it was judged in its training.
struct LookOptions: ParsableArguments {
  /// How images are cut.
  enum Mode: String, EnumerableFlag {
    case whole

    static func help(for value: Mode) -> ArgumentHelp? { "Images as a whole, where they were looked at in parts." }
  }

  @Option(help: ArgumentHelp("The shorter side of the resized images; 0: their own size.", valueName: "PIXELS"))
  var shortSide: Int?
  @Option(help: ArgumentHelp("The longer side at most, where images are resized.", valueName: "PIXELS"))
  var longSide: Int?
  @Option(
    help: ArgumentHelp(
      "In overlapping parts of this size (height × width), whose logits are averaged.", valueName: "HxW"))
  var sliding: String?
  @Flag var mode: Mode?
  @Option(
    help: ArgumentHelp("At several sizes, whose probabilities are averaged, such as 0.5,1,2.", valueName: "F,F,…"))
  var scales: String?
  @Flag(inversion: .prefixedNo, help: "Mirrored, too.") var mirrored: Bool?
  @Option(
    help: ArgumentHelp(
      "Larger images are looked at in overlapping tiles with blended scores: millions of pixels.",
      valueName: "MEGAPIXELS"))
  var tileAbove = Tiling().above
  @Option(help: ArgumentHelp("Height and width of a tile.", valueName: "PIXELS")) var tileSide = Tiling().side

  func validate() throws {
    if let shortSide, shortSide < 0 { throw ValidationError("--short-side \(shortSide): 0 or more is wanted.") }
    if let longSide, longSide < 1 { throw ValidationError("--long-side \(longSide): 1 or more is wanted.") }
    if let sliding, window == nil {
      throw ValidationError("--sliding \(sliding): height and width of a part are wanted, such as 512x512.")
    }
    if sliding != nil, mode == .whole { throw ValidationError("--sliding and --whole exclude each other.") }
    if let scales, factors == nil {
      throw ValidationError("--scales \(scales): factors between 0.1 and 8 with commas are wanted, such as 0.5,1,2.")
    }
    guard tileAbove >= 0 else { throw ValidationError("--tile-above \(tileAbove): 0 or more is wanted.") }
    guard tileSide >= Tiling.leastSide else {
      throw ValidationError("--tile-side \(tileSide): \(Tiling.leastSide) or more is wanted.")
    }
  }

  private var window: (height: Int, width: Int)? {
    guard let sides = sliding?.lowercased().split(separator: "x", omittingEmptySubsequences: false).map({ Int($0) }),
      sides.count == 2, let height = sides[0], let width = sides[1], height >= 1, width >= 1
    else { return nil }
    return (height, width)
  }

  private var factors: [Double]? {
    guard let parts = scales?.split(separator: ",", omittingEmptySubsequences: false).map({ Double($0) }) else {
      return nil
    }
    let factors = parts.compactMap { $0 }.filter((0.1...8).contains)
    return factors.count == parts.count ? factors : nil
  }

  /// How images are cut that are too large.
  var tiling: Tiling { Tiling(above: tileAbove, side: tileSide) }

  /// Puts the flags over what the segmenter was judged with.
  func apply(to inference: SegmentationInference, batchSize: Int) throws -> SegmentationInference {
    var looks = inference
    looks.batchSize = batchSize
    looks.shortSide = shortSide ?? looks.shortSide
    looks.longSide = longSide ?? max(looks.longSide, looks.shortSide)
    guard looks.longSide >= looks.shortSide else {
      throw ValidationError("--long-side \(looks.longSide) is below the shorter side, \(looks.shortSide).")
    }
    if let window {
      looks.mode = .sliding
      (looks.windowHeight, looks.windowWidth) = window
    }
    if mode == .whole { looks.mode = .whole }
    looks.scales = factors ?? looks.scales
    looks.mirrored = mirrored ?? looks.mirrored
    return looks
  }
}
