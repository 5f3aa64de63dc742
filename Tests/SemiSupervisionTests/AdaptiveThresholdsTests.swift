import Detection
import Documents
import Randomness
import Testing
import Torch

@testable import SemiSupervision

@Suite struct AdaptiveThresholdsTests {
  /// Scores of one class as a teacher's detections.
  private func found(_ scores: [Double], label: Int = 1) -> Detections {
    Detections(
      boxes: .zeros([scores.count, 4]), scores: Tensor(scores.map { Float($0) }),
      labels: Tensor([Int](repeating: label, count: scores.count)))
  }

  /// Draws around a place; all in 0…1.
  private func heap(_ mean: Double, _ deviation: Double, _ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      // The sum of twelve even draws less six is nearly a standard normal one.
      let draw = (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform(0...1) }
      return min(max(mean + deviation * draw, 0), 1)
    }
  }

  @Test("of two heaps the upper one's mean is found, whatever their shares", arguments: [0.1, 0.3, 0.5, 0.8])
  func heaps(share: Double) {
    let upper = Int(400 * share)
    let values = heap(0.15, 0.05, 400 - upper, seed: 1) + heap(0.7, 0.08, upper, seed: 2)
    #expect(abs(AdaptiveThresholds.upperMean(values) - 0.7) < 0.03)
  }

  @Test("values that are all alike, one value, and two values are no trouble")
  func degenerate() {
    #expect(AdaptiveThresholds.upperMean([0.5, 0.5, 0.5]) == 0.5)
    #expect(AdaptiveThresholds.upperMean([0.3]) == 0.3)
    #expect((0.2...0.9).contains(AdaptiveThresholds.upperMean([0.2, 0.9])))
  }

  @Test("a class has its own threshold once enough of its scores were seen, never below the floor; others stay fixed")
  func classes() {
    var thresholds = AdaptiveThresholds(.init(), classCount: 3)
    #expect(thresholds.classScores == [1, 1, 1])
    thresholds.observe([found([0.6, 0.7])])
    #expect(thresholds.classScores == [1, 1, 1])
    thresholds.observe([found(heap(0.1, 0.03, 50, seed: 3) + heap(0.65, 0.05, 50, seed: 4))])
    thresholds.observe([found(heap(0.1, 0.03, 60, seed: 5), label: 3)])
    #expect(abs(thresholds.classScores[0] - 0.65) < 0.03)
    #expect(thresholds.classScores[1] == 1 && thresholds.classScores[2] == 0.4)
  }

  @Test("old scores are forgotten, so that thresholds follow a teacher that grows sure")
  func forgets() {
    var thresholds = AdaptiveThresholds(.init(), classCount: 1)
    thresholds.observe([found(heap(0.1, 0.03, 100, seed: 6) + heap(0.5, 0.05, 100, seed: 7))])
    let before = thresholds.classScores[0]
    for seed in 0..<4 as Range<UInt64> {
      thresholds.observe([found(heap(0.1, 0.03, 50, seed: 8 + seed) + heap(0.9, 0.03, 50, seed: 20 + seed))])
    }
    #expect(before < 0.55 && thresholds.classScores[0] > 0.85 && thresholds.scores[0].count == 200)
  }

  @Test("what is saved is gone on from to the bit; scores of other classes are refused")
  func saved() throws {
    var one = AdaptiveThresholds(.init(), classCount: 2)
    one.observe([found(heap(0.2, 0.05, 90, seed: 30))])
    var other = AdaptiveThresholds(.init(), classCount: 2)
    let text = one.state.serialized()
    #expect(try other.restore(JSON(parsing: text, file: "state")))
    #expect(one == other)
    var fewer = AdaptiveThresholds(.init(), classCount: 1)
    #expect(!fewer.restore(one.state) && !fewer.restore(.null))
  }

  @Test("filters take the lower of the fixed and the class's score, each candidate by its class")
  func filters() {
    var settings = PseudoBoxes.Thresholds()
    settings.policy = .adaptive
    let filters = PseudoBoxFilters(settings, classScores: [0.6, 1, 0.95])
    let found = PseudoBoxes(
      boxes: .zeros([4, 4]), scores: Tensor([0.7, 0.7, 0.92, 0.5] as [Float]), labels: Tensor([1, 2, 3, 1]))
    #expect(filters.passes(.classes, found).trueIndices().integers == [0, 2])
    #expect(filters.passes(.proposals, found).trueIndices().integers == [0, 2])
    // Below the scores of the settings, so that no filter misses a box of a class with a low threshold.
    #expect(settings.leastScore == 0.4 && PseudoBoxes.Thresholds().leastScore == 0.5)
  }
}
