import Dispatch
import Synchronization
import Testing

@testable import Reporting

@Suite("Progress")
struct ProgressTests {
  @Test("without a terminal there are plain lines: the first, one each interval, the last")
  func piped() {
    let screen = Screen()
    let progress = screen.progress(total: 100, isTerminal: false)
    for step in 1...100 {
      screen.advance(0.25)
      progress.update(step: step, values: [("loss", 1 / Double(step))])
    }
    progress.finish()
    #expect(
      screen.lines == [
        "train 1/100 (1.0 %), 4 steps/s, 25 s left, loss 1",
        "train 41/100 (41.0 %), 4 steps/s, 15 s left, loss 0.02439",
        "train 81/100 (81.0 %), 4 steps/s, 5 s left, loss 0.01235",
        "train 100/100 (100.0 %), 4 steps/s, loss 0.01",
        "train: 100 steps in 25 s",
      ])
    #expect(!screen.text.contains("\r") && !screen.text.contains("\u{1B}"))
  }

  @Test("on a terminal one line is redrawn at most five times a second")
  func rate() {
    let screen = Screen()
    let progress = screen.progress(total: 1000, isTerminal: true)
    for step in 1...1000 {
      screen.advance(0.01)
      progress.update(step: step)
    }
    let drawn = screen.text.split(separator: "\r").count
    #expect((45...51).contains(drawn), "\(drawn) times in 10 s")
    #expect(!screen.text.contains("\n"))
  }

  @Test("the live line is never wider than the terminal", arguments: [24, 40, 60, 80, 200])
  func width(_ width: Int) {
    let screen = Screen(width: width)
    let progress = screen.progress(total: 12345, isTerminal: true)
    screen.advance(1)
    progress.update(step: 777, values: [("loss", 1.23456), ("classification", 0.1), ("boxes", 22.5)])
    let line = screen.text.drop { $0 != "K" }.dropFirst()
    #expect(line.count < width, "\(line)")
    #expect(line.contains("777/12345") == (width >= 60))
    #expect(line.contains("boxes 22.5") == (width == 200))
  }

  @Test("colour is used only where it is wanted", arguments: [true, false])
  func color(_ usesColor: Bool) {
    let screen = Screen()
    let progress = screen.progress(total: 10, isTerminal: true, usesColor: usesColor)
    screen.advance(1)
    progress.update(step: 5)
    #expect(screen.text.contains("\u{1B}[32m") == usesColor)
  }

  @Test("the time left follows the median step, not a pause for evaluation")
  func median() {
    let screen = Screen()
    let progress = screen.progress(total: 1000, isTerminal: false)
    for step in 1...60 {
      screen.advance(step == 30 ? 600 : 2)
      progress.update(step: step)
    }
    #expect(screen.lines.last == "train 60/1000 (6.0 %), 2 s/step, 31:20 min left")
  }

  @Test("a message goes above the live line, which is drawn again")
  func message() {
    let screen = Screen()
    let progress = screen.progress(total: 10, isTerminal: true)
    screen.advance(1)
    progress.update(step: 1)
    let live = String(screen.text.drop { $0 != "K" }.dropFirst())
    progress.message("image 7 is broken")
    #expect(screen.text.hasSuffix("\r\u{1B}[Kimage 7 is broken\n" + live))
  }

  @Test("updates from many threads at once do not mix lines")
  func threads() {
    let screen = Screen()
    let progress = screen.progress(total: 1000, isTerminal: false, interval: 0)
    DispatchQueue.concurrentPerform(iterations: 1000) { progress.update(step: $0 + 1) }
    progress.finish()
    progress.finish()
    #expect(screen.lines.count == 1001 || screen.lines.count == 1002)
    #expect(screen.lines.allSatisfy { $0.hasPrefix("train") })
    #expect(screen.lines.filter { $0.contains("steps in") }.count == 1)
  }

  @Test(
    "durations", arguments: [(0.4, "0 s"), (59.4, "59 s"), (60, "1:00 min"), (3599, "59:59 min"), (7509, "2:05:09 h")])
  func duration(_ seconds: Double, _ text: String) {
    #expect(NumberText.duration(seconds) == text)
  }
}

/// A terminal in memory, with a clock that is moved by hand.
private final class Screen: Sendable {
  private let state = Mutex((text: "", time: 0.0))
  private let width: Int

  init(width: Int = 80) { self.width = width }

  var text: String { state.withLock { $0.text } }
  var lines: [String] { text.split(separator: "\n").map(String.init) }

  func advance(_ seconds: Double) { state.withLock { $0.time += seconds } }

  func progress(total: Int, isTerminal: Bool, usesColor: Bool = false, interval: Double = 10) -> Progress {
    let console = Console(
      isTerminal: isTerminal, usesColor: usesColor, columns: { [width] in width },
      write: { [self] text in state.withLock { $0.text += text } })
    return Progress(total: total, label: "train", step: 0, interval: interval, console: console) { [self] in
      state.withLock { $0.time }
    }
  }
}
