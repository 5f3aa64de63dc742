import Annotations
import ArgumentParser
import Documents

/// `annotation-tool split`.
struct Split: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw which images count as labelled; write lists and COCO files of both parts.",
    discussion: """
      Every fold is a folder fold-N with labeled.txt, unlabeled.txt, labeled.json and unlabeled.json (without objects);
      split.json beside them records how it was drawn and the SHA-256 of each file.
      """)

  @OptionGroup var source: SourceOptions

  @Option(help: "Labelled part of the images, above 0, at most 1.")
  var labeledFraction: Double

  @Option(help: "How many splits to draw; their labelled parts do not overlap while images last.")
  var folds = 1

  @Option(help: "Decides what is drawn; with --draw stac the number of the first published fold (1 to 5).")
  var seed: UInt64 = 1

  @Option(help: "seeded, or stac: as the published COCO lists were drawn (with replacement, NumPy's legacy generator).")
  var draw = AnnotationSplit.Draw.seeded

  @Option(help: "Folder to write.")
  var output: String

  @Flag(help: "Write over what exists.")
  var force = false

  mutating func validate() throws {
    guard labeledFraction > 0, labeledFraction <= 1 else {
      throw ValidationError("--labeled-fraction is \(labeledFraction), not above 0 and at most 1")
    }
    guard (1...1000).contains(folds) else { throw ValidationError("--folds is \(folds), not 1 to 1000") }
  }

  mutating func run() throws {
    try Output.requireFree(output, force: force, source: source.source)
    let set = try source.read().set
    guard !set.images.isEmpty else { throw ToolFailure(description: "\(source.source): has no image to draw") }
    let splits = AnnotationSplit.draw(
      count: set.images.count, fraction: labeledFraction, folds: folds, seed: seed, draw: draw)
    let origin = AnnotationSplit.Origin(source: source.source, fraction: labeledFraction, seed: seed, draw: draw)
    try AnnotationSplit.write(splits, of: set, origin: origin, to: output)
    for (index, split) in splits.enumerated() {
      let objects = objectCount(split, set)
      Output.result(
        "\(Path.join(output, "fold-\(index + 1)")): \(split.labeled.count) labelled images with \(objects) objects, "
          + "\(split.unlabeled.count) unlabelled")
      warnOfMissingClasses(split, set, fold: index + 1)
    }
  }

  private func objectCount(_ split: AnnotationSplit, _ set: AnnotationSet) -> Int {
    let ids = Set(split.labeled.map { set.images[$0].id })
    return set.objects.count { ids.contains($0.imageID) }
  }

  /// A class that no labelled image shows cannot be learnt.
  private func warnOfMissingClasses(_ split: AnnotationSplit, _ set: AnnotationSet, fold: Int) {
    let ids = Set(split.labeled.map { set.images[$0].id })
    let present = Set(set.objects.filter { ids.contains($0.imageID) }.map(\.categoryID))
    let everywhere = Set(set.objects.map(\.categoryID))
    let missing = set.categories.filter { everywhere.contains($0.id) && !present.contains($0.id) }.map(\.name)
    if !missing.isEmpty {
      Output.message("note: no labelled image of fold \(fold) shows \(missing.joined(separator: ", "))")
    }
  }
}
