import Randomness
import Testing

@testable import Evaluation

@Suite("ScoreOrder")
struct ScoreOrderTests {
  @Test(
    "few and many are sorted by falling score, equal ones in their order, 0 and -0 alike",
    arguments: [0, 1, 2, 30, 199, 200, 5000])
  func falling(count: Int) {
    var generator = SeededGenerator(seed: 5)
    let scores = (0..<count).map { place -> Double in
      let score = Double(generator.integer(below: 40) - 20) / 8
      return score == 0 && place % 2 == 0 ? -0.0 : score * (place % 7 == 0 ? 1e300 : 1)
    }
    let wanted = scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    #expect(ScoreOrder.descending(count) { scores[$0] }.map(Int.init) == wanted)
    #expect(ScoreOrder.falling(Array(scores.indices)) { scores[$0] } == wanted)
  }
}
