import Documents
import Layers
import Reporting
import Torch

/// Everything a run does, once: one step, one evaluation, one save, one resume; so that what would fail after hours
/// fails now.
public enum DryRun {
  /// Runs it and says in lines what was done.
  ///
  /// - Parameters:
  ///   - run: a folder for the checkpoint; it is written as in a run.
  ///   - judge: the judge of the run, where there is one.
  ///   - makeTrainer: the run at its beginning; called twice, as a resumed run builds everything anew.
  public static func perform<Method: TrainingMethod, Source: BatchSource>(
    in run: RunFolder, metadata: [String: String] = [:], judge: (any Judge)?,
    makeTrainer: () throws -> Trainer<Method, Source>
  ) throws -> [String] {
    var lines: [String] = []
    let trainer = try makeTrainer()
    lines += plan(of: trainer)
    let report = try trainer.takeStep()
    if let skip = report.skip {
      throw RunError.notFinite(step: 0, terms: skip.terms, images: skip.images, count: 1)
    }
    let terms = report.terms.map { "\($0.name) \(Self.text($0.value))" }
    lines.append("one step: \(terms.joined(separator: ", ")); \(text(report.seconds)) s")
    if let judge {
      for (name, judgement) in try EvaluationObserver.judge(trainer.predictors, by: judge) {
        let figures = judgement.figures.prefix(3).map { "\($0.name) \(Self.text($0.value))" }
        lines.append("one evaluation of \(name): \(figures.joined(separator: ", "))")
        lines += judgement.skipped.map { "cannot be used: \($0.path): \($0.reason)" }
      }
    }
    let checkpoints = Checkpoints(run: run, metadata: metadata)
    try checkpoints.saveLast(trainer.snapshot())
    lines.append("one save: \(run.lastCheckpoint)")

    let resumed = try makeTrainer()
    try resumed.restore(checkpoints.loadLast())
    for (one, other) in zip(trainer.models, resumed.models) {
      for (before, after) in zip(one.model.stateDict().entries, other.model.stateDict().entries)
      where !before.tensor.isEqual(to: after.tensor) {
        throw RunError.checkpoint(file: run.lastCheckpoint, reason: "'\(one.name).\(before.name)' came back changed")
      }
    }
    try resumed.takeStep()
    lines.append("one resume: the weights came back equal, and the next step ran")
    return lines
  }

  /// What a run will do, in lines: its length, its epochs, its models with their learning rates.
  public static func plan<Method: TrainingMethod, Source: BatchSource>(of trainer: Trainer<Method, Source>) -> [String]
  {
    let length = trainer.length
    let perEpoch = trainer.stepsPerEpoch
    var lines = [
      "method \(Method.name), seed \(trainer.seed)",
      "\(length.steps) steps of \(length.imagesPerStep) images: \(length.steps * length.imagesPerStep) images,"
        + " \(text(Double(length.steps) / Double(perEpoch))) epochs of \(perEpoch) steps",
    ]
    if length.timeScale != 1 { lines.append("times of the recipe are multiplied by \(text(length.timeScale))") }
    for trained in trainer.models {
      let parameters = trained.optimizer.parameters
      let count = parameters.reduce(0) { $0 + $1.parameter.value.count }
      let rates = [0, trained.schedule.warmupSteps, length.steps / 2, length.steps - 1].map {
        "\(text(trained.learningRate(at: min($0, length.steps - 1)))) at step \(min($0, length.steps - 1) + 1)"
      }
      var shown: [String] = []
      for rate in rates where !shown.contains(rate) { shown.append(rate) }
      lines.append(
        "\(trained.name): \(parameters.count) trained tensors of \(count) numbers; learning rate "
          + shown.joined(separator: ", "))
    }
    lines.append("judged by: " + trainer.predictors.map(\.name).joined(separator: ", then "))
    return lines
  }

  private static func text(_ value: Double) -> String { NumberText.short(value) }
}
