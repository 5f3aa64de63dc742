import Documents
import FoundationEssentials
import Reporting
import SemiSupervision
import Training

/// From flags and recipe to a finished run, and what is shown of it.
package struct TrainingSession<Run: TaskRun> {
  /// What decides the run.
  package let settings: Run.TaskSettings

  /// The settings that a recipe and flags make.
  ///
  /// - Parameter adjust: What a task's own flags add.
  package init<Methods>(
    _ document: SettingsDocument?, recipe: RecipeOptions<Methods>, data: DataOptions, run: RunOptions,
    adjust: (inout Run.TaskSettings) -> Void = { _ in }
  ) throws {
    var settings = try Run.TaskSettings.resolved([document].compactMap { $0 }, assignments: recipe.set)
    if let weights = recipe.weights { settings.initialWeights = weights }
    settings.replacePredictor = recipe.replacePredictor || settings.replacePredictor
    data.apply(to: &settings.run)
    run.apply(to: &settings)
    adjust(&settings)
    self.settings = settings
  }

  /// Settings made in code.
  package init(_ settings: Run.TaskSettings) { self.settings = settings }

  /// The settings of a run folder; the number of workers does not change what comes out.
  package init(document: SettingsDocument, workers: Int?) throws {
    var settings = try Run.TaskSettings.resolved([document])
    settings.run.workers = workers ?? settings.run.workers
    self.settings = settings
  }

  /// The session with as many images a step, and at a time, as the flags say.
  package func sized(by options: RunOptions) throws -> TrainingSession {
    var settings = settings
    // Given here, it goes before what a recipe says.
    if options.microBatch != nil { settings.trainer.accumulation = 1 }
    if let batch = options.batch.flatMap(BatchOption.init) { settings = try batch.appliedToStep(of: settings) }
    if let micro = options.microBatch.flatMap(BatchOption.init) {
      settings = try micro.appliedToMicroBatch(of: settings)
    }
    return TrainingSession(settings)
  }

  /// Trains, or what the flags ask for instead.
  ///
  /// - Parameter isQuiet: Leaves the figures to the caller.
  package func start(_ options: RunOptions, output: String, isQuiet: Bool = false) throws {
    try sized(by: options).startAsSized(options, output: output, isQuiet: isQuiet)
  }

  private func startAsSized(_ options: RunOptions, output: String, isQuiet: Bool) throws {
    // A page that is a recipe all the same.
    if options.explain { return print(settings.plan.map { "# \($0)" }.joined(separator: "\n") + "\n" + settings.yaml) }
    if options.dryRun {
      for line in try rehearse(isProfiled: options.profile) { print(line) }
      return
    }
    var run = try Run(settings)
    run.isProfiled = options.profile
    let folder = try RunFolder.create(output)
    let summary = try run.start(in: folder, command: CommandLine.arguments)
    if !isQuiet { show(summary, in: folder) }
  }

  /// One step, one evaluation, one save, one resume, in a folder that is removed again.
  ///
  /// - Returns: What was done and what the run would do, in lines.
  package func rehearse(isProfiled: Bool) throws -> [String] {
    var run = try Run(settings)
    run.isProfiled = isProfiled
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("dry-run-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    return try run.rehearse(in: RunFolder.create(scratch))
  }

  /// Trains in a folder, or goes on with the run that was begun there, and leaves the figures to the caller.
  package func trainOrGoOn(_ options: RunOptions, in path: String) throws {
    if let begun = try? RunFolder.open(path) {
      Console.standardError.print("going on with \(path)")
      try resume(begun, isQuiet: true)
    } else {
      try startAsSized(options, output: path, isQuiet: true)
    }
  }

  /// Takes steps and shows, for the process that asked, what memory they took.
  package func measureStep() throws { print(try Run.measureStep(of: settings).json.serialized()) }

  /// Goes on with a run.
  package func resume(_ folder: RunFolder, isQuiet: Bool = false) throws {
    let run = settings.run
    try folder.requireFound([run.labeled, run.unlabeled, run.validation, run.test].map(\.source))
    let summary = try Run(settings).resume(in: folder, command: CommandLine.arguments)
    if !isQuiet { show(summary, in: folder) }
  }

  /// The figures of a finished run, on standard output.
  private func show(_ summary: RunSummary, in folder: RunFolder) {
    print(RunComparison([summary]).table(figures: Run.shownFigures(of: summary)).text)
    print("\nrun folder: \(folder.path) (report.html shows it; weights in checkpoints/)")
  }
}
