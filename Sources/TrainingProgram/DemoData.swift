import Annotations
import Documents
import Reporting
import Synthesis
import Training

/// What programs train on without arguments: images of shapes that are drawn, of which a tenth is labelled.
package enum DemoData {
  private static let folder = "runs/demo"
  /// The generated set, frozen: docs/results.md has the digest of its labels, and the figures of all methods on it.
  private static let imageCount = 1000
  private static let dataSeed: UInt64 = 1
  /// Images for training and for validation; the rest is for the test.
  private static let parts = (training: 700, validation: 100)
  private static let labeledFraction = 0.1

  /// Where a demo's runs go: where the flags say, into the newest demo that was stopped, or into a new folder.
  package static func output(_ options: RunOptions, stem: String) -> String {
    options.output ?? unfinished(options, stem) ?? RunFolder.nextName(below: folder, stem: stem)
  }

  /// The newest demo that was stopped before its comparison; nil where there is none, or where flags want another run.
  private static func unfinished(_ options: RunOptions, _ stem: String) -> String? {
    guard !options.saysAnythingOfARun, Folder.exists(folder) else { return nil }
    guard let names = try? Folder.names(in: folder) else { return nil }
    let digits = stem.count + 1
    let own = names.filter { $0.hasPrefix(stem + "-") && $0.dropFirst(digits).allSatisfy(\.isNumber) }
    let newest = own.max().map { Path.join(folder, $0) }
    return newest.flatMap { Folder.hasFile(Path.join($0, "comparison.json")) ? nil : $0 }
  }

  /// The folder of the demo's images, drawn unless it is there already.
  package static func make() throws -> String {
    let data = Path.join(folder, "data-\(imageCount)-\(dataSeed)")
    let last = Path.join(data, "split.json")
    guard !Folder.hasFile(last) else { return data }
    Console.standardError.print("drawing \(imageCount) images with labels into \(data)")
    try Folder.create(folder)
    _ = try SyntheticDataset.generate(
      count: imageCount, seed: dataSeed, height: 128, width: 128, to: data, isReplacing: true)
    let source = Path.join(data, "annotations.json")
    let names = try AnnotationSource.read(source).set.images.map(\.fileName)
    let bounds = [0, parts.training, parts.training + parts.validation, names.count]
    for (index, list) in ["training", "validation", "test"].enumerated() {
      try AtomicFile.write(
        names[bounds[index]..<bounds[index + 1]].map { $0 + "\n" }.joined(), to: Path.join(data, "\(list).txt"))
    }
    let training = try AnnotationSource.read(source, list: Path.join(data, "training.txt"))
    let splits = AnnotationSplit.byImage(
      count: training.set.images.count, fraction: labeledFraction, folds: 3, seed: dataSeed)
    let origin = AnnotationSplit.Origin(
      source: source, sourceDigest: try training.sourceDigest(), fraction: labeledFraction, seed: dataSeed,
      mode: .byImage, digests: try training.imageDigests())
    try AnnotationSplit.write(splits, of: training.set, origin: origin, to: data)
    return data
  }
}
