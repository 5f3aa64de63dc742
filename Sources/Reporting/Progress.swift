import Synchronization

/// Shows how far a long task is: steps, rate, time left, and the values that matter.
///
/// On a terminal one live line is redrawn at most five times a second; elsewhere a plain line is printed for the first
/// and the last step and every `interval` seconds between. Calls from any thread.
public final class Progress: Sendable {
  private struct State {
    var clock: StepClock
    var drawn = -Double.infinity
    var step: Int
    var values: [(String, Double)] = []
    var shownStep: Int?
    var isFinished = false
  }

  private let total: Int
  private let label: String
  private let unit: String
  private let interval: Double
  private let console: Console
  private let now: @Sendable () -> Double
  private let started: Double
  private let firstStep: Int
  private let state: Mutex<State>

  /// Begins to count time.
  ///
  /// - Parameters:
  ///   - total: the steps in all; 0 where they are not known.
  ///   - label: the task in a word or two.
  ///   - unit: what is counted, in the singular.
  ///   - step: the steps that were done before, in a resumed run.
  ///   - interval: seconds between plain lines where there is no terminal.
  ///   - console: where it is shown.
  public convenience init(
    total: Int, label: String, unit: String = "step", step: Int = 0, interval: Double = 10,
    console: Console = .standardError
  ) {
    let clock = ContinuousClock()
    let origin = clock.now
    self.init(total: total, label: label, unit: unit, step: step, interval: interval, console: console) {
      (clock.now - origin) / .seconds(1)
    }
  }

  init(
    total: Int, label: String, unit: String = "step", step: Int, interval: Double, console: Console,
    now: @escaping @Sendable () -> Double
  ) {
    self.total = total
    self.label = label
    self.unit = unit
    self.interval = interval
    self.console = console
    self.now = now
    started = now()
    firstStep = step
    state = Mutex(State(clock: StepClock(step: step, time: started), step: step))
  }

  /// Notes that `step` steps are done.
  ///
  /// - Parameter values: what is shown beside the count, the most important first: what does not fit is left out.
  public func update(step: Int, values: [(String, Double)] = []) {
    let time = now()
    state.withLock { state in
      guard !state.isFinished else { return }
      state.clock.advance(to: step, at: time)
      state.step = step
      state.values = values
      guard time - state.drawn >= (console.isTerminal ? 0.2 : interval) else { return }
      state.drawn = time
      show(&state)
    }
  }

  /// Prints a line that stays, above the live one.
  public func message(_ text: String) { console.print(text) }

  /// Shows the last state for good and the time it took. Further calls do nothing.
  public func finish() {
    let time = now()
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      if console.isTerminal {
        show(&state)
        console.keepLiveLine()
      } else if state.shownStep != state.step {
        show(&state)
      }
      console.print("\(label): \(state.step - firstStep) \(unit)s in \(NumberText.duration(time - started))")
    }
  }

  private func show(_ state: inout State) {
    state.shownStep = state.step
    if console.isTerminal {
      console.redraw(liveLine(state))
    } else {
      console.print(plainLine(state))
    }
  }

  private func plainLine(_ state: State) -> String {
    var parts = [label + " " + count(state.step)]
    if total > 0 { parts[0] += " (\(NumberText.fixed(fraction(state.step) * 100, 1)) %)" }
    parts += timing(state)
    parts += state.values.map { "\($0) \(NumberText.short($1))" }
    return parts.joined(separator: ", ")
  }

  private func liveLine(_ state: State) -> String {
    let space = max(20, console.width - 1)
    var line = label + " "
    let tail = "  " + ([count(state.step)] + timing(state)).joined(separator: "  ")
    // The values matter more than a long bar.
    let bar = min(space / 5, 24, space - line.count - tail.count)
    let (begin, dim, end) = console.usesColor ? ("\u{1B}[32m", "\u{1B}[2m", "\u{1B}[0m") : ("", "", "")
    var visible = line.count
    if total > 0, bar >= 8 {
      let done = Int((fraction(state.step) * Double(bar)).rounded(.down))
      line += begin + String(repeating: "━", count: done) + end
      line += dim + String(repeating: console.usesColor ? "━" : "─", count: bar - done) + end
      visible += bar
    }
    for part in [tail] + state.values.map({ "  \($0) \(NumberText.short($1))" }) {
      guard visible + part.count <= space else { break }
      line += part
      visible += part.count
    }
    return line
  }

  private func fraction(_ step: Int) -> Double { min(1, max(0, Double(step) / Double(total))) }

  private func count(_ step: Int) -> String { total > 0 ? "\(step)/\(total)" : String(step) }

  private func timing(_ state: State) -> [String] {
    guard let seconds = state.clock.secondsPerStep, seconds > 0 else { return [] }
    let rate =
      seconds > 1 ? "\(NumberText.short(seconds, 3)) s/\(unit)" : "\(NumberText.short(1 / seconds, 3)) \(unit)s/s"
    guard total > state.step else { return [rate] }
    return [rate, NumberText.duration(seconds * Double(total - state.step)) + " left"]
  }
}
