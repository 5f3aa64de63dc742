import Samples
import Training

/// A method that trains one network, whose moving average is judged where there is one: all but what it learns.
public protocol StudentMethod: TrainingMethod<SampleBatch> {
  /// What of the method can be set.
  associatedtype Settings: RunMethodSettings
  /// The kind of network.
  associatedtype Model: CopiedNetwork & Predictor
  /// What is set.
  var settings: Settings { get }
  /// The network and its average.
  var student: TrainedStudent<Model> { get }
}

extension StudentMethod {
  /// What the settings say.
  public var views: ViewRequest { settings.views }
  /// The network with its optimizer.
  public var trainedModels: [TrainedModel] { student.trainedModels }
  /// The network itself; before it its average, where there is one.
  public var predictors: [(name: String, predictor: any Predictor)] { student.predictors }
  /// Moves the average.
  public func modelsDidUpdate(at step: Step) { student.update(at: step) }
}
