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
}
