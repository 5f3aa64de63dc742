import Documents
import Reporting
import Training

/// Counts the classes of what is learnt of unlabelled pixels beside those of labelled ones: `pseudo-pixels.json`, columns of the
/// metrics, and warnings in words.
final class PixelStatisticsObserver: SavedObserver {
  static let stateName = "pseudo-pixels"

  private let method: any PseudoPixelShowing
  private let classes: [String]
  private let interval: LookInterval
  private let reporter: RunReporter
  private var statistics: PixelStatistics
  private var missed: MissedClasses
  private var file: LookFile

  /// Begins, or goes on with what a checkpoint has for it.
  ///
  /// - Parameter labeledPixels: How many labelled pixels each class has.
  init(
    _ method: any PseudoPixelShowing, labeledPixels: [Int], classes: [String], interval: LookInterval,
    folder: RunFolder, reporter: RunReporter, saved: SavedRun?
  ) throws(DocumentError) {
    self.method = method
    self.classes = classes
    self.interval = interval
    self.reporter = reporter
    let labeled = PixelStatistics.shares(labeledPixels)
    let state = saved?.state(ofObserver: Self.stateName)
    statistics = PixelStatistics(classCount: classes.count, state?["statistics"])
    missed = MissedClasses(classes: classes, labeled: labeled, state?["silence"])
    let shares = zip(classes, labeled).map { ($0, JSON($1)) }
    file = try LookFile(
      folder.pseudoPixelFile, head: JSONObject([("labeled", .object(JSONObject(shares)))]),
      resumedAt: saved?.stepsDone)
  }

  /// The columns that a look fills.
  static func columns(classes: [String]) -> [String] { classes.map { "pseudoPixels.\($0)" } }

  var state: JSON { ["statistics": statistics.state, "silence": missed.state] }

  func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    if let taught = method.taughtPixels {
      let before = statistics.sure
      statistics.add(taught)
      missed.listen(zip(statistics.sure, before).map { $0 - $1 }, images: taught.weak.views.count)
        .forEach { reporter.message("warning: step \(report.stepsDone): \($0)") }
    }
    guard interval.isDue(after: report, of: run), statistics.images > 0 else { return }
    try file.add(step: report.stepsDone, statistics.json(classes: classes))
    reporter.record(
      step: report.stepsDone,
      zip(Self.columns(classes: classes), statistics.shares).map { Figure($0, $1) })
    statistics = PixelStatistics(classCount: classes.count)
  }
}
