import Documents
import Training

/// Counts what a teacher passes on, beside the labels: `pseudo-boxes.json`, columns of the metrics, and warnings in words.
final class PseudoBoxStatisticsObserver: SavedObserver {
  static let stateName = "pseudo-boxes"

  private let method: any PseudoBoxShowing
  private let classes: [String]
  private let interval: LookInterval
  private let evaluation: EvaluationObserver?
  private let reporter: RunReporter
  private var statistics: PseudoBoxStatistics
  private var balance: PseudoBoxBalance
  private var watch: TeacherWatch
  private var file: LookFile

  /// Begins, or goes on with what a checkpoint has for it.
  ///
  /// - Parameter evaluation: What judges the models, before this is told of a step; nil without validation images.
  init(
    _ method: any PseudoBoxShowing, labeled: LabeledCounts, classes: [String], interval: LookInterval,
    evaluation: EvaluationObserver?, folder: RunFolder, reporter: RunReporter, saved: SavedRun?
  ) throws(DocumentError) {
    self.method = method
    self.classes = classes
    self.interval = interval
    self.evaluation = evaluation
    self.reporter = reporter
    let state = saved?.state(ofObserver: Self.stateName)
    statistics =
      PseudoBoxStatistics(state?["statistics"], classes: classes) ?? PseudoBoxStatistics(classCount: classes.count)
    balance = PseudoBoxBalance(labeled, classes: classes, state?["balance"])
    watch = TeacherWatch(state?["watch"])
    file = try LookFile(
      folder.pseudoBoxFile, head: Self.head(labeled, classes: classes), resumedAt: saved?.stepsDone)
  }

  /// What stands before the looks in the file.
  static func head(_ labeled: LabeledCounts, classes: [String]) -> JSONObject {
    JSONObject([
      (
        "labeled",
        [
          "images": JSON(labeled.images),
          "objects": .object(JSONObject(zip(classes, labeled.objects).map { ($0, JSON($1)) })),
        ]
      )
    ])
  }

  /// The columns that a look fills.
  static func columns(classes: [String]) -> [String] { classes.map { "pseudoBoxes.\($0)" } }

  var state: JSON {
    ["statistics": statistics.json(classes: classes), "balance": balance.state, "watch": watch.state]
  }

  func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    if let taught = method.taught {
      let before = statistics.passed(.classes)
      statistics.add(taught)
      let passed = zip(statistics.passed(.classes), before).map { $0 - $1 }
      warn(balance.look(images: taught.found.count, passed: passed), at: report.stepsDone)
    }
    if let judged = evaluation?.results.last, judged.step == report.stepsDone {
      warn(
        watch.look(
          best: statistics.bestScores, judgements: judged.judgements, figure: evaluation?.judge.selectedBy ?? ""),
        at: report.stepsDone)
    }
    guard interval.isDue(after: report, of: run), statistics.images > 0 else { return }
    try file.add(step: report.stepsDone, look)
    reporter.record(
      step: report.stepsDone,
      zip(Self.columns(classes: classes), statistics.passed(.classes)).map {
        Figure($0, Double($1) / Double(statistics.images))
      })
    statistics = PseudoBoxStatistics(classCount: classes.count)
  }

  func runDidEnd(_ run: any TrainingRun) throws {
    if !run.isComplete, statistics.images > 0 { try file.show(step: run.stepsDone, look) }
  }

  private var look: JSONObject { statistics.json(classes: classes).object ?? JSONObject() }

  private func warn(_ lines: [String], at step: Int) {
    for line in lines { reporter.message("warning: step \(step): \(line)") }
  }
}
