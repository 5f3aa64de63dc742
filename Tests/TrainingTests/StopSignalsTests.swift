import Foundation
import Testing

@testable import Training

@Suite struct StopSignalsTests {
  @Test("the first signal is a request, of either kind")
  func first() async {
    for number: Int32 in [SIGINT, SIGTERM] {
      await #expect(processExitsWith: .exitCode(7)) { [number = number as Int32] in
        StopSignals.install()
        guard !StopSignals.isStopRequested else { exit(1) }
        kill(getpid(), number)
        while !StopSignals.isStopRequested { usleep(1000) }
        exit(7)
      }
    }
  }

  @Test("the second signal ends the program at once with 130")
  func second() async {
    await #expect(processExitsWith: .exitCode(130)) {
      StopSignals.install()
      kill(getpid(), SIGINT)
      while !StopSignals.isStopRequested { usleep(1000) }
      kill(getpid(), SIGTERM)
      usleep(5_000_000)
      exit(1)
    }
  }
}
