import Reporting

/// Keeps a run's report up to date: at an interval, and where the run is stopped before its end.
public final class ReportObserver: TrainingObserver {
  private let report: RunReport
  private let every: Int
  private let willWrite: () -> Void

  /// Writes the report every `every` steps (0: never while the run goes on).
  ///
  /// - Parameter willWrite: Called before, to bring the run's files up to date.
  public init(_ report: RunReport, every: Int, willWrite: @escaping () -> Void) {
    precondition(every >= 0, "ReportObserver: expected steps between reports, got \(every)")
    self.report = report
    self.every = every
    self.willWrite = willWrite
  }

  /// Writes at the interval.
  public func stepDidEnd(_ step: StepReport, of run: any TrainingRun) throws {
    if every > 0, step.stepsDone % every == 0, !run.isComplete { try write(run) }
  }

  /// Writes where the run was stopped; the end of a whole run is reported with its summary by the run itself.
  public func runDidEnd(_ run: any TrainingRun) throws {
    if !run.isComplete, run.stepsDone > 0 { try write(run) }
  }

  private func write(_ run: any TrainingRun) throws {
    willWrite()
    try report.write(
      title: "\(run.methodName), seed \(run.seed): step \(run.stepsDone) of \(run.length.steps)", summary: nil)
  }
}
