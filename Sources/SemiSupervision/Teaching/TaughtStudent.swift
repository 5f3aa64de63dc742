import Layers
import Training

/// A network that is trained, and the moving average of its weights, which teaches it.
public final class TaughtStudent<Model: CopiedNetwork & Predictor> {
  /// The network that is trained.
  let student: Model
  /// The student with its optimizer.
  let trainedModels: [TrainedModel]
  private let average: AveragedModel<Model>
  private let judged: JudgedModel

  /// The average; in evaluation mode.
  var teacher: Model { average.model }

  /// A teacher that starts as a copy of `student`.
  ///
  /// - Parameter memoryImages: Images seen over which the teacher remembers, as its recipe says it.
  init(
    _ student: Model, memoryImages: Int, judged: JudgedModel, optimizer: OptimizerSettings, length: RunLength
  ) {
    self.student = student
    self.judged = judged
    average = AveragedModel(of: student, memoryImages: length.images(memoryImages))
    trainedModels = [optimizer.trained("student", student, for: length)]
  }

  /// The judged model first.
  var predictors: [(name: String, predictor: any Predictor)] {
    let both: [(name: String, predictor: any Predictor)] = [("teacher", teacher), ("student", student)]
    return judged == .teacher ? both : both.reversed()
  }

  /// Moves the teacher towards the student.
  func update(at step: Step) { average.update(at: step) }

  /// Whether the teacher remembers nothing.
  var teacherEqualsStudent: Bool { average.equalsSource }

  /// The teacher, unless it is judged and saved as such.
  var state: StateDict {
    judged == .teacher ? StateDict([]) : teacher.stateDict().addingPrefix("teacher.")
  }

  /// Goes on with a saved teacher.
  func restore(_ state: StateDict, method: String) throws {
    guard judged == .student else { return }
    do {
      try teacher.load(state.removingPrefix("teacher."), source: "the teacher of method '\(method)'")
    } catch {
      throw RunError.data("the state of method '\(method)' has no teacher: \(error.report.summary)")
    }
  }
}
