import Detection
import Documents
import Imaging
import Training

/// What looks on while a teacher passes on boxes: contact sheets, counts beside labels, the audit; and their parts of the report.
enum PseudoBoxObservers {
  /// The observers of a method that shows its pseudo-boxes.
  ///
  /// - Parameters:
  ///   - evaluation: What judges the models, told of each step before these; nil without validation images.
  ///   - saved: The checkpoint that is gone on from.
  static func make(
    _ method: any PseudoBoxShowing, data: DetectionData, settings: TrainerSettings, normalization: ResizeNormalize,
    evaluation: EvaluationObserver?, folder: RunFolder, reporter: RunReporter, saved: SavedRun?
  ) throws -> [any TrainingObserver] {
    let classes = data.labeled.classes
    let interval = LookInterval(settings)
    var observers: [any TrainingObserver] = [
      SheetObserver(.pseudoBoxes, folder: folder, every: settings.sheetEvery) {
        method.sheet?.image(classes: classes, normalization: normalization)
      },
      try PseudoBoxStatisticsObserver(
        method, labeled: LabeledCounts(data.labeled), classes: classes, interval: interval, evaluation: evaluation,
        folder: folder, reporter: reporter, saved: saved),
    ]
    if let truth = data.audit {
      observers.append(
        try AuditObserver(
          method, truth: truth, unlabeled: data.unlabeled?.count ?? 0, interval: interval, folder: folder,
          reporter: reporter, saved: saved))
    }
    return observers
  }

  /// Writes the same files once, for boxes that are passed on before the first step: all that score above their class's least.
  ///
  /// - Parameter found: Places in the unlabelled pool, and all boxes found in the image, in its pixels.
  static func write(
    _ found: [(place: Int, boxes: [FoundBox])], above least: [Double], data: DetectionData, folder: RunFolder
  ) throws {
    let classes = data.labeled.classes
    var statistics = PseudoBoxStatistics(classCount: classes.count)
    for (_, boxes) in found {
      statistics.add(boxes.map { (score: $0.score, label: $0.classIndex + 1) }, above: least)
    }
    var file = try LookFile(
      folder.pseudoBoxFile,
      head: PseudoBoxStatisticsObserver.head(LabeledCounts(data.labeled), classes: classes), resumedAt: nil)
    try file.add(step: 0, statistics.json(classes: classes).object ?? JSONObject())
    guard let truth = data.audit else { return }
    var audit = PseudoBoxAudit(classCount: classes.count)
    audit.add(
      found.map { ($0.place, $0.boxes.filter { $0.score > least[$0.classIndex] }) }, truth)
    file = try LookFile(
      folder.auditFile, head: AuditObserver.head(truth, unlabeled: data.unlabeled?.count ?? 0), resumedAt: nil)
    try file.add(step: 0, audit.json(classes: classes).object ?? JSONObject())
  }

  /// The columns of the metrics that they fill; none for a method without a teacher.
  static func columns(of method: (any PseudoBoxShowing)?, data: DetectionData) -> [String] {
    guard method != nil else { return [] }
    return PseudoBoxStatisticsObserver.columns(classes: data.labeled.classes)
      + (data.audit == nil ? [] : AuditObserver.columns)
  }

  /// The report of a run with what they have written.
  static func report(of folder: RunFolder) -> RunReport {
    RunReport(folder, sections: [PseudoBoxSection(), AuditSection(), ThresholdSection()])
  }
}
