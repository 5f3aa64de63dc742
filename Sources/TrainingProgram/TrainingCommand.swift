import ArgumentParser
import Documents
import Reporting
import SemiSupervision
import Training

/// What the programs that train have in common: which flags go together, and what they start.
package protocol TrainingCommand: ParsableCommand {
  /// The ways of learning that the program offers.
  associatedtype Methods: MethodRegistry
  /// Finished runs side by side.
  associatedtype Comparison: TaskComparison

  /// Where images and labels come from.
  var data: DataOptions { get }
  /// What is trained.
  var recipe: RecipeOptions<Methods> { get }
  /// Where and how it runs.
  var options: RunOptions { get }
  /// What is compared.
  var comparison: ComparisonOptions { get }
  /// What `--batch auto` starts: takes steps of the settings in a file and says what memory they took.
  var measureStep: String? { get }
  /// Whether none of the program's own flags about data is given.
  var hasNoOtherData: Bool { get }

  /// Compares methods on a set that is drawn.
  func runDemo() throws
  /// Takes steps by a method, and says what they took.
  func measure(_ method: String, _ document: SettingsDocument) throws
  /// Trains by a method in a new folder.
  func start(_ method: String, _ document: SettingsDocument?, output: String) throws
  /// Goes on with a run of a method.
  func resume(_ method: String, _ folder: RunFolder, _ document: SettingsDocument) throws
  /// The runs of a method for a comparison.
  func compared(_ method: String, _ entry: ComparedEntry) throws -> any ComparedMethod
}

extension TrainingCommand {
  /// None.
  package var hasNoOtherData: Bool { true }

  /// Whether the demo is wanted: nothing is said about data.
  private var isDemo: Bool {
    data.isEmpty && hasNoOtherData && options.resume == nil && !recipe.isGiven && options.overfit == nil
  }

  /// Whether the flags fit together.
  package func validate() throws {
    if measureStep != nil { return }
    let imageKeys = ["method.labeled_images", "method.unlabeled_images"]
    if options.batch != nil, let assignment = recipe.assignment(ofAny: imageKeys) {
      throw ValidationError("--batch says how many images a step takes; --set \(assignment) contradicts it.")
    }
    if options.microBatch != nil, let assignment = recipe.assignment(ofAny: ["trainer.accumulation"]) {
      throw ValidationError(
        "--micro-batch says how a step's images are shared out; --set \(assignment) contradicts it.")
    }
    if options.resume != nil, !data.isEmpty || !hasNoOtherData || recipe.isGiven || options.saysAnythingOfARun {
      throw ValidationError("--resume takes everything from the run's folder; only --workers may stand beside it.")
    }
    if !comparison.compare.isEmpty { return try validateComparison() }
    if isDemo, options.batch != nil || options.microBatch != nil {
      let flag = options.batch == nil ? "--micro-batch" : "--batch"
      throw ValidationError("\(flag) is for a run on --labeled SRC; the demo compares methods with their recipes' own.")
    }
    let hasLabels = data.labeled != nil || options.resume != nil
    if !hasLabels, !isDemo, !recipe.listMethods, !recipe.listRecipes {
      throw ValidationError("--labeled SRC is wanted: the labelled images. Without any argument the demo runs.")
    }
  }

  /// Does what the flags ask for.
  package func run() throws {
    if recipe.listMethods {
      Swift.print(recipe.methodList)
      for stage in recipe.firstStages { Console.standardError.print(stage) }
      return
    }
    if recipe.listRecipes { return Swift.print(recipe.recipeList) }
    let names = try comparedNames
    if !names.isEmpty, !names.contains(where: { $0.label != nil }), let output = options.output {
      return try show(Comparison(names.compactMap(\.run)), in: output)
    }
    if let measureStep {
      let document = try SettingsDocument(path: measureStep)
      return try measure(recipe.methodName(of: document), document)
    }
    StopSignals.install()
    #if DEBUG
      Console.standardError.print(
        "note: this is a debug build, many times slower: swift run -c release \(Self.configuration.commandName ?? "")")
    #endif
    if !names.isEmpty, let output = options.output { return try ComparisonSession(self, names).run(in: output) }
    if isDemo { return try runDemo() }
    if let folder = options.resume {
      let folder = try RunFolder.open(folder)
      let document = try SettingsDocument(path: folder.settingsFile)
      return try resume(recipe.methodName(of: document), folder, document)
    }
    let document = try recipe.document()
    let method = try recipe.methodName(of: document)
    try start(method, document, output: options.output ?? RunFolder.nextName(below: "runs", stem: method))
  }

  /// Parses, runs, and ends the process: a failure is one line, a stop by a signal has an exit code of its own.
  package static func runProgram() {
    do {
      var command = try Self.parseAsRoot()
      try command.run()
    } catch let error where error is StoppedByUser || error is StoppedBeforeStart || error is ComparisonStopped {
      Console.standardError.print("\(error)")
      Self.exit(withError: ExitCode(StopSignals.exitCode))
    } catch {
      guard Self.exitCode(for: error) == .failure, !(error is ExitCode) else { Self.exit(withError: error) }
      let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
      Console.standardError.print("error: \(line)")
      Self.exit(withError: ExitCode.failure)
    }
  }
}
