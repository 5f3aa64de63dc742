import Documents
import Reporting
import Training

/// Counts the classes of what is learnt of unlabelled pixels beside those of labelled ones: `pseudo-pixels.json`, columns of the
/// metrics, and warnings in words.
final class PixelStatisticsObserver: SavedObserver {
  static let stateName = "pseudo-pixels"
  /// Unlabelled images over which a class must be missing to be said.
  static let patience = 400
  /// Share of labelled pixels from which a class is missed.
  static let missedShare = 0.002

  private let method: any PseudoPixelShowing
  private let classes: [String]
  private let labeled: [Double]
  private let interval: LookInterval
  private let reporter: RunReporter
  private var statistics: PixelStatistics
  /// By class: unlabelled images since one of its pixels was sure; −1 once that was said.
  private var silence: [Int]
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
    labeled = PixelStatistics.shares(labeledPixels)
    let state = saved?.state(ofObserver: Self.stateName)
    statistics = PixelStatistics(classCount: classes.count, state?["statistics"])
    let silent = state?["silence"]?.array?.map { $0.int ?? 0 } ?? []
    silence = silent.count == classes.count ? silent : [Int](repeating: 0, count: classes.count)
    let shares = zip(classes, labeled).map { ($0, JSON($1)) }
    file = try LookFile(
      folder.pseudoPixelFile, head: JSONObject([("labeled", .object(JSONObject(shares)))]),
      resumedAt: saved?.stepsDone)
  }

  /// The columns that a look fills.
  static func columns(classes: [String]) -> [String] { classes.map { "pseudoPixels.\($0)" } }

  var state: JSON { ["statistics": statistics.state, "silence": .array(silence.map { JSON($0) })] }

  func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    if let taught = method.taughtPixels {
      let before = statistics.sure
      statistics.add(taught)
      listen(zip(statistics.sure, before).map { $0 - $1 }, images: taught.weak.views.count)
        .forEach { reporter.message("warning: step \(report.stepsDone): \($0)") }
    }
    guard interval.isDue(after: report, of: run), statistics.images > 0 else { return }
    try file.add(step: report.stepsDone, statistics.json(classes: classes))
    reporter.record(
      step: report.stepsDone,
      zip(Self.columns(classes: classes), statistics.shares).map { Figure($0, $1) })
    statistics = PixelStatistics(classCount: classes.count)
  }

  /// What is to be said of classes that are not learnt, each once.
  private func listen(_ sure: [Int], images: Int) -> [String] {
    var lines: [String] = []
    // Where nothing at all is sure that is said elsewhere.
    guard sure.contains(where: { $0 > 0 }) else { return [] }
    for index in classes.indices where silence[index] >= 0 {
      silence[index] = sure[index] > 0 ? 0 : silence[index] + images
      guard silence[index] >= Self.patience, labeled[index] >= Self.missedShare else { continue }
      silence[index] = -1
      lines.append(
        "no sure pixel of class '\(classes[index])' in \(Self.patience) unlabelled images, but "
          + "\(NumberText.short((1000 * labeled[index]).rounded() / 10)) % of labelled pixels are of it: it is unlearnt unless "
          + "method.threshold is lower, or method.threshold_policy.policy is class_wise")
    }
    return lines
  }
}
