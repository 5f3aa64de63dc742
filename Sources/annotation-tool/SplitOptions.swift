import Annotations
import ArgumentParser

/// How `annotation-tool split` draws.
struct SplitOptions: ParsableArguments {
  /// Whether classes are looked at.
  enum Strata: String, EnumerableFlag {
    case byImage, byClass

    static func help(for value: Strata) -> ArgumentHelp? {
      switch value {
      case .byImage: "Uniformly over the images."
      case .byClass: "Each class keeps its share of images, and none is absent where the number of images allows it."
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

  @Option(help: "Labelled part of the images, above 0, at most 1.")
  var labeledFraction: Double

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
      strata.map { $0 == .byClass ? "--by-class" : "--by-image" }, splitProtocol.map { _ in "--protocol" },
      draw.map { _ in "--draw" },
    ]
    let given = ways.compactMap { $0 }
    guard given.count <= 1 else { throw ValidationError("\(given.joined(separator: " and ")) exclude each other") }
    guard (splitProtocol == .indexFile) == (indexFile != nil) else {
      throw ValidationError("--protocol index-file and --index-file JSON want each other")
    }
    let last = seed.addingReportingOverflow(UInt64(folds - 1))
    guard mode == .byImage || mode == .byClass || !last.overflow && last.partialValue <= UInt64(UInt32.max) else {
      throw ValidationError("--seed is \(seed); NumPy's seeds end at \(UInt32.max), that of the last fold included")
    }
  }

  /// The way of drawing.
  var mode: AnnotationSplit.Mode {
    if let splitProtocol { return splitProtocol.mode }
    if draw == .stac { return .stac }
    return strata == .byClass ? .byClass : .byImage
  }

  /// Whether files are called as the published ones.
  var hasPublishedNames: Bool { draw == nil && mode.hasPublishedNames }

  /// Draws the folds.
  func draw(_ set: AnnotationSet, source: String) throws -> [AnnotationSplit] {
    let count = set.images.count
    switch mode {
    case .byImage: return AnnotationSplit.byImage(count: count, fraction: labeledFraction, folds: folds, seed: seed)
    case .byClass: return AnnotationSplit.byClass(set, fraction: labeledFraction, folds: folds, seed: seed)
    case .stac: return AnnotationSplit.stac(count: count, fraction: labeledFraction, folds: folds, seed: seed)
    case .withoutReplacement:
      return AnnotationSplit.withoutReplacement(count: count, fraction: labeledFraction, folds: folds, seed: seed)
    case .indexFile:
      return try SplitIndexFile(indexFile ?? "").splits(
        of: set, source: source, fraction: labeledFraction, folds: folds, seed: seed)
    }
  }
}
