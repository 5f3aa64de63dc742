import Reporting

/// Shows at a run's end where the time of its steps went.
public final class ProfileObserver: TrainingObserver {
  /// Steps at a run's beginning that are not counted: memory and kernels are new to them.
  public static let warmUpSteps = 3

  private let profile: StepProfile
  private let show: (String) -> Void
  private var stepsSeen = 0
  private var stepsCounted = 0
  private var seconds = 0.0

  /// - Parameters:
  ///   - profile: The trainer's.
  ///   - show: Takes the table, a line at a time.
  public init(_ profile: StepProfile, show: @escaping (String) -> Void) {
    self.profile = profile
    self.show = show
  }

  /// Counts the step.
  public func stepDidEnd(_ report: StepReport, of run: any TrainingRun) {
    stepsSeen += 1
    if stepsSeen <= Self.warmUpSteps { return profile.reset() }
    stepsCounted += 1
    seconds += report.seconds
  }

  /// Shows the table.
  public func runDidEnd(_ run: any TrainingRun) {
    guard stepsCounted > 0 else { return show("profile: no step after the first \(Self.warmUpSteps)") }
    table.text.split(separator: "\n").forEach { show(String($0)) }
  }

  /// Milliseconds a step of each part, its share of the step, and what no part covers.
  var table: MetricTable {
    var table = MetricTable([.init("part of a step", .left), .init("ms"), .init("share")])
    func append(_ name: String, _ seconds: Double) {
      let share = self.seconds > 0 ? 100 * seconds / self.seconds : 0
      table.append([
        name, NumberText.fixed(1000 * seconds / Double(stepsCounted), 2), NumberText.fixed(share, 1) + " %",
      ])
    }
    for part in profile.parts { append(part.name, part.value) }
    append("beside the parts", seconds - profile.parts.reduce(0) { $0 + $1.value })
    append("whole step", seconds)
    return table
  }
}
