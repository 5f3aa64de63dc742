import Documents

/// Shows at a run's end where the time of its steps went, and writes it down.
public final class ProfileObserver: TrainingObserver {
  /// Steps at a run's beginning that are not counted: memory and kernels are new to them.
  public static let warmUpSteps = 3

  private let profile: StepProfile
  private let setting: ProfileReport.Setting
  private let file: String
  private let show: (String) -> Void
  private var stepsSeen = 0

  /// - Parameters:
  ///   - profile: The trainer's.
  ///   - setting: What the steps compute on and in.
  ///   - file: Where the profile is written.
  ///   - show: Takes the tables, a line at a time.
  public init(
    _ profile: StepProfile, setting: ProfileReport.Setting, file: String, show: @escaping (String) -> Void
  ) {
    self.profile = profile
    self.setting = setting
    self.file = file
    self.show = show
  }

  /// Counts the step.
  public func stepDidEnd(_ report: StepReport, of run: any TrainingRun) {
    stepsSeen += 1
    if stepsSeen <= Self.warmUpSteps { profile.reset() }
  }

  /// Shows the tables and writes the file.
  public func runDidEnd(_ run: any TrainingRun) throws {
    let steps = stepsSeen - Self.warmUpSteps
    guard steps > 0 else { return show("profile: no step after the first \(Self.warmUpSteps)") }
    let report = ProfileReport(profile, steps: steps, setting: setting)
    report.lines.forEach(show)
    try asRunError { () throws(DocumentError) in
      try AtomicFile.write(report.json.serialized(pretty: true), to: file)
    }
  }
}
