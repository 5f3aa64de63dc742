import Detection
import Documents
import Reporting
import Samples
import Torch
import Training

/// What belongs to the end of a detection run beside its summary: advice about thresholds, figures of classes, pictures.
struct DetectionRunEnding {
  private let ending: RunEnding<DetectionParts>
  private let data: DetectionData
  private let device: Device
  private var parts: DetectionParts { ending.parts }

  init(_ ending: RunEnding<DetectionParts>, data: DetectionData, device: Device) {
    self.ending = ending
    self.data = data
    self.device = device
  }

  /// Writes `thresholds.json` and `report.html`.
  func finish(_ summary: RunSummary) throws {
    let folder = ending.checkpoints.run
    try writeAdvice(ending.run, judged: ending.judged)
    try PseudoBoxObservers.report(of: folder).write(
      title: ending.title, summary: summary, tables: classTables(summary), pictures: pictures(of: ending.judged))
  }

  /// Writes `thresholds.json`, where a teacher has passed on boxes and there are labels to judge them by that it has not learnt.
  private func writeAdvice(_ run: any TrainingRun, judged: (name: String, predictor: any Predictor)) throws {
    let origin: ThresholdAdvice.Origin = data.audit == nil ? .validation : .audit
    guard parts.method is any PseudoBoxShowing, let reading = data.audit?.reading ?? data.validation else { return }
    let asked = run.predictors.first { $0.name == "teacher" } ?? judged
    guard let detector = asked.predictor as? any BoxDetector else { return }
    let isSelected = asked.name == judged.name && ending.bests.contains { $0.name == judged.name }
    let advice = try ThresholdAdvice(reading: reading, classes: data.labeled.classes, origin: origin).ask(
      detector, model: asked.name, selected: isSelected, reader: parts.reader, device: device)
    try AtomicFile.write(advice.serialized(pretty: true), to: ending.checkpoints.run.thresholdFile)
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
