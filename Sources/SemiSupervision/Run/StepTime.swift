import Training

/// How long a run's own steps take, measured on some of them.
enum StepTime {
  /// Steps that are not counted: in the first ones memory is taken and files are read for the first time.
  private static let warmUp = 2
  /// Steps that are counted: at least, and at most.
  private static let counted = 5...20
  /// Seconds after which there are enough of them.
  private static let enough = 10.0

  /// The median seconds of a step of the method underway; a stop signal ends the measurement early.
  static func measure<Run: DrivenRun>(
    _ settings: Run.TaskSettings, _ makeRun: (Run.TaskSettings) throws -> Run
  ) throws -> Double {
    var settings = settings
    settings.method = settings.method.underway
    let seconds = try TaskDriver(makeRun(settings)).secondsOfSteps { taken in
      let counted = taken.count - warmUp
      return counted >= Self.counted.upperBound || StopSignals.isStopRequested && counted >= 1
        || counted >= Self.counted.lowerBound && taken.dropFirst(warmUp).reduce(0, +) >= enough
    }
    let sorted = seconds.dropFirst(warmUp).sorted()
    return sorted[sorted.count / 2]
  }
}
