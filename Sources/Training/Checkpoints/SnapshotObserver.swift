/// Keeps the judged model's weights at several points of a run, at even distances: of three, after a third, two thirds and the whole.
public final class SnapshotObserver: TrainingObserver {
  private let checkpoints: Checkpoints
  private let count: Int

  /// Keeps `count` snapshots, one or more.
  public init(_ checkpoints: Checkpoints, count: Int) {
    precondition(count >= 1, "SnapshotObserver: expected 1 or more snapshots, got \(count)")
    self.checkpoints = checkpoints
    self.count = count
  }

  /// The step after which each snapshot is taken, rounded down.
  public static func steps(of count: Int, in steps: Int) -> [Int] { (1...count).map { steps * $0 / count } }

  /// Saves at its points.
  public func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    let points = Self.steps(of: count, in: run.length.steps)
    guard let index = points.firstIndex(of: report.stepsDone), let judged = run.predictors.first else { return }
    try checkpoints.saveSnapshot(
      index + 1, of: judged.predictor.model, predictor: judged.name, method: run.methodName, step: report.stepsDone)
  }
}
