import Annotations
import Documents
import Reporting
import SemiSupervision
import Synthesis
import Training

/// What runs without arguments: draws a set of images with labels, trains on it, and shows what was learned.
enum Demo {
  private static let folder = "runs/demo"
  private static let imageCount = 1000
  private static let dataSeed: UInt64 = 1
  /// Images for training and for validation; the rest is for the test.
  private static let parts = (training: 700, validation: 100)

  static func run(_ options: RunOptions) throws {
    let data = try makeData()
    var settings = try DetectionSettings<Supervised.Settings>.resolved([Recipes.document("demo")])
    options.apply(to: &settings.run, trainer: &settings.trainer)
    func source(_ part: String) -> LabelSource {
      LabelSource(
        source: Path.join(data, "annotations.json"), images: Path.join(data, "images"),
        list: Path.join(data, "\(part).txt"))
    }
    settings.run.labeled = source("training")
    settings.run.validation = source("validation")
    settings.run.test = source("test")
    let output = options.output ?? RunFolder.nextName(below: folder, stem: Supervised.name)
    try TrainingSession(settings).start(options, output: output)
  }

  /// The folder of the demo's images, drawn unless it is there already.
  private static func makeData() throws -> String {
    let data = Path.join(folder, "data-\(imageCount)-\(dataSeed)")
    let lists = ["training", "validation", "test"].map { Path.join(data, "\($0).txt") }
    guard !lists.allSatisfy(Folder.hasFile) else { return data }
    Console.standardError.print("drawing \(imageCount) images with labels into \(data)")
    try Folder.create(folder)
    _ = try SyntheticDataset.generate(
      count: imageCount, seed: dataSeed, height: 128, width: 128, to: data, isReplacing: true)
    let names = try AnnotationSource.read(Path.join(data, "annotations.json")).set.images.map(\.fileName)
    let bounds = [0, parts.training, parts.training + parts.validation, names.count]
    for (index, list) in lists.enumerated() {
      try AtomicFile.write(names[bounds[index]..<bounds[index + 1]].map { $0 + "\n" }.joined(), to: list)
    }
    return data
  }
}
