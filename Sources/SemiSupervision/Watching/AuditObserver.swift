import Documents
import Reporting
import Training

/// Measures by hidden labels what a teacher passes on: `audit.json`, columns of the metrics, and a line of the log at each look.
final class AuditObserver: SavedObserver {
  static let stateName = "audit"

  private let method: any PseudoBoxShowing
  private let truth: HiddenTruth
  private let interval: LookInterval
  private let reporter: RunReporter
  private var audit: PseudoBoxAudit
  private var file: LookFile

  /// Begins, or goes on with what a checkpoint has for it.
  init(
    _ method: any PseudoBoxShowing, truth: HiddenTruth, unlabeled: Int, interval: LookInterval, folder: RunFolder,
    reporter: RunReporter, saved: SavedRun?
  ) throws(DocumentError) {
    self.method = method
    self.truth = truth
    self.interval = interval
    self.reporter = reporter
    audit =
      PseudoBoxAudit(saved?.state(ofObserver: Self.stateName), classes: truth.classes)
      ?? PseudoBoxAudit(classCount: truth.classes.count)
    file = try LookFile(
      folder.auditFile, head: Self.head(truth, unlabeled: unlabeled), resumedAt: saved?.stepsDone)
  }

  /// What stands before the looks in the file.
  static func head(_ truth: HiddenTruth, unlabeled: Int) -> JSONObject {
    JSONObject([
      ("source", JSON(truth.source)), ("covered", JSON(truth.count)), ("unlabeled", JSON(unlabeled)),
    ])
  }

  var state: JSON { audit.json(classes: truth.classes) }

  func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    if let taught = method.taught { audit.add(taught, truth) }
    guard interval.isDue(after: report, of: run), audit.images > 0 else { return }
    try file.add(step: report.stepsDone, look)
    reporter.record(step: report.stepsDone, figures)
    reporter.message("step \(report.stepsDone): \(words)")
    audit = PseudoBoxAudit(classCount: truth.classes.count)
  }

  func runDidEnd(_ run: any TrainingRun) throws {
    if !run.isComplete, audit.images > 0 { try file.show(step: run.stepsDone, look) }
  }

  private var look: JSONObject { audit.json(classes: truth.classes).object ?? JSONObject() }

  /// The columns that a look fills.
  static var columns: [String] {
    PseudoBoxes.Purpose.allCases.flatMap { ["audit.\($0).precision", "audit.\($0).recall"] }
      + ["audit.background.wrong", "audit.background.wrongWeight"]
  }

  private var figures: [Figure] {
    let filters = PseudoBoxes.Purpose.allCases.flatMap { purpose in
      [audit.total(purpose).precision, audit.total(purpose).recall]
    }
    let background = audit.background ?? PseudoBoxAudit.Background()
    return zip(Self.columns, filters + [background.wrongShare, background.wrongWeightShare]).map { Figure($0, $1) }
  }

  /// In words, such as `audit of 160 unlabelled images: classes: 0.912 of 3.1 boxes an image right, 0.401 of objects found; …`.
  private var words: String {
    func number(_ value: Double) -> String { value.isFinite ? NumberText.fixed(value, 3) : NumberText.missing }
    let filters = PseudoBoxes.Purpose.allCases.map { purpose in
      let count = audit.total(purpose)
      let kept = NumberText.fixed(Double(count.kept) / Double(audit.images), 1)
      return "\(purpose): \(number(count.precision)) of \(kept) boxes an image right, \(number(count.recall)) of "
        + "objects found"
    }
    let background = audit.background.map {
      ["background: \(number($0.wrongShare)) of regions are objects, \(number($0.wrongWeightShare)) of their weight"]
    }
    return "audit of \(audit.images) unlabelled images: " + (filters + (background ?? [])).joined(separator: "; ")
  }
}
