import Documents
import FoundationEssentials
import Reporting
import SemiSupervision
import Training

/// From flags and recipe to a finished run, and what is shown of it.
struct TrainingSession<Method: DetectionMethodSettings> {
  private let settings: DetectionSettings<Method>

  /// The settings that a recipe and flags make.
  init(_ document: SettingsDocument?, recipe: RecipeOptions, data: DataOptions, run: RunOptions) throws {
    var settings = try DetectionSettings<Method>.resolved(document, assignments: recipe.set)
    if let weights = recipe.weights { settings.initialWeights = weights }
    settings.replacePredictor = recipe.replacePredictor || settings.replacePredictor
    data.apply(to: &settings.run)
    run.apply(to: &settings.run, trainer: &settings.trainer)
    self.settings = settings
  }

  /// Settings made in code.
  init(_ settings: DetectionSettings<Method>) { self.settings = settings }

  /// The settings of a run folder; the number of workers does not change what comes out.
  init(document: SettingsDocument, workers: Int?) throws {
    var settings = try DetectionSettings<Method>.resolved([document])
    settings.run.workers = workers ?? settings.run.workers
    self.settings = settings
  }

  /// Trains, or what the flags ask for instead.
  ///
  /// - Parameter isQuiet: Leaves the figures to the caller.
  func start(_ options: RunOptions, output: String, isQuiet: Bool = false) throws {
    var settings = settings
    // Given here, it goes before what a recipe says.
    if options.microBatch != nil { settings.trainer.accumulation = 1 }
    if let batch = options.batch.flatMap(BatchOption.init) { settings = try batch.appliedToStep(of: settings) }
    if let micro = options.microBatch.flatMap(BatchOption.init) {
      settings = try micro.appliedToMicroBatch(of: settings)
    }
    // A page that is a recipe all the same.
    if options.explain { return print(settings.plan.map { "# \($0)" }.joined(separator: "\n") + "\n" + settings.yaml) }
    var run = try DetectionRun(settings)
    run.isProfiled = options.profile
    if options.dryRun {
      let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("dry-run-\(UUID().uuidString)").path
      defer { try? FileManager.default.removeItem(atPath: scratch) }
      for line in try run.rehearse(in: RunFolder.create(scratch)) { print(line) }
      return
    }
    let folder = try RunFolder.create(output)
    let summary = try run.start(in: folder, command: CommandLine.arguments)
    if !isQuiet { show(summary, in: folder) }
  }

  /// Takes steps and shows, for the process that asked, what memory they took.
  func measureStep() throws { print(try settings.measureStep().json.serialized()) }

  /// Goes on with a run.
  func resume(_ folder: RunFolder, isQuiet: Bool = false) throws {
    let summary = try DetectionRun(settings).resume(in: folder, command: CommandLine.arguments)
    if !isQuiet { show(summary, in: folder) }
  }

  /// The figures of a finished run, on standard output.
  private func show(_ summary: RunSummary, in folder: RunFolder) {
    let classes = (summary.test ?? summary.validation.first?.metrics)?["classesAP50"]?.object?.keys ?? []
    let figures = ["AP", "AP50", "AP75"] + classes.map { "classesAP50.\($0)" }
    print(RunComparison([summary]).table(figures: figures).text)
    print("\nrun folder: \(folder.path) (report.html shows it; weights in checkpoints/)")
  }
}
