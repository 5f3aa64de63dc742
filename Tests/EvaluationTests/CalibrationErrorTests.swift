import Evaluation
import Testing

@Suite struct CalibrationErrorTests {
  @Test("is the mean distance between probability and share of right ones, by bins; ignored pixels do not count")
  func byHand() {
    var error = CalibrationError()
    // 0.9 twice (one right), 0.5 twice (both right), and one that is ignored.
    error.add(truth: [1, 2, 3, 3, 255], prediction: [1, 1, 3, 3, 0], probability: [0.9, 0.9, 0.5, 0.5, 1])
    #expect(abs(error.value - (abs(1.8 - 1) + abs(1 - 2)) / 4) < 1e-7)
  }

  @Test("is 0 for what is right as often as it says, and the last bin holds 1")
  func calibrated() {
    var error = CalibrationError()
    error.add(truth: [0, 0, 0, 0], prediction: [0, 0, 0, 1], probability: [0.75, 0.75, 0.75, 0.75])
    #expect(abs(error.value) < 1e-7)
    var sure = CalibrationError()
    sure.add(truth: [1], prediction: [1], probability: [1])
    #expect(sure.value == 0 && CalibrationError().value.isNaN)
  }

  @Test("single predictions count as pixels do, and each bin says how many, how sure and how often right")
  func single() {
    var (one, other) = (CalibrationError(), CalibrationError())
    one.add(truth: [1, 2, 3], prediction: [1, 1, 3], probability: [0.875, 0.875, 0.5])
    for (probability, isRight) in [(0.875, true), (0.875, false), (0.5, true)] {
      other.add(probability: probability, isRight: isRight)
    }
    #expect(one == other && one.count == 3)
    let bins = other.reliability
    #expect(bins.count == CalibrationError.bins && bins[13] == (2, 0.875, 0.5) && bins[7] == (1, 0.5, 1))
    #expect(bins[0] == (0, -1, -1))
  }

  @Test("what is below 0 or above 1 lies in the first or the last bin, however far")
  func far() {
    var error = CalibrationError()
    for probability in [1e20, 1.5, -0.5, -1e300, .infinity, -.infinity] {
      error.add(probability: probability, isRight: false)
    }
    error.add(truth: [1, 1], prediction: [1, 1], probability: [1e30, -1e30])
    let counts = error.reliability.map(\.count)
    #expect(counts == [4] + Array(repeating: 0, count: CalibrationError.bins - 2) + [4])
  }
}
