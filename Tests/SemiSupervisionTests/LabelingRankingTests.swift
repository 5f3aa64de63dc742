import Annotations
import Detection
import Testing

@testable import SemiSupervision

@Suite struct LabelingRankingTests {
  private static func box(
    _ classIndex: Int, _ score: Double, _ probabilities: [Double], spread: Double = 0.1
  ) -> TeacherBox {
    TeacherBox(
      found: FoundBox(box: Box(x: 0, y: 0, width: 9, height: 9), classIndex: classIndex, score: score),
      probabilities: probabilities, uncertainty: spread, passes: [])
  }

  @Test("the entropy of a distribution is 0 where one class is certain and 1 where all are alike")
  func entropy() {
    #expect(LabelingRanking.entropy([0, 1, 0]) == 0)
    #expect(abs(LabelingRanking.entropy([0.25, 0.25, 0.25, 0.25]) - 1) < 1e-12)
    #expect(abs(LabelingRanking.entropy([0.5, 0.5, 0, 0]) - 0.5) < 1e-12)
    #expect(LabelingRanking.entropy([1]) == 0)
  }

  @Test("figures are means and sums over boxes that score enough; the score is the mean of four over their greatest")
  func figures() {
    let ranking = LabelingRanking([
      (0, "plain", [Self.box(0, 0.9, [0.1, 0.9, 0], spread: 0.02)]),
      (
        1, "rich",
        [
          Self.box(0, 0.6, [0.4, 0.6, 0], spread: 0.2), Self.box(1, 0.5, [0.5, 0, 0.5], spread: 4),
          Self.box(1, 0.2, [0.8, 0, 0.2], spread: 9),
        ]
      ),
    ])
    #expect(ranking.entries.map(\.name) == ["rich", "plain"])
    let (rich, plain) = (ranking.entries[0], ranking.entries[1])
    #expect(rich.boxes == 2 && rich.diversity == 2 && abs(rich.information - 1.1) < 1e-12)
    #expect(abs(rich.boxUncertainty - 0.6) < 1e-12)
    let difficulty = (LabelingRanking.entropy([0.4, 0.6, 0]) + LabelingRanking.entropy([0.5, 0, 0.5])) / 2
    #expect(abs(rich.difficulty - difficulty) < 1e-12)
    #expect(rich.score == 1)
    let expected = (plain.difficulty / difficulty + 0.9 / 1.1 + 1.0 / 2 + 0.02 / 0.6) / 4
    #expect(abs(plain.score - expected) < 1e-12)
  }

  @Test("images without a box stand behind all others, by name; equal ones by name")
  func empty() {
    let weak = [Self.box(0, 0.21, [0.79, 0.21])]
    let ranking = LabelingRanking([
      (0, "d", []), (1, "c", [Self.box(0, 0.2, [0.5, 0.5])]), (2, "b", weak), (3, "a", weak),
      (4, "e", [Self.box(0, 0.99, [0, 1], spread: 0)]),
    ])
    #expect(ranking.entries.map(\.name) == ["a", "b", "e", "c", "d"])
    #expect(ranking.emptyCount == 2)
    #expect(ranking.entries.suffix(2).allSatisfy { $0.score == 0 })
    #expect(ranking.list(2) == "a\nb\n")
    #expect(LabelingRanking([]).entries.isEmpty)
    let none = LabelingRanking([(0, "x, \"y\"", [])])
    #expect(
      none.csv == "rank,image,score,difficulty,information,diversity,box_uncertainty,boxes\n"
        + "1,\"x, \"\"y\"\"\",0.0000,0.0000,0.000,0,0.0000,0\n")
  }
}
