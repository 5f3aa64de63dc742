import Samples

/// One way of learning from labelled and unlabelled images.
///
/// A method computes losses; it never updates, logs, moves to a device or calls `backward`. All but `views`,
/// `trainedModels`, `predictors` and `losses` have empty defaults.
public protocol TrainingMethod<Batch>: AnyObject {
  /// What the data stream delivers for a step.
  associatedtype Batch
  /// The name for `--method`, such as `soft-teacher`.
  static var name: String { get }
  /// What the method asks of the streams: how many images, weak and strong views.
  var views: ViewRequest { get }
  /// The models that are optimized: saved-name prefix, model, optimizer and schedule of each.
  var trainedModels: [TrainedModel] { get }
  /// What is evaluated, the one to be judged by first: declared beforehand, never chosen by its result.
  var predictors: [(name: String, predictor: any Predictor)] { get }
  /// Called before the first step of every epoch.
  func epochWillBegin(_ epoch: Int)
  /// The losses of one step. Does not update anything.
  func losses(for batch: Batch, at step: Step) -> Losses
  /// Called after the optimizers have moved the trained models.
  func modelsDidUpdate(at step: Step)
  /// Called with what the judge found on validation images, the predictors in their order.
  func modelsWereJudged(_ judgements: [(name: String, judgement: Judgement)])
  /// All the method remembers between steps beside the trained models.
  var state: MethodState { get }
  /// Goes on from a saved state.
  func restore(_ state: MethodState) throws
}

extension TrainingMethod {
  /// Nothing.
  public func epochWillBegin(_ epoch: Int) {}
  /// Nothing.
  public func modelsDidUpdate(at step: Step) {}
  /// Nothing.
  public func modelsWereJudged(_ judgements: [(name: String, judgement: Judgement)]) {}
  /// Nothing is remembered.
  public var state: MethodState { MethodState() }
  /// Refuses a state of another method.
  public func restore(_ state: MethodState) throws {
    guard state.isEmpty else {
      throw RunError.data("method '\(Self.name)' remembers nothing, the saved state holds something")
    }
  }
}
