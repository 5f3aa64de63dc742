import Annotations
import Documents
import Reporting
import SemiSupervision
import Synthesis
import Training

/// What runs without arguments: draws images with labels, hides nine tenths of the labels, trains a supervised baseline
/// and Soft Teacher on the rest, and compares them.
enum Demo {
  private static let folder = "runs/demo"
  /// The generated set, frozen: docs/results.md has the digest of its labels, and the figures of all methods on it.
  private static let imageCount = 1000
  private static let dataSeed: UInt64 = 1
  /// Images for training and for validation; the rest is for the test.
  private static let parts = (training: 700, validation: 100)
  private static let labeledFraction = 0.1
  /// The recipes' 2400 steps take a quarter of an hour on two cores; this many, both runs within ten minutes where the
  /// machine is not busy.
  private static let steps = 1200

  static func run(_ options: RunOptions) throws {
    let data = try makeData()
    let output = options.output ?? unfinished(options) ?? RunFolder.nextName(below: folder, stem: "demo")
    let runs = [
      try train("demo", Supervised.Settings.self, data, options, output),
      try train("demo-soft-teacher", SoftTeacher.Settings.self, data, options, output),
    ].compactMap { $0 }
    guard !runs.isEmpty else { return }
    let comparison = try DetectionComparison(runs)
    try comparison.write(to: output)
    print(comparison.table.text)
    let page = Path.join(output, DetectionComparison.page)
    print("\n\(page) shows both on the same images; each run has its report.html")
  }

  /// Trains one method, or goes on with it; nil where the flags ask for something else than training.
  private static func train<Method: DetectionMethodSettings>(
    _ recipe: String, _: Method.Type, _ data: String, _ options: RunOptions, _ output: String
  ) throws -> String? {
    var settings = try DetectionSettings<Method>.resolved(Recipes.document(recipe), assignments: [])
    options.apply(to: &settings.run, trainer: &settings.trainer)
    settings.trainer.steps = options.steps ?? steps
    func source(_ list: String) -> LabelSource {
      LabelSource(
        source: Path.join(data, "annotations.json"), images: Path.join(data, "images"), list: Path.join(data, list))
    }
    settings.run.labeled = source("fold-1/labeled.txt")
    if Method.self == SoftTeacher.Settings.self {
      settings.run.unlabeled = source("fold-1/unlabeled.txt")
      // The hidden labels are known here, so the report can say what of the pseudo-boxes is right.
      settings.run.audit = settings.run.unlabeled
    }
    settings.run.validation = source("validation.txt")
    settings.run.test = source("test.txt")
    let path = Path.join(output, settings.method.name)
    let session = TrainingSession(settings)
    if let begun = try? RunFolder.open(path) {
      Console.standardError.print("going on with \(path)")
      try session.resume(begun, isQuiet: true)
    } else {
      try session.start(options, output: path, isQuiet: true)
    }
    return options.dryRun || options.explain ? nil : path
  }

  /// The newest demo that was stopped before its comparison; nil where there is none, or where flags want another run.
  private static func unfinished(_ options: RunOptions) -> String? {
    guard !options.saysAnythingOfARun, Folder.exists(folder) else { return nil }
    guard let names = try? Folder.names(in: folder) else { return nil }
    let newest = names.filter { $0.hasPrefix("demo-") }.max().map { Path.join(folder, $0) }
    return newest.flatMap { Folder.hasFile(Path.join($0, "comparison.json")) ? nil : $0 }
  }

  /// The folder of the demo's images, drawn unless it is there already.
  private static func makeData() throws -> String {
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
