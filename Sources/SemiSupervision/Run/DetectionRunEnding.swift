import Detection
import Documents
import Reporting
import Samples
import Torch
import Training

/// The end of a detection run: the selected weights judged once on the test images, the summary, the report.
struct DetectionRunEnding {
  let checkpoints: Checkpoints
  let parts: DetectionParts
  let data: DetectionData
  let device: Device
  /// The weights of each model that were best on validation images.
  let bests: [EvaluationObserver.Best]
  /// What says and lists test images that cannot be used.
  let reporter: RunReporter

  /// Writes `summary.json` and `report.html`.
  func finish(_ run: any TrainingRun, imagesPerStep: Int) throws -> RunSummary {
    guard let judged = run.predictors.first else { preconditionFailure("a method has no predictor") }
    try checkpoints.loadSelected(into: judged.predictor.model)
    let judgement = try parts.test.flatMap { try EvaluationObserver.judge([judged], by: $0).first?.judgement }
    try reporter.noteHeldOut(judgement?.skipped ?? [], split: "test")
    let best = bests.first { $0.name == judged.name }
    for other in bests where other.name != judged.name {
      let name = parts.validation?.selectedBy ?? ""
      reporter.message(
        "the best \(other.name) is of step \(other.step), validation \(name) \(NumberText.fixed(other.value, 3)):"
          + " \(other.file)")
    }
    let summary = RunSummary(
      method: run.methodName, seed: run.seed, steps: run.stepsDone, imagesSeen: run.stepsDone * imagesPerStep,
      seconds: run.seconds,
      selectedBy: best == nil ? "last step" : "validation.\(judged.name).\(parts.validation?.selectedBy ?? "")",
      step: best?.step ?? run.stepsDone,
      validation: (best?.figures.object ?? JSONObject()).members.map { RunSummary.Judged($0.key, $0.value) },
      best: bests.map { RunSummary.Best($0.name, step: $0.step, $0.figures[$0.name] ?? .null) },
      test: judgement?.json, split: data.split?.json)
    try summary.write(to: checkpoints.run.path)
    try writeAdvice(run, judged: judged)
    try PseudoBoxObservers.report(of: checkpoints.run).write(
      title: "\(run.methodName), seed \(run.seed): \(run.stepsDone) steps", summary: summary,
      tables: classTables(summary), pictures: pictures(of: judged))
    return summary
  }

  /// Writes `thresholds.json`, where a teacher has passed on boxes and there are labels to judge them by that it has not learnt.
  private func writeAdvice(_ run: any TrainingRun, judged: (name: String, predictor: any Predictor)) throws {
    let origin: ThresholdAdvice.Origin = data.audit == nil ? .validation : .audit
    guard parts.method is any PseudoBoxShowing, let reading = data.audit?.reading ?? data.validation else { return }
    let asked = run.predictors.first { $0.name == "teacher" } ?? judged
    guard let detector = asked.predictor as? any BoxDetector else { return }
    let isSelected = asked.name == judged.name && bests.contains { $0.name == judged.name }
    let advice = try ThresholdAdvice(reading: reading, classes: data.labeled.classes, origin: origin).ask(
      detector, model: asked.name, selected: isSelected, reader: parts.reader, device: device)
    try AtomicFile.write(advice.serialized(pretty: true), to: checkpoints.run.thresholdFile)
  }

  private func pictures(of judged: (name: String, predictor: any Predictor)) throws -> [HTMLReport.Picture] {
    guard let detector = judged.predictor as? any BoxDetector, let reading = data.test ?? data.validation else {
      return []
    }
    let wasTraining = detector.model.isTraining
    detector.model.evaluate()
    defer { if wasTraining { detector.model.train() } }
    return try DetectionPictures(reading: reading, classes: data.labeled.classes).pictures(
      of: [(judged.name, DetectionReader(detector, reader: parts.reader, device: device))])
  }

  /// AP and AP50 of each class, on the test images, else on those of validation.
  private func classTables(_ summary: RunSummary) -> [(table: MetricTable, caption: String)] {
    guard let figures = summary.test ?? summary.validation.first?.metrics,
      let classes = figures["classes"]?.object?.members
    else { return [] }
    var table = MetricTable([.init("class", .left), .init("AP"), .init("AP50")])
    for entry in classes {
      let half = figures["classesAP50"]?[entry.key]?.double
      table.append([entry.key] + [entry.value.double, half].map { $0.map(NumberText.figure) ?? NumberText.missing })
    }
    return [(table, "Each class on the \(summary.test == nil ? "validation" : "test") images")]
  }
}
