import Documents
import Reporting
import Torch

/// Judges the predictors on held-out images at intervals and at the end, and keeps the best weights.
public final class EvaluationObserver: TrainingObserver {
  /// One evaluation: every predictor's judgement after a step.
  public struct Result: Sendable {
    /// Steps done.
    public let step: Int
    /// The judgement of each predictor, the one to be judged by first.
    public let judgements: [(name: String, judgement: Judgement)]
  }

  /// The judge.
  public let judge: any Judge
  private let split: String
  private let every: Int
  private let checkpoints: Checkpoints
  private let reporter: RunReporter?
  /// All evaluations of this process.
  public private(set) var results: [Result] = []
  /// The step and the figures of the best weights, also of those from before a resume.
  public private(set) var best: (step: Int, value: Double, figures: JSON)?

  /// Judges every `every` steps (0: only at the end) and saves the first predictor whenever its figure improves.
  public init(
    _ judge: any Judge, split: String = "validation", every: Int, checkpoints: Checkpoints, reporter: RunReporter?
  ) {
    precondition(every >= 0, "EvaluationObserver: expected steps between evaluations, got \(every)")
    self.judge = judge
    self.split = split
    self.every = every
    self.checkpoints = checkpoints
    self.reporter = reporter
  }

  /// Finds the best figure of the run before it was resumed.
  public func runWillBegin(_ run: any TrainingRun) throws {
    guard run.stepsDone > 0, let saved = try checkpoints.loadBestFigures() else { return }
    // Weights from steps that are to be done again are as good: the same steps give the same weights.
    let first = run.predictors.first?.name ?? ""
    if let value = saved.figures[first]?[judge.selectedBy]?.double { best = (saved.step, value, saved.figures) }
  }

  /// Judges at the interval.
  public func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    if run.isComplete || (every > 0 && report.stepsDone % every == 0) { try evaluate(run) }
  }

  private func evaluate(_ run: any TrainingRun) throws {
    let judgements = try Self.judge(run.predictors, by: judge)
    run.modelsWereJudged(judgements)
    results.append(Result(step: run.stepsDone, judgements: judgements))
    try reporter?.noteHeldOut(judgements.flatMap(\.judgement.skipped), split: split)
    var figures: [Figure] = []
    for (name, judgement) in judgements {
      figures += judgement.figures.map { Figure("\(split).\(name).\($0.name)", $0.value) }
      let words = judgement.figures.prefix(6).map {
        "\($0.name) " + ($0.value.isFinite ? NumberText.fixed($0.value, 3) : NumberText.missing)
      }
      reporter?.message("step \(run.stepsDone): \(split) \(name): " + words.joined(separator: ", "))
    }
    reporter?.record(step: run.stepsDone, figures)
    guard let first = judgements.first, let model = run.predictors.first?.predictor.model else { return }
    let value = first.judgement[judge.selectedBy]
    guard value.isFinite, best.map({ value > $0.value }) ?? true else { return }
    let all = JSON.object(JSONObject(judgements.map { ($0.name, $0.judgement.json) }))
    try checkpoints.saveBest(
      model, predictor: first.name, method: run.methodName, step: run.stepsDone,
      selectedBy: "\(split).\(first.name).\(judge.selectedBy)", figures: all)
    best = (run.stepsDone, value, all)
  }

  /// Judges predictors in evaluation mode, without gradients, and leaves every model in the mode it was in.
  public static func judge(
    _ predictors: [(name: String, predictor: any Predictor)], by judge: any Judge
  ) throws -> [(name: String, judgement: Judgement)] {
    try predictors.map { name, predictor in
      let wasTraining = predictor.model.isTraining
      predictor.model.evaluate()
      defer { if wasTraining { predictor.model.train() } }
      return (name, try withoutGradients { try judge.judge(predictor) })
    }
  }

  /// The names under which the figures of predictors are recorded.
  public static func columns(
    _ predictors: [(name: String, predictor: any Predictor)], judge: any Judge, split: String = "validation"
  ) -> [String] {
    predictors.flatMap { predictor in judge.figureNames.map { "\(split).\(predictor.name).\($0)" } }
  }
}
