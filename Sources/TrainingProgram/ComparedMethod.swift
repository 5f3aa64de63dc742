import Documents
import SemiSupervision
import Training

/// A method of a comparison: its settings, and how long it trains.
package protocol ComparedMethod {
  /// By what its runs are named.
  var name: String { get }
  /// The method's name.
  var method: String { get }
  /// Where its settings come from, in words.
  var source: String { get }
  /// Images of each kind that a step takes.
  var stepImages: StepImages { get }
  /// Images that it sees in all of its stages.
  var allImages: Int { get }
  /// Steps of each stage that trains a network, the last stage's last.
  var stepsOfStages: [Int] { get }
  /// The seed of its first run.
  var firstSeed: UInt64 { get }
  /// Its run in words.
  var plan: [String] { get }

  /// Why it cannot take a `--set`; nil where it can.
  func refusal(of assignment: String) -> (any Error)?
  /// Makes all of its stages together see so many images.
  mutating func see(images: Int) throws
  /// Seconds of a step, measured.
  func stepSeconds() throws -> Double
  /// Reads the data, and finds out what can be found out before the first step.
  mutating func check() throws
  /// What the folder of its run by a seed holds; refuses one that holds anything else.
  func state(seed: UInt64, in path: String) throws -> ComparedState
  /// Trains by a seed in a folder, or goes on there.
  func train(seed: UInt64, in path: String) throws
  /// One step, one evaluation, one save, one resume.
  func rehearse() throws -> [String]
}

/// How far a run of a comparison is.
package enum ComparedState: String {
  /// Nothing is there.
  case new
  /// It was stopped or killed, and can be gone on with.
  case begun
  /// It has come to its end.
  case finished
}

/// What is said about a method before its settings are read.
package struct ComparedEntry {
  /// By what its runs are named.
  package let name: String
  /// What is laid over the defaults; nil for nothing.
  package let document: SettingsDocument?
  /// Where that comes from, in words.
  package let source: String
}

/// A method of a comparison as the runs of its task.
package struct ComparedTraining<Run: TaskRun>: ComparedMethod {
  package let name: String
  package let source: String
  private let options: RunOptions
  private var settings: Run.TaskSettings
  /// The settings with all that a run finds out itself, such as what the device computes in.
  private var resolved: Run.TaskSettings?

  /// The settings that a recipe and flags make for one method: keys of `method` that it does not have are other methods'.
  package init<Methods>(
    _ entry: ComparedEntry, recipe: RecipeOptions<Methods>, data: DataOptions, run: RunOptions,
    adjust: (inout Run.TaskSettings) -> Void = { _ in }
  ) throws {
    (name, source, options) = (entry.name, entry.source, run)
    var (recipe, run) = (recipe, run)
    recipe.set = try recipe.set.filter { try Self.knows($0) }
    run.steps = nil
    let session = try TrainingSession<Run>(entry.document, recipe: recipe, data: data, run: run) { settings in
      adjust(&settings)
      guard settings.method.views.unlabeled.images == 0 else { return }
      (settings.run.unlabeled, settings.run.audit) = (LabelSource(), LabelSource())
    }
    settings = try session.sized(by: run).settings
  }

  private static func knows(_ assignment: String) throws -> Bool {
    let document = try SettingsDocument(assignment: assignment)
    let isOfMethod = !document.differences(from: document.without(["method"])).isEmpty
    return !isOfMethod || Run.TaskSettings.knows(document)
  }

  package var method: String { settings.method.name }
  package var stepImages: StepImages { settings.method.stepImages }
  package var allImages: Int { settings.allImages }
  package var stepsOfStages: [Int] { settings.stepsOfStages }
  package var firstSeed: UInt64 { settings.run.seed }
  package var plan: [String] { settings.plan }

  package func refusal(of assignment: String) -> (any Error)? {
    do {
      guard try !Self.knows(assignment) else { return nil }
      _ = try Run.TaskSettings.resolved([], assignments: [assignment])
      return nil
    } catch {
      return error
    }
  }
  package mutating func see(images: Int) throws { settings = try settings.seeing(images) }
  package func stepSeconds() throws -> Double { try Run.stepSeconds(of: settings) }
  package mutating func check() throws { resolved = try Run(settings).settings }

  private func settings(seed: UInt64) -> Run.TaskSettings {
    var settings = settings
    settings.run.seed = seed
    return settings
  }

  package func state(seed: UInt64, in path: String) throws -> ComparedState {
    let folder = RunFolder(path: path)
    guard Folder.hasFile(folder.settingsFile) else {
      // Refuses what holds anything else; an empty folder is what a start makes first.
      _ = Folder.hasAnything(at: path) ? try RunFolder.create(path) : nil
      return .new
    }
    var own = resolved ?? settings
    own.run.seed = seed
    let document = try SettingsDocument(yaml: own.yaml, name: "the settings of \(name)")
    let differences = try document.differences(
      from: SettingsDocument(path: folder.settingsFile), ignoring: ["run.workers", "run.threads"])
    if let first = differences.first {
      throw RunError.data(
        "\(path): holds a run by other settings (\(first.key) is \(first.other ?? "not there") there, \(first.own ?? "not there")"
          + " here): another --output is wanted, or the command by which it was begun")
    }
    return Folder.hasFile(folder.summaryFile) ? .finished : .begun
  }

  package func train(seed: UInt64, in path: String) throws {
    try TrainingSession<Run>(settings(seed: seed)).trainOrGoOn(options, in: path)
  }

  package func rehearse() throws -> [String] {
    try TrainingSession<Run>(settings).rehearse(isProfiled: false)
  }
}
