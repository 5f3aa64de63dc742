import Documents
import SemiSupervision
import Training
import TrainingProgram

/// What runs without arguments: draws images with masks, hides nine tenths of the masks, trains a supervised baseline and ST++ on the
/// rest, and compares them.
enum Demo {
  static func run(_ options: RunOptions) throws {
    let data = try DemoData.make()
    let output = DemoData.output(options, stem: "segmentation")
    let runs = [
      try train("shapes", SupervisedSegmentation.Settings.self, data, options, output),
      try train("shapes-st++", STPlusPlus.Settings.self, data, options, output),
    ]
    try DemoRuns.compare(SegmentationComparison.self, runs, in: output)
  }

  /// Trains one method, or goes on with it; nil where the flags ask for something else than training.
  private static func train<Method: SegmentationMethodSettings>(
    _ recipe: String, _: Method.Type, _ data: String, _ options: RunOptions, _ output: String
  ) throws -> String? {
    var settings = try SegmentationSettings<Method>.resolved([Recipes.document(recipe)], assignments: [])
    options.apply(to: &settings)
    func source(_ list: String) -> LabelSource {
      LabelSource(source: data, images: Path.join(data, "images"), list: Path.join(data, list))
    }
    let masks = Path.join(data, "masks")
    settings.run.labeled = source("fold-1/labeled.txt")
    settings.masks.labeled = masks
    if Method.self == STPlusPlus.Settings.self {
      settings.run.unlabeled = LabelSource(
        source: Path.join(data, "images"), images: nil, list: Path.join(data, "fold-1/unlabeled.txt"))
      // The hidden masks are known here, so that it can be said how good the pseudo-masks are.
      settings.run.audit = source("fold-1/unlabeled.txt")
      settings.masks.audit = masks
    }
    settings.run.validation = source("validation.txt")
    settings.masks.validation = masks
    settings.run.test = source("test.txt")
    settings.masks.test = masks
    return try DemoRuns.train(SegmentationRun<Method>.self, settings, options, in: output)
  }
}
