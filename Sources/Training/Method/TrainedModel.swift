import Layers

/// A model that is optimized, with what moves it.
public struct TrainedModel {
  /// Before the names of its tensors in what is saved for resuming, such as `student`.
  public let name: String
  /// The model.
  public let model: Module
  /// What moves its parameters.
  public let optimizer: any Optimizer
  /// The rate that the schedule's factor multiplies.
  public let learningRate: Double
  /// The factor over the run.
  public let schedule: LearningRateSchedule

  /// A model with its optimizer and schedule.
  public init(
    name: String, model: Module, optimizer: any Optimizer, learningRate: Double, schedule: LearningRateSchedule
  ) {
    self.name = name
    self.model = model
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
  }

  /// The learning rate at a step.
  public func learningRate(at step: Int) -> Double { learningRate * schedule.factor(at: step) }
}
