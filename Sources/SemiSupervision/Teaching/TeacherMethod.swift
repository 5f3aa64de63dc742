import Samples
import Training

/// A method in which a student learns from a teacher that is its average: all but what it learns, and how.
///
/// A method of this kind holds its two models and says its `losses`; `modelsDidUpdate` only where its teacher does not follow
/// at every step.
public protocol TeacherMethod: TrainingMethod<SampleBatch>, PseudoBoxShowing {
  /// What of the method can be set.
  associatedtype Settings: TeacherSettings
  /// The student, and its average.
  var models: TeacherStudent<Settings> { get }
}

extension TeacherMethod {
  /// What the settings say.
  public var views: ViewRequest { models.settings.views }
  /// The student with its optimizer.
  public var trainedModels: [TrainedModel] { models.trainedModels }
  /// Teacher and student; the one the settings name is judged.
  public var predictors: [(name: String, predictor: any Predictor)] { models.predictors }
  /// What the last step's teacher passed on; nil while unlabelled images are not learnt from.
  public var taught: TaughtStep? { models.taught }
  /// Moves the teacher towards the student.
  public func modelsDidUpdate(at step: Step) { models.average.update(at: step) }
  /// Ends the burn-in where the judged model is as good as it is to become.
  public func modelsWereJudged(_ judgements: [(name: String, judgement: Judgement)]) {
    models.modelsWereJudged(judgements)
  }
  /// What the two models remember.
  public var state: MethodState { models.state }
  /// Goes on from a saved state.
  public func restore(_ state: MethodState) throws { try models.restore(state) }
}
