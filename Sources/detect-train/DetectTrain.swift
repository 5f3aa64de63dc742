import ArgumentParser
import SemiSupervision
import Training
import TrainingProgram

/// The program `detect-train`: trains an object detector.
struct DetectTrain: TrainingCommand {
  typealias Comparison = DetectionComparison

  static let configuration = CommandConfiguration(
    commandName: "detect-train",
    abstract: "Trains an object detector on photographs with boxes.",
    usage: """
      detect-train
      detect-train --labeled SRC [--validation SRC] [--test SRC] [--recipe NAME] [--output DIR] …
      detect-train --resume RUN
      detect-train --compare METHOD,METHOD,… [--seeds N] [--steps N | --minutes M] --labeled SRC … [--recipe NAME] --output DIR
      detect-train --compare RUN RUN … --output DIR
      """,
    discussion: """
      Without arguments it draws a demo set, trains a supervised baseline and Soft Teacher on a tenth of its labels, and \
      compares them. SRC is a COCO JSON file, a VOC folder (Annotations/, JPEGImages/, ImageSets/), a VOC JSON file or a folder of LabelMe's JSON; a list names a subset, one image a line.
      Exit code 0: done. 1: bad input or a failed run, with one line on standard error. 64: wrong arguments. 130: stopped \
      by a signal after saving; a second signal stops at once.
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "What to train, and how") var recipe: RecipeOptions<DetectionMethods>
  @OptionGroup(title: "The run") var options: RunOptions
  @OptionGroup(title: "A comparison") var comparison: ComparisonOptions
  /// What `--batch auto` starts: takes steps of the settings in a file and says what memory they took.
  @Option(help: .hidden) var measureStep: String?

  func runDemo() throws { try Demo.run(options) }

  func measure(_ method: String, _ document: SettingsDocument) throws {
    try measure(settings(of: method), document)
  }

  func start(_ method: String, _ document: SettingsDocument?, output: String) throws {
    try start(settings(of: method), document, output)
  }

  func resume(_ method: String, _ folder: RunFolder, _ document: SettingsDocument) throws {
    try resume(settings(of: method), folder, document)
  }

  func compared(_ method: String, _ entry: ComparedEntry) throws -> any ComparedMethod {
    try compared(settings(of: method), entry)
  }

  /// The settings of a method, whose name is known to be one.
  private func settings(of method: String) -> any DetectionMethodSettings.Type {
    DetectionMethods.settings(named: method) ?? Supervised.Settings.self
  }

  private func start<Method: DetectionMethodSettings>(
    _: Method.Type, _ document: SettingsDocument?, _ output: String
  ) throws {
    try TrainingSession<DetectionRun<Method>>(document, recipe: recipe, data: data, run: options)
      .start(options, output: output)
  }

  private func compared<Method: DetectionMethodSettings>(
    _: Method.Type, _ entry: ComparedEntry
  ) throws -> any ComparedMethod {
    try ComparedTraining<DetectionRun<Method>>(entry, recipe: recipe, data: data, run: options)
  }

  private func measure<Method: DetectionMethodSettings>(_: Method.Type, _ document: SettingsDocument) throws {
    try TrainingSession<DetectionRun<Method>>(document: document, workers: nil).measureStep()
  }

  private func resume<Method: DetectionMethodSettings>(
    _: Method.Type, _ folder: RunFolder, _ document: SettingsDocument
  ) throws {
    try TrainingSession<DetectionRun<Method>>(document: document, workers: options.workers).resume(folder)
  }
}

@main
enum Program {
  static func main() { DetectTrain.runProgram() }
}
