import Documents
import Reporting
import Torch
import Training

/// The end of a run: the selected weights judged once on the test images, and the summary.
struct RunEnding<Parts: TaskParts> {
  let checkpoints: Checkpoints
  let parts: Parts
  /// The weights of each model that were best on validation images.
  let bests: [EvaluationObserver.Best]
  /// The run that has come to its end.
  let run: any TrainingRun
  /// What says and lists test images that cannot be used.
  let reporter: RunReporter

  /// What is judged first.
  var judged: (name: String, predictor: any Predictor) {
    guard let judged = run.predictors.first else { preconditionFailure("a method has no predictor") }
    return judged
  }

  /// Loads the selected weights into the model that is judged first, judges it, and writes `summary.json`.
  func summary(imagesPerStep: Int, split: JSON?) throws -> RunSummary {
    let judged = judged
    try checkpoints.loadSelected(into: judged.predictor.model)
    let judgement = try parts.testJudge.flatMap { try EvaluationObserver.judge([judged], by: $0).first?.judgement }
    try reporter.noteHeldOut(judgement?.skipped ?? [], split: "test")
    let selectedBy = parts.validationJudge?.selectedBy ?? ""
    let best = bests.first { $0.name == judged.name }
    for other in bests where other.name != judged.name {
      reporter.message(
        "the best \(other.name) is of step \(other.step), validation \(selectedBy)"
          + " \(NumberText.fixed(other.value, 3)): \(other.file)")
    }
    let summary = RunSummary(
      method: run.methodName, seed: run.seed, steps: run.stepsDone, imagesSeen: run.stepsDone * imagesPerStep,
      seconds: run.seconds, selectedBy: best == nil ? "last step" : "validation.\(judged.name).\(selectedBy)",
      step: best?.step ?? run.stepsDone, stages: try Self.stages(of: checkpoints.run.path),
      validation: (best?.figures.object ?? JSONObject()).members.map { RunSummary.Judged($0.key, $0.value) },
      best: bests.map { RunSummary.Best($0.name, step: $0.step, $0.figures[$0.name] ?? .null) },
      test: judgement?.json, split: split)
    try summary.write(to: checkpoints.run.path)
    return summary
  }

  /// The runs in a run's folder: stages that trained a network before its own steps.
  private static func stages(of run: String) throws -> [RunSummary.Stage] {
    try Folder.names(in: run).sorted().compactMap { name in
      let path = Path.join(run, name)
      let isRun = Folder.hasFile(RunFolder(path: path).summaryFile)
      guard isRun, let stage = try? RunSummary(folder: path) else { return nil }
      return RunSummary.Stage(name, imagesSeen: stage.imagesSeen, seconds: stage.seconds)
    }
  }

  /// The heading of the run's report.
  var title: String { "\(run.methodName), seed \(run.seed): \(run.stepsDone) steps" }
}
