import Documents
import Testing

@testable import SemiSupervision

@Suite struct PseudoBoxStatisticsTests {
  private static let box: [Float] = [0, 0, 40, 40]

  /// Two images: one with four boxes of two classes, one in which nothing was found.
  private var counted: PseudoBoxStatistics {
    var statistics = PseudoBoxStatistics(classCount: 3)
    statistics.add(
      TaughtImages.step([
        (place: 4, found: [(Self.box, 0.965, 1), (Self.box, 0.91, 3), (Self.box, 0.6, 3), (Self.box, 0.12, 3)]),
        (place: 7, found: []),
      ]))
    return statistics
  }

  @Test("boxes are counted by class and filter, all scores by twentieths, the best one of each image by hundredths")
  func counts() {
    let statistics = counted
    #expect(statistics.images == 2)
    #expect(statistics.passed(.proposals) == [1, 0, 1] && statistics.passed(.classes) == [1, 0, 1])
    // Every candidate's box is sure of its place here.
    #expect(statistics.passed(.boxes) == [1, 0, 2])
    func bins(_ counted: [Int]) -> [Int] { (0..<20).map { bin in counted.count { $0 == bin } } }
    #expect(statistics.scores == [bins([19]), bins([]), bins([18, 12, 2])])
    #expect(statistics.bestScores[96] == 1 && statistics.bestScores[0] == 1)
  }

  @Test("what is saved goes on as it was; counts of other classes are not taken")
  func saved() {
    let names = ["disc", "box", "ring"]
    let json = counted.json(classes: names)
    #expect(PseudoBoxStatistics(json, classes: names) == counted)
    #expect(PseudoBoxStatistics(json, classes: ["disc", "box", "star"]) == nil)
    #expect(PseudoBoxStatistics(nil, classes: names) == nil)
  }

  @Test("the median of best scores is the middle of its hundredth; of an even number of images the lower")
  func median() {
    var counts = [Int](repeating: 0, count: 100)
    #expect(PseudoBoxStatistics.median(ofBest: counts) == nil)
    (counts[10], counts[50], counts[90]) = (2, 1, 1)
    #expect(PseudoBoxStatistics.median(ofBest: counts) == 0.105)
    counts[90] = 2
    #expect(PseudoBoxStatistics.median(ofBest: counts) == 0.505)
  }
}
