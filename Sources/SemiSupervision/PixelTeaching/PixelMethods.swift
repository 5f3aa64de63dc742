import Layers
import Samples
import Segmentation
import Training

/// A method that learns pseudo-labels of pixels.
public protocol PixelLessonMethod: PseudoPixelShowing {
  /// How sure pixels are, what counts how much, and what is seen of it.
  var lessons: PixelLessons { get }
}

extension PixelLessonMethod {
  /// What was learnt in the last step.
  public var taughtPixels: TaughtPixels? { lessons.taught }
}

/// A method of one network that learns what it says itself: all but what it learns.
public protocol SelfTaughtMethod: StudentMethod, PixelLessonMethod where Model == SegmentationNetwork {}

extension SelfTaughtMethod {
  /// What pixels were like.
  public var state: MethodState { lessons.state }
  /// Goes on from a saved state.
  public func restore(_ state: MethodState) throws { try lessons.restore(state, method: Self.name) }
}

/// A method in which a network learns what its average says about unlabelled pixels: all but what it learns.
public protocol TaughtMethod: TrainingMethod<SampleBatch>, PixelLessonMethod {
  /// What of the method can be set.
  associatedtype Settings: TeacherPixelSettings
  /// What is set.
  var settings: Settings { get }
  /// The network and its average.
  var models: TaughtStudent<SegmentationNetwork> { get }
}

extension TaughtMethod {
  /// What the settings say.
  public var views: ViewRequest { settings.views }
  /// The network with its optimizer.
  public var trainedModels: [TrainedModel] { models.trainedModels }
  /// Teacher and student, the judged one first.
  public var predictors: [(name: String, predictor: any Predictor)] { models.predictors }
  /// Moves the teacher.
  public func modelsDidUpdate(at step: Step) { models.update(at: step) }
  /// The teacher where it is not judged, and what pixels were like.
  public var state: MethodState {
    let lessons = lessons.state
    return MethodState(
      tensors: StateDict(models.state.entries + lessons.tensors.entries), values: lessons.values)
  }
  /// Goes on from a saved state.
  public func restore(_ state: MethodState) throws {
    try models.restore(state.tensors, method: Self.name)
    try lessons.restore(state, method: Self.name)
  }
}
