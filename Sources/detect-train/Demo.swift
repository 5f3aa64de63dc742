import Documents
import SemiSupervision
import Training
import TrainingProgram

/// What runs without arguments: draws images with labels, hides nine tenths of the labels, trains a supervised baseline
/// and Soft Teacher on the rest, and compares them.
enum Demo {
  /// The recipes' 2400 steps take a quarter of an hour on two cores; this many, both runs within ten minutes where the
  /// machine is not busy.
  private static let steps = 1200

  static func run(_ options: RunOptions) throws {
    let data = try DemoData.make()
    let output = DemoData.output(options, stem: "demo")
    let runs = [
      try train("demo", Supervised.Settings.self, data, options, output),
      try train("demo-soft-teacher", SoftTeacher.Settings.self, data, options, output),
    ]
    try DemoRuns.compare(DetectionComparison.self, runs, in: output)
  }

  /// Trains one method, or goes on with it; nil where the flags ask for something else than training.
  private static func train<Method: DetectionMethodSettings>(
    _ recipe: String, _: Method.Type, _ data: String, _ options: RunOptions, _ output: String
  ) throws -> String? {
    var settings = try DetectionSettings<Method>.resolved(Recipes.document(recipe), assignments: [])
    options.apply(to: &settings)
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
    return try DemoRuns.train(DetectionRun<Method>.self, settings, options, in: output)
  }
}
