import Documents
import Reporting
import Samples
import Torch
import Training

/// One training run, from its settings to its summary.
public protocol TaskRun {
  /// What decides it.
  associatedtype TaskSettings: RunSettings
  /// What the run does.
  var settings: TaskSettings { get }
  /// Whether time and work of the parts of steps are shown at the end; no setting, as it changes nothing that comes out.
  var isProfiled: Bool { get set }

  /// Reads the data and checks what can be checked before the first step.
  ///
  /// - Throws: For a device that is not there, and whatever is wrong with the data.
  init(_ settings: TaskSettings) throws
  /// Trains in a new folder.
  func start(in folder: RunFolder, command: [String]) throws -> RunSummary
  /// Goes on with the run of a folder; one that is finished is left as it is, one that had not saved yet begins anew.
  func resume(in folder: RunFolder, command: [String]) throws -> RunSummary
  /// One step, one evaluation, one save, one resume, in a folder that the caller removes.
  ///
  /// - Returns: What was done and what a run would do, in lines.
  func rehearse(in folder: RunFolder) throws -> [String]
  /// Takes steps as large as the run may ever take them, and says what memory they took.
  ///
  /// This may end the process: with the engine's line, or by the kernel, which is asked to end it before any other.
  static func measureStep(of settings: TaskSettings) throws -> StepMemory
  /// Seconds of one of the run's own steps, as most of them are: the median of some whose outcome nobody looks at.
  static func stepSeconds(of settings: TaskSettings) throws -> Double
  /// The figures of a summary that are shown when a run has come to its end, by their keys.
  static func shownFigures(of summary: RunSummary) -> [String]
}

/// The images of a run, as far as every task has them.
protocol TaskData {
  /// The labelled images.
  var labeledPool: ImagePool { get }
  /// The unlabelled images; nil where the method reads none.
  var unlabeled: ImagePool? { get }
  /// Unlabelled images that are left out, as their files cannot be used.
  var unusable: [SkippedImage] { get }
  /// Whether there are images to choose the best weights by.
  var hasValidation: Bool { get }
  /// The labelled split, as the summary has it.
  var splitJSON: JSON? { get }
  /// What was noticed, a line each.
  var notes: [String] { get }
}

/// What a run is made of: a method on a network with its first weights, and the judges of held-out images.
protocol TaskParts {
  /// What computes the losses.
  var method: any TrainingMethod<SampleBatch> { get }
  /// The judge of validation images.
  var validationJudge: (any Judge)? { get }
  /// The judge of test images.
  var testJudge: (any Judge)? { get }
  /// What checkpoints say about the network.
  var metadataEntries: [String: String] { get }
  /// What there is to say about the first weights, a line each.
  var notes: [String] { get }
}

/// What a task says about itself so that ``TaskDriver`` can run it: everything but the order in which things are done.
protocol DrivenRun: TaskRun {
  associatedtype Data: TaskData
  associatedtype Parts: TaskParts
  var data: Data { get }
  var setup: RunSetup { get }
  /// The run's images and labels, hashed.
  var record: DataRecord { get }
  /// The network, the method on it, the judges.
  ///
  /// - Parameter saved: A checkpoint that is to be continued.
  func makeParts(saved: SavedRun?) throws -> Parts
  /// The run after what its method does before its own steps.
  func prepared(in folder: RunFolder) throws -> Self
  /// The batches of a method that asks for these views.
  func makeStream(for request: ViewRequest) -> SampleStream
  /// Names under which the observers record.
  func columns(for parts: Parts) -> [String]
  /// What watches the steps beside the log, evaluation and saving.
  func observers(
    for parts: Parts, evaluation: EvaluationObserver?, folder: RunFolder, reporter: RunReporter, from saved: SavedRun?
  ) throws -> [any TrainingObserver]
  /// The report of the run so far.
  func report(of folder: RunFolder) -> RunReport
  /// Writes what belongs to the end beside the summary: the last report, pictures.
  ///
  /// - Parameter judged: What was judged, with the selected weights.
  func finish(_ ending: RunEnding<Parts>, summary: RunSummary) throws
}
