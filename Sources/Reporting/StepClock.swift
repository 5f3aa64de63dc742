/// How long steps take, by the median of recent ones: an evaluation or a pause in between moves it little.
struct StepClock: Sendable {
  private var recent: [Double] = []
  private var next = 0
  private let window: Int
  private var last: (step: Int, time: Double)

  /// - Parameters:
  ///   - step: steps done at the start.
  ///   - time: seconds on any clock.
  ///   - window: how many updates the median looks back.
  init(step: Int, time: Double, window: Int = 51) {
    last = (step, time)
    self.window = window
  }

  /// Notes that `step` steps are done at `time`.
  mutating func advance(to step: Int, at time: Double) {
    guard step > last.step else { return }
    let duration = (time - last.time) / Double(step - last.step)
    if recent.count < window {
      recent.append(duration)
    } else {
      recent[next] = duration
      next = (next + 1) % window
    }
    last = (step, time)
  }

  /// Median seconds a step; nil before the first one.
  var secondsPerStep: Double? {
    guard !recent.isEmpty else { return nil }
    let sorted = recent.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
