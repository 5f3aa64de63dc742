import Documents
import Samples

/// What happens beside the steps of a run: log, evaluation, checkpoints. Observers cannot change a step.
public protocol TrainingObserver: AnyObject {
  /// Called once before the first step of the process, also of a resumed run.
  func runWillBegin(_ run: any TrainingRun) throws
  /// Called after every step.
  func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws
  /// Called when the last step is done or a stop was asked for.
  func runDidEnd(_ run: any TrainingRun) throws
}

extension TrainingObserver {
  /// Nothing.
  public func runWillBegin(_ run: any TrainingRun) throws {}
  /// Nothing.
  public func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {}
  /// Nothing.
  public func runDidEnd(_ run: any TrainingRun) throws {}
}

/// An observer that remembers something from step to step, which a checkpoint keeps: what it counts then comes out the same
/// whether or not the run was stopped on the way.
///
/// It begins at what ``SavedRun/state(ofObserver:)`` has for its name.
public protocol SavedObserver: TrainingObserver {
  /// By which a checkpoint knows its state.
  static var stateName: String { get }
  /// What it remembers.
  var state: JSON { get }
}

/// A run as observers see it: read only, but that a method is told how it was judged.
public protocol TrainingRun: AnyObject {
  /// The method's name.
  var methodName: String { get }
  /// Steps that are done.
  var stepsDone: Int { get }
  /// Seconds that the run has taken, also those before it was resumed.
  var seconds: Double { get }
  /// Steps that were skipped because something was not finite.
  var skippedSteps: Int { get }
  /// The length of the run.
  var length: RunLength { get }
  /// The run's seed.
  var seed: UInt64 { get }
  /// Whether the last step is done.
  var isComplete: Bool { get }
  /// What is evaluated, the one to be judged by first.
  var predictors: [(name: String, predictor: any Predictor)] { get }
  /// Images that could not be used so far.
  var skippedImages: [SkippedImage] { get }
  /// Tells the method what the judge found on validation images.
  func modelsWereJudged(_ judgements: [(name: String, judgement: Judgement)])
  /// All that a checkpoint holds; the tensors share memory with the models, so it is to be written before the next step.
  func snapshot() -> Snapshot
}
