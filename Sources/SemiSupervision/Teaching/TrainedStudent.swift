import Layers
import Training

/// A network that a method without a teacher trains, and the moving average of its weights, which is judged first where there is one.
public struct TrainedStudent<Model: CopiedNetwork & Predictor> {
  /// The network.
  let model: Model
  /// The network with its optimizer.
  let trainedModels: [TrainedModel]
  private let average: AveragedModel<Model>?

  /// - Parameter memoryImages: Images seen over which the average remembers, as its recipe says it; 0 for no average.
  init(_ model: Model, memoryImages: Int, optimizer: OptimizerSettings, length: RunLength) {
    self.model = model
    average = memoryImages > 0 ? AveragedModel(of: model, memoryImages: length.images(memoryImages)) : nil
    trainedModels = [optimizer.trained("student", model, for: length)]
  }

  /// The network itself; before it its average, where there is one.
  var predictors: [(name: String, predictor: any Predictor)] {
    (average.map { [("average", $0.model)] } ?? []) + [("student", model)]
  }

  /// Moves the average.
  func update(at step: Step) { average?.update(at: step) }
}

extension AverageMemory {
  /// That an average is judged, in words; nothing where there is none.
  static func judgedPlan(memoryImages: Int, for length: RunLength) -> [String] {
    memoryImages > 0
      ? ["judged is an average of the weights, which " + plan(memoryImages: memoryImages, for: length)] : []
  }
}
