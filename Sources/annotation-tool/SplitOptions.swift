import Annotations
import ArgumentParser

/// How `annotation-tool split` draws.
struct SplitOptions: ParsableArguments {
  /// Whether classes are looked at.
  enum Strata: String, EnumerableFlag {
    case byImage, byClass, bySpread

    static func help(for value: Strata) -> ArgumentHelp? {
      switch value {
      case .byImage: "Uniformly over the images."
      case .byClass:
        "Each class keeps its share of images, and none is absent where the number of images allows it; of label maps its share of pixels."
      case .bySpread:
        "At equal distances over the sorted names, as for frames of a video; the seed is the first one's place."
      }
    }
  }

  /// The older spelling of `--protocol stac`.
  enum Draw: String, CaseIterable, ExpressibleByArgument {
    case seeded, stac
  }

  /// How published lists of COCO were drawn.
  enum SplitProtocol: String, CaseIterable, ExpressibleByArgument {
    case stac
    case withoutReplacement = "without-replacement"
    case indexFile = "index-file"

    var mode: AnnotationSplit.Mode {
      switch self {
      case .stac: .stac
      case .withoutReplacement: .withoutReplacement
      case .indexFile: .indexFile
      }
    }
  }

  @Option(
    help: ArgumentHelp("Labelled part of the images, above 0, at most 1: 0.125 or 1/8.", valueName: "F"),
    transform: Self.fraction)
  var labeledFraction: Double

  @Option(
    help: ArgumentHelp(
      "How lists of label maps name images: names, stems (VOC's lists) or pairs (`image mask`, as ST++'s and UniMatch's).",
      valueName: "FORM"))
  var listForm: SegmentationReading.ListForm?

  @Option(help: "How many splits to draw; with --by-image labelled parts do not overlap while images last.")
  var folds = 1

  @Option(help: "Decides what is drawn; with --protocol the seed of the first fold (STAC's folds are 1 to 5).")
  var seed: UInt64 = 1

  @Flag(exclusivity: .exclusive) var strata: Strata?

  @Option(
    name: .customLong("protocol"),
    help: """
      As published lists of COCO: stac (STAC, MMDetection: NumPy's legacy generator, with replacement), \
      without-replacement (Soft Teacher's script), index-file (Unbiased Teacher's lists).
      """)
  var splitProtocol: SplitProtocol?

  @Option(help: ArgumentHelp("With --protocol index-file: {percent: {seed: [indices]}}.", valueName: "JSON"))
  var indexFile: String?

  @Option(help: "seeded, or stac: as --protocol stac, in folders fold-N.")
  var draw: Draw?

  mutating func validate() throws {
    guard labeledFraction > 0, labeledFraction <= 1 else {
      throw ValidationError("--labeled-fraction is \(labeledFraction), not above 0 and at most 1")
    }
    guard (1...1000).contains(folds) else { throw ValidationError("--folds is \(folds), not 1 to 1000") }
    let ways = [
      strata.map { ["--by-image", "--by-class", "--by-spread"][Strata.allCases.firstIndex(of: $0) ?? 0] },
      splitProtocol.map { _ in "--protocol" },
      draw.map { _ in "--draw" },
    ]
    let given = ways.compactMap { $0 }
    guard given.count <= 1 else { throw ValidationError("\(given.joined(separator: " and ")) exclude each other") }
    guard (splitProtocol == .indexFile) == (indexFile != nil) else {
      throw ValidationError("--protocol index-file and --index-file JSON want each other")
    }
    let last = seed.addingReportingOverflow(UInt64(folds - 1))
    guard [.byImage, .byClass, .bySpread].contains(mode) || !last.overflow && last.partialValue <= UInt64(UInt32.max)
    else {
      throw ValidationError("--seed is \(seed); NumPy's seeds end at \(UInt32.max), that of the last fold included")
    }
  }

  /// The way of drawing.
  var mode: AnnotationSplit.Mode {
    if let splitProtocol { return splitProtocol.mode }
    if draw == .stac { return .stac }
    switch strata {
    case .byClass: return .byClass
    case .bySpread: return .bySpread
    case .byImage, nil: return .byImage
    }
  }

  /// Whether files are called as the published ones.
  var hasPublishedNames: Bool { draw == nil && mode.hasPublishedNames }

  /// Draws the folds.
  func draw(_ set: AnnotationSet, source: String) throws -> [AnnotationSplit] {
    let count = set.images.count
    switch mode {
    case .byImage: return AnnotationSplit.byImage(count: count, fraction: labeledFraction, folds: folds, seed: seed)
    case .byClass: return AnnotationSplit.byClass(set, fraction: labeledFraction, folds: folds, seed: seed)
    case .bySpread:
      return AnnotationSplit.bySpread(
        names: set.images.map(\.fileName), fraction: labeledFraction, folds: folds, seed: seed)
    case .stac: return AnnotationSplit.stac(count: count, fraction: labeledFraction, folds: folds, seed: seed)
    case .withoutReplacement:
      return AnnotationSplit.withoutReplacement(count: count, fraction: labeledFraction, folds: folds, seed: seed)
    case .indexFile:
      return try SplitIndexFile(indexFile ?? "").splits(
        of: set, source: source, fraction: labeledFraction, folds: folds, seed: seed)
    }
  }

  /// Draws the folds of label maps.
  func draw(_ reading: SegmentationReading, pixels: [[Int]]) throws -> [AnnotationSplit] {
    switch mode {
    case .byImage:
      return AnnotationSplit.byImage(count: pixels.count, fraction: labeledFraction, folds: folds, seed: seed)
    case .byClass: return AnnotationSplit.byPixels(pixels, fraction: labeledFraction, folds: folds, seed: seed)
    case .bySpread:
      return AnnotationSplit.bySpread(
        names: reading.images.map(\.name), fraction: labeledFraction, folds: folds, seed: seed)
    case .stac, .withoutReplacement, .indexFile:
      throw ValidationError(
        "--protocol and --draw draw lists of boxes; label maps want --by-image, --by-class or --by-spread")
    }
  }

  /// `0.125` or `1/8`.
  static func fraction(_ text: String) throws -> Double {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
    if parts.count == 1, let value = parts[0] { return value }
    if parts.count == 2, let part = parts[0], let whole = parts[1], whole > 0 { return part / whole }
    throw ValidationError("\(text) is neither a number, such as 0.125, nor a fraction, such as 1/8")
  }
}

extension SegmentationReading.ListForm: ExpressibleByArgument {}
