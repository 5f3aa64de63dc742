import Documents
import Reporting
import Torch

/// Judges the predictors on held-out images at intervals and at the end, and keeps the best weights of each.
public final class EvaluationObserver: TrainingObserver {
  /// One evaluation: every predictor's judgement after a step.
  public struct Result: Sendable {
    /// Steps done.
    public let step: Int
    /// The judgement of each predictor, the one to be judged by first.
    public let judgements: [(name: String, judgement: Judgement)]
  }

  /// The best weights of one predictor, by its own figure.
  public struct Best: Sendable {
    /// The predictor's name.
    public let name: String
    /// Steps done.
    public let step: Int
    /// The figure that chose them.
    public let value: Double
    /// The figures of all predictors at that step, JSON by name.
    public let figures: JSON
    /// Where they lie.
    public let file: String
  }

  /// The judge.
  public let judge: any Judge
  private let split: String
  private let every: Int
  private let checkpoints: Checkpoints
  private let reporter: RunReporter?
  /// All evaluations of this process.
  public private(set) var results: [Result] = []
  /// The best weights of each predictor that has any, the one to be judged by first, also those from before a resume.
  public private(set) var bests: [Best] = []

  /// Judges every `every` steps (0: only at the end) and saves a predictor whenever its figure improves.
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

  /// Finds the best figures of the run before it was resumed.
  public func runWillBegin(_ run: any TrainingRun) throws {
    guard run.stepsDone > 0 else { return }
    // Weights from steps that are to be done again are as good: the same steps give the same weights.
    bests = try run.predictors.map(\.name).compactMap { name in
      let file = self.file(of: name, in: run)
      guard let saved = try checkpoints.loadBestFigures(file),
        let value = saved.figures[name]?[judge.selectedBy]?.double
      else { return nil }
      return Best(name: name, step: saved.step, value: value, figures: saved.figures, file: file)
    }
  }

  /// Where the best weights of a predictor lie: those of the one to be judged by under the plain name.
  private func file(of name: String, in run: any TrainingRun) -> String {
    name == run.predictors.first?.name
      ? checkpoints.run.bestCheckpoint : checkpoints.run.bestCheckpoint(ofOther: name)
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
    try keepBest(of: judgements, run)
  }

  private func keepBest(of judgements: [(name: String, judgement: Judgement)], _ run: any TrainingRun) throws {
    let all = JSON.object(JSONObject(judgements.map { ($0.name, $0.judgement.json) }))
    for ((name, judgement), (_, predictor)) in zip(judgements, run.predictors) {
      let value = judgement[judge.selectedBy]
      let before = bests.first { $0.name == name }
      guard value.isFinite, before.map({ value > $0.value }) ?? true else { continue }
      let file = file(of: name, in: run)
      try checkpoints.saveBest(
        predictor.model, to: file, predictor: name, method: run.methodName, step: run.stepsDone,
        selectedBy: "\(split).\(name).\(judge.selectedBy)", figures: all)
      let found =
        bests.filter { $0.name != name }
        + [Best(name: name, step: run.stepsDone, value: value, figures: all, file: file)]
      bests = run.predictors.compactMap { predictor in found.first { $0.name == predictor.name } }
    }
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
