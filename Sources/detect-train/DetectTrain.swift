import ArgumentParser
import Documents
import Reporting
import SemiSupervision
import Training

/// The program `detect-train`: trains an object detector.
struct DetectTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect-train",
    abstract: "Trains an object detector on photographs with boxes.",
    usage: """
      detect-train
      detect-train --labeled SRC [--validation SRC] [--test SRC] [--recipe NAME] [--output DIR] …
      detect-train --resume RUN
      detect-train --compare RUN RUN … --output DIR
      """,
    discussion: """
      Without arguments it draws a demo set, trains a supervised baseline and Soft Teacher on a tenth of its labels, and \
      compares them. SRC is a COCO JSON file, a VOC folder (Annotations/, JPEGImages/, ImageSets/), a VOC JSON file or a folder of LabelMe's JSON; a list names a subset, one image a line.
      Exit code 0: done. 1: bad input or a failed run, with one line on standard error. 64: wrong arguments. 130: stopped \
      by a signal after saving; a second signal stops at once.
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "What to train, and how") var recipe: RecipeOptions
  @OptionGroup(title: "The run") var options: RunOptions
  /// What `--batch auto` starts: takes steps of the settings in a file and says what memory they took.
  @Option(help: .hidden) var measureStep: String?

  func validate() throws {
    if measureStep != nil { return }
    let imageKeys = ["method.labeled_images", "method.unlabeled_images"]
    if options.batch != nil, let assignment = recipe.assignment(ofAny: imageKeys) {
      throw ValidationError("--batch says how many images a step takes; --set \(assignment) contradicts it.")
    }
    if options.microBatch != nil, let assignment = recipe.assignment(ofAny: ["trainer.accumulation"]) {
      throw ValidationError(
        "--micro-batch says how a step's images are shared out; --set \(assignment) contradicts it.")
    }
    if options.resume != nil, !data.isEmpty || recipe.isGiven || options.saysAnythingOfARun {
      throw ValidationError("--resume takes everything from the run's folder; only --workers may stand beside it.")
    }
    if !options.compare.isEmpty {
      guard options.output != nil, data.isEmpty, !recipe.isGiven, options.resume == nil, !options.saysAnythingButOutput
      else { throw ValidationError("--compare wants --output DIR beside it, and nothing else.") }
      return
    }
    if isDemo, options.batch != nil || options.microBatch != nil {
      let flag = options.batch == nil ? "--micro-batch" : "--batch"
      throw ValidationError("\(flag) is for a run on --labeled SRC; the demo compares methods with their recipes' own.")
    }
    let hasLabels = data.labeled != nil || options.resume != nil
    if !hasLabels, !isDemo, !recipe.listMethods, !recipe.listRecipes {
      throw ValidationError("--labeled SRC is wanted: the labelled images. Without any argument the demo runs.")
    }
  }

  /// Whether the demo is wanted: nothing is said about data.
  private var isDemo: Bool { data.isEmpty && options.resume == nil && !recipe.isGiven && options.overfit == nil }

  func run() throws {
    if recipe.listMethods { return Swift.print(recipe.methodList) }
    if recipe.listRecipes { return Swift.print(recipe.recipeList) }
    if !options.compare.isEmpty, let output = options.output { return try compare(to: output) }
    if let measureStep {
      let document = try SettingsDocument(path: measureStep)
      return try measure(recipe.method(of: document), document)
    }
    StopSignals.install()
    #if DEBUG
      Console.standardError.print("note: this is a debug build, many times slower: swift run -c release detect-train")
    #endif
    if isDemo { return try Demo.run(options) }
    if let folder = options.resume {
      let folder = try RunFolder.open(folder)
      let document = try SettingsDocument(path: folder.settingsFile)
      return try resume(recipe.method(of: document), folder, document)
    }
    let document = try recipe.document()
    try start(recipe.method(of: document), document)
  }

  private func compare(to output: String) throws {
    let comparison = try DetectionComparison(options.compare)
    try comparison.write(to: output)
    for note in comparison.notes { Console.standardError.print("note: \(note)") }
    Swift.print(comparison.table.text + "\n\n\(Path.join(output, DetectionComparison.page))")
  }

  private func start<Method: DetectionMethodSettings>(_ method: Method.Type, _ document: SettingsDocument?) throws {
    let output = options.output ?? RunFolder.nextName(below: "runs", stem: method.init().name)
    try TrainingSession<Method>(document, recipe: recipe, data: data, run: options).start(options, output: output)
  }

  private func measure<Method: DetectionMethodSettings>(_: Method.Type, _ document: SettingsDocument) throws {
    try TrainingSession<Method>(document: document, workers: nil).measureStep()
  }

  private func resume<Method: DetectionMethodSettings>(
    _ method: Method.Type, _ folder: RunFolder, _ document: SettingsDocument
  ) throws {
    try TrainingSession<Method>(document: document, workers: options.workers).resume(folder)
  }
}

@main
enum Program {
  static func main() {
    do {
      var command = try DetectTrain.parseAsRoot()
      try command.run()
    } catch let error where error is StoppedByUser || error is StoppedBeforeStart {
      Console.standardError.print("\(error)")
      DetectTrain.exit(withError: ExitCode(StopSignals.exitCode))
    } catch {
      guard DetectTrain.exitCode(for: error) == .failure, !(error is ExitCode) else {
        DetectTrain.exit(withError: error)
      }
      let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
      Console.standardError.print("error: \(line)")
      DetectTrain.exit(withError: ExitCode.failure)
    }
  }
}
