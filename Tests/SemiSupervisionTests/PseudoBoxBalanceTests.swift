import Testing

@testable import SemiSupervision

@Suite struct PseudoBoxBalanceTests {
  /// Ten labelled images with 40 discs, 10 boxes and nothing else: a fifth of the objects are boxes.
  private static let labeled = LabeledCounts(images: 10, objects: [40, 10, 0])
  private var balance: PseudoBoxBalance { PseudoBoxBalance(Self.labeled, classes: ["disc", "box", "ring"]) }

  private func lines(_ balance: inout PseudoBoxBalance, steps: Int, _ passed: [Int]) -> [String] {
    (0..<steps).flatMap { _ in balance.look(images: 4, passed: passed) }
  }

  @Test("a labelled class without a pseudo-box among many of others is named once, after 200 images")
  func starved() {
    var balance = balance
    #expect(lines(&balance, steps: 49, [2, 0, 0]).isEmpty)
    #expect(
      lines(&balance, steps: 1, [2, 0, 0]) == [
        "no pseudo-box of class 'box' has passed in 200 unlabelled images, but 100 of other classes; labelled images have 1.0 "
          + "each: lower thresholds.class_score, or take thresholds.policy=adaptive"
      ])
    #expect(lines(&balance, steps: 500, [2, 0, 0]).isEmpty)
  }

  @Test("nothing is said where a box of the class passes now and then, or where too few of others do to miss one")
  func fed() {
    var balance = balance
    for _ in 0..<20 { #expect(lines(&balance, steps: 49, [2, 0, 0]) + lines(&balance, steps: 1, [0, 1, 0]) == []) }
    var sparse = self.balance
    // 39 discs beside 40 to 10 labels: 9.75 boxes are to be expected.
    #expect(lines(&sparse, steps: 39, [1, 0, 0]) + lines(&sparse, steps: 200, [0, 0, 0]) == [])
    #expect(lines(&sparse, steps: 1, [1, 0, 0]).count == 1)
  }

  @Test("more than three times as many boxes an image as labelled ones are said once; three times as many are not")
  func excess() {
    var balance = balance
    #expect(lines(&balance, steps: 200, [40, 20, 0]).isEmpty)
    #expect(
      lines(&balance, steps: 100, [41, 20, 0]) == [
        "the teacher passes on 15.2 boxes an unlabelled image, labelled ones have 5.0: it may take background for objects; "
          + "raise thresholds.class_score, or lengthen the burn-in"
      ])
  }

  @Test("what was counted and said is saved")
  func saved() {
    var balance = balance
    _ = lines(&balance, steps: 49, [60, 0, 0])
    var again = PseudoBoxBalance(Self.labeled, classes: ["disc", "box", "ring"], balance.state)
    #expect(lines(&again, steps: 1, [200, 0, 0]).count == 2)
    var third = PseudoBoxBalance(Self.labeled, classes: ["disc", "box", "ring"], again.state)
    #expect(lines(&third, steps: 300, [200, 0, 0]).isEmpty)
  }
}
