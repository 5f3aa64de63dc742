import Testing

@testable import SemiSupervision

@Suite struct MissedClassesTests {
  private let classes = ["sky", "pole", "sign"]

  @Test("a labelled class without a sure pixel is said after 400 images, once; one that is hardly labelled never is")
  func said() {
    var missed = MissedClasses(classes: classes, labeled: [0.6, 0.0123, 0.001], nil)
    for _ in 0..<99 { #expect(missed.listen([9, 0, 0], images: 4).isEmpty) }
    #expect(
      missed.listen([9, 0, 0], images: 4) == [
        "no sure pixel of class 'pole' in 400 unlabelled images, but 1.2 % of labelled pixels are of it: it is unlearnt unless "
          + "method.threshold is lower, or method.threshold_policy.policy is class_wise"
      ])
    for _ in 0..<200 { #expect(missed.listen([9, 0, 0], images: 4).isEmpty) }
  }

  @Test("one sure pixel begins the count anew; steps without any sure pixel do not count; what was counted is saved")
  func counts() {
    var missed = MissedClasses(classes: classes, labeled: [0.6, 0.2, 0.2], nil)
    _ = missed.listen([9, 0, 1], images: 399)
    #expect(missed.listen([0, 0, 0], images: 400).isEmpty)
    _ = missed.listen([9, 1, 0], images: 4)
    _ = missed.listen([9, 0, 1], images: 396)
    var again = MissedClasses(classes: classes, labeled: [0.6, 0.2, 0.2], missed.state)
    #expect(again.listen([9, 0, 1], images: 4).count == 1)
    var others = MissedClasses(classes: ["a"], labeled: [1], missed.state)
    #expect(others.listen([1], images: 4).isEmpty)
  }
}
