import Annotations
import ArgumentParser
import Documents

extension Split {
  /// Splits label maps: of each fold the lists alone, and what is said about images.
  func split(_ reading: SegmentationReading) throws {
    let statistics = masks.choice.statistics(of: reading)
    if statistics.problems.count(.error) > 0 {
      throw AnnotationError.problems(source: source.source, statistics.problems)
    }
    let pixels = statistics.pixelsByImage.map(\.pixels)
    let splits = try drawing.draw(reading, pixels: pixels)
    let digests = try hashing(reading.images.count) { try reading.imageDigests(report: $0) }
    let form = drawing.listForm ?? .names
    let origin = AnnotationSplit.MaskOrigin(
      reading: reading, fraction: drawing.labeledFraction, seed: drawing.seed, mode: drawing.mode, listForm: form,
      digests: digests, pixels: pixels)
    let records = splits.enumerated().map { place, split in origin.record(of: split, at: place) }
    let stems = records.flatMap { ["fold-\($0.fold)/labeled", "fold-\($0.fold)/unlabeled"] }
    let refusals = try refusals(ReadFiles(maps: [reading], others: [masks.classes, source.list]), stems: stems)
    if !dryRun { try AnnotationSplit.write(splits, of: origin, to: output) }
    let everywhere = origin.classes(of: reading.images.indices)
    for (split, record) in zip(splits, records) {
      let classes = origin.classes(of: split.labeled)
      let shown = classes.count { $0.images > 0 }
      say(
        "\(Path.join(output, "fold-\(record.fold)")): " + (dryRun ? "would hold " : "")
          + "\(split.labeled.count) labelled images with \(shown) of \(everywhere.count { $0.images > 0 }) classes, "
          + "\(split.unlabeled.count) unlabelled; hash \(record.hash.prefix(12))")
      let missing = zip(everywhere, classes).filter { $0.0.images > 0 && $0.1.images == 0 }.map(\.0.name)
      if !missing.isEmpty {
        Output.message("note: no labelled image of fold \(record.fold) shows \(missing.joined(separator: ", "))")
      }
    }
    if form == .pairs { say("pairs are relative to \(reading.root)") }
    reportAll(splits, records, refusals, images: reading.images.map(\.name))
  }
}
