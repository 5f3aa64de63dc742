import Documents
import Reporting
import Samples

/// Shows and records a run: progress, `metrics.csv`, `metrics.jsonl`, `log.txt`, `skipped.json`.
public final class RunReporter: TrainingObserver {
  private let run: RunFolder
  private let every: Int
  private let resumedAt: Int?
  private let judgedColumns: [String]
  private let console: Console
  private var log: RunLog?
  private var progress: Progress?
  private var messagesBefore: [String] = []
  private var window: [StepReport] = []
  /// Images of the stream that could not be used when it was last said; it is said again when they are twice as many.
  private var skippedImagesSaid = 0
  private var streamSkipped: [SkippedImage] = []
  /// Unusable images that the stream does not know: those left out beforehand, held-out ones, those listed before a resume.
  private var otherSkipped: [SkippedImage]

  /// A reporter of a run.
  ///
  /// - Parameters:
  ///   - every: steps between records; a record has the means of the steps since the last one.
  ///   - judgedColumns: names under which judgements are recorded, such as `validation.student.AP`.
  ///   - leftOut: unusable images that were left out before the first step.
  ///   - resumedAt: steps that were done when the run was resumed; nil for a new run.
  public init(
    run: RunFolder, every: Int, judgedColumns: [String] = [], leftOut: [SkippedImage] = [], resumedAt: Int? = nil,
    console: Console = .standardError
  ) {
    precondition(every >= 1, "RunReporter: expected steps between reports, got \(every)")
    self.run = run
    self.every = every
    self.judgedColumns = judgedColumns
    otherSkipped = leftOut
    self.resumedAt = resumedAt
    self.console = console
  }

  /// Prints a message and puts it into the log.
  public func message(_ text: String) {
    console.print(text)
    // The log is opened with the first record, when the names of its columns are known.
    if let log { log.message(text) } else { messagesBefore.append(text) }
  }

  /// Records figures of a step under their names.
  public func record(step: Int, _ figures: [Figure]) {
    log?.record(step: step, values: figures.map { ($0.name, $0.value) })
  }

  /// Puts all that was recorded on the disk.
  public func flush() { log?.flush() }

  /// Starts the progress line.
  public func runWillBegin(_ run: any TrainingRun) throws {
    progress = Progress(total: run.length.steps, label: run.methodName, step: run.stepsDone, console: console)
    skippedImagesSaid = run.skippedImages.count
    if resumedAt != nil { otherSkipped += try self.run.skippedImages() }
    try writeSkipped(run.skippedImages)
  }

  /// Says and lists which held-out images could not be used; each is said once.
  public func noteHeldOut(_ images: [SkippedImage], split: String) throws(RunError) {
    let new = Set(images).subtracting(otherSkipped)
    guard !new.isEmpty else { return }
    message(
      "\(split): \(new.count) \(new.count == 1 ? "image" : "images") cannot be used, what is in them counts as missed;"
        + " see \(run.skippedFile)")
    otherSkipped += new
    try writeSkipped(streamSkipped)
  }

  /// Shows the step; records it with those since the last record at the interval.
  public func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    window.append(report)
    if log == nil { try open(columns: values(of: window).map(\.0) + judgedColumns) }
    if let skip = report.skip {
      message(
        "step \(report.stepsDone): skipped, \(skip.terms.joined(separator: ", ")) not finite"
          + " (images: \(skip.images.joined(separator: ", ")))")
    }
    for warning in report.warnings { message("warning: step \(report.stepsDone): \(warning)") }
    try noteSkippedImages(of: run)
    let shown = [("loss", report.total)] + report.terms.map { ($0.name, $0.value) }
    progress?.update(step: report.stepsDone, values: shown)
    if report.stepsDone % every == 0 || run.isComplete { writeRecord() }
  }

  /// Ends the progress line and the log.
  public func runDidEnd(_ run: any TrainingRun) throws {
    progress?.finish()
    if run.skippedImages.count > skippedImagesSaid { sayHowManyAreSkipped(run.skippedImages.count) }
    if !window.isEmpty { writeRecord() }
    if let log { try asRunError { () throws(DocumentError) in try log.close() } }
  }

  private func open(columns: [String]) throws(RunError) {
    let (run, resumedAt) = (run, resumedAt)
    let log = try asRunError { () throws(DocumentError) in
      try RunLog(folder: run.path, columns: columns, resumedAt: resumedAt, console: nil)
    }
    for text in messagesBefore { log.message(text) }
    messagesBefore = []
    self.log = log
  }

  private func writeRecord() {
    guard let last = window.last else { return }
    log?.record(step: last.stepsDone, values: values(of: window))
    window = []
  }

  /// The means of a window's steps; losses and norms over those that were not skipped.
  private func values(of window: [StepReport]) -> [(String, Double)] {
    guard let last = window.last else { return [] }
    let moved = window.filter { $0.skip == nil }
    func mean(_ name: String, in kind: KeyPath<StepReport, [Figure]>) -> Double {
      let values = moved.compactMap { report in report[keyPath: kind].first { $0.name == name }?.value }
      return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }
    var result: [(String, Double)] = [
      ("epoch", Double(last.stepsDone) / Double(last.step.stepsPerEpoch)), ("imagesSeen", Double(last.imagesSeen)),
      ("loss", moved.isEmpty ? .nan : moved.reduce(0) { $0 + $1.total } / Double(moved.count)),
    ]
    result += last.terms.map { ($0.name, mean($0.name, in: \.terms)) }
    result += last.figures.map { ($0.name, mean($0.name, in: \.figures)) }
    for rate in last.learningRates {
      result.append(("learningRate.\(rate.name)", rate.value))
      result.append(("gradientNorm.\(rate.name)", mean(rate.name, in: \.gradientNorms)))
    }
    result.append(("skippedSteps", Double(window.count - moved.count)))
    result.append(("secondsPerStep", window.reduce(0) { $0 + $1.seconds } / Double(window.count)))
    result.append(("dataSecondsPerStep", window.reduce(0) { $0 + $1.dataSeconds } / Double(window.count)))
    return result
  }

  private func noteSkippedImages(of run: any TrainingRun) throws(RunError) {
    let images = run.skippedImages
    guard images.count > streamSkipped.count else { return }
    if images.count >= 2 * skippedImagesSaid { sayHowManyAreSkipped(images.count) }
    try writeSkipped(images)
  }

  private func sayHowManyAreSkipped(_ count: Int) {
    message(
      "\(count) \(count == 1 ? "image" : "images") cannot be used so far, others take the place; see \(run.skippedFile)"
    )
    skippedImagesSaid = count
  }

  private func writeSkipped(_ streamSkipped: [SkippedImage]) throws(RunError) {
    self.streamSkipped = streamSkipped
    let all = Set(streamSkipped + otherSkipped)
    try run.write(skipped: all.sorted { ($0.path, $0.reason) < ($1.path, $1.reason) })
  }
}
