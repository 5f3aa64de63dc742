/// Saves the newest state at intervals, at the end, and when a stop is asked for.
public final class CheckpointObserver: TrainingObserver {
  private let checkpoints: Checkpoints
  private let every: Int
  private let willSave: () -> Void
  private var savedAt = -1

  /// Saves every `every` steps; `willSave` is called before, so that logs can be put on the disk.
  public init(_ checkpoints: Checkpoints, every: Int, willSave: @escaping () -> Void = {}) {
    precondition(every >= 1, "CheckpointObserver: expected steps between checkpoints, got \(every)")
    self.checkpoints = checkpoints
    self.every = every
    self.willSave = willSave
  }

  /// Saves at the interval.
  public func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    if report.stepsDone % every == 0 { try save(run) }
  }

  /// Saves, unless this very step is saved already.
  public func runDidEnd(_ run: any TrainingRun) throws {
    if savedAt != run.stepsDone { try save(run) }
  }

  private func save(_ run: any TrainingRun) throws {
    willSave()
    try checkpoints.saveLast(run.snapshot())
    savedAt = run.stepsDone
  }
}
