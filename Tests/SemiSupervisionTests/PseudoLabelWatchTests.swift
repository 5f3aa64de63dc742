import Testing

@testable import SemiSupervision

@Suite struct PseudoLabelWatchTests {
  /// What is said in `steps` steps of four images.
  private func lines(
    _ watch: inout PseudoLabelWatch, steps: Int, passed: Int, best: Double = 0.4, lossIsZero: Bool = false,
    equal: Bool = false
  ) -> [String] {
    (0..<steps).flatMap { _ in
      watch.look(
        images: 4, passed: passed, best: { best }, threshold: 0.9, lossIsZero: lossIsZero,
        teacherEqualsStudent: { equal })
    }
  }

  @Test("that no box passes is said after 200 images, then after 400, and forgotten when one passes")
  func noBox() {
    var watch = PseudoLabelWatch()
    #expect(lines(&watch, steps: 49, passed: 0).isEmpty)
    #expect(
      lines(&watch, steps: 1, passed: 0) == [
        "no pseudo-box has passed in 200 unlabelled images: the teacher's best score was 0.4, thresholds.class_score is "
          + "0.9; lower it, or lengthen the burn-in"
      ])
    #expect(lines(&watch, steps: 49, passed: 0).isEmpty && lines(&watch, steps: 1, passed: 0).count == 1)
    #expect(lines(&watch, steps: 1, passed: 1).isEmpty && watch.imagesWithoutLabel == 0)
    #expect(lines(&watch, steps: 49, passed: 0).isEmpty)
  }

  @Test("that the loss stays 0, and that the teacher equals the student, is said")
  func noLoss() {
    var watch = PseudoLabelWatch()
    let said = lines(&watch, steps: 50, passed: 3, lossIsZero: true, equal: true)
    #expect(said.count == 2)
    #expect(said.contains { $0.hasPrefix("unlabelled images have added nothing to the loss for 200 images") })
    #expect(said.contains { $0.hasPrefix("the teacher equals the student") && $0.hasSuffix("raise memory_images") })
  }

  @Test("of pixels it is said in their words")
  func pixels() {
    var watch = PseudoLabelWatch(of: .pixels)
    #expect(
      lines(&watch, steps: 50, passed: 0) == [
        "no pixel has been sure enough in 200 unlabelled images: the highest probability was 0.4, method.threshold is "
          + "0.9; lower it"
      ])
  }

  @Test("nothing is said of a run that goes well")
  func well() {
    var watch = PseudoLabelWatch()
    #expect(lines(&watch, steps: 1000, passed: 2).isEmpty)
  }

  @Test("what was counted is saved")
  func saved() {
    var watch = PseudoLabelWatch()
    _ = lines(&watch, steps: 49, passed: 0, best: 0.3)
    var again = PseudoLabelWatch(watch.state)
    #expect(lines(&again, steps: 1, passed: 0, best: 0.1).first?.contains("best score was 0.3") == true)
  }
}
