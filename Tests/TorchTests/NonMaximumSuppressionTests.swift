import TestSupport
import Testing

@testable import Torch

@Suite("Non-maximum suppression") struct NonMaximumSuppressionTests {
  static let thresholds = ["0.0", "0.3", "0.5", "0.6", "0.7", "1.0"]

  @Test("boxes kept and their order are torchvision's", arguments: thresholds, [false, true])
  func golden(threshold: String, grouped: Bool) {
    let boxes = RegionGolden.tensor("nms.boxes")
    let groups = grouped ? RegionGolden.indices("nms.groups") : .zeros([boxes.shape[0]], .int64)
    let kept = nonMaximumSuppression(
      boxes, scores: RegionGolden.tensor("nms.scores"), groups: groups, threshold: Double(threshold)!)
    #expect(kept.integers == RegionGolden.file.integers("nms.\(grouped ? "grouped" : "single").\(threshold)"))
  }

  /// Takes the best box left, drops what it overlaps by more than the threshold, and goes on.
  static func reference(_ boxes: [[Double]], _ scores: [Double], _ groups: [Int], _ threshold: Double) -> [Int] {
    func area(_ box: [Double]) -> Double { (box[2] - box[0]) * (box[3] - box[1]) }
    var left = Array(boxes.indices)
    var kept: [Int] = []
    while let best = left.max(by: { scores[$0] < scores[$1] || (scores[$0] == scores[$1] && $0 > $1) }) {
      kept.append(best)
      left.removeAll { other in
        if other == best { return true }
        guard groups[other] == groups[best] else { return false }
        let (a, b) = (boxes[best], boxes[other])
        let width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
        let height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
        return width * height / (area(a) + area(b) - width * height) > threshold
      }
    }
    return kept
  }

  @Test("random boxes give what the rule written out gives, in double", arguments: 0..<20)
  func reference(seed: UInt64) {
    let generator = Generator(seed: seed)
    let count = 1 + Int(seed) * 9
    let corners = Tensor.uniform([count, 2], .float64, using: generator) * 40
    let sizes = Tensor.uniform([count, 2], .float64, using: generator) * 30
    let boxes = concatenate([corners, corners + sizes], axis: 1)
    let scores = (Tensor.uniform([count], .float64, using: generator) * 20).floor()
    let groups = (Tensor.uniform([count], .float64, using: generator) * 3).floor().to(.int64)
    let kept = nonMaximumSuppression(boxes, scores: scores, groups: groups, threshold: 0.4)
    let rows = (0..<count).map { boxes[$0].doubles }
    #expect(kept.integers == Self.reference(rows, scores.doubles, groups.integers, 0.4))
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let boxes: [Float]
    let scores: [Float]
    var groups: [Int]?
    let threshold: Double
    let kept: [Int]
  }

  @Test(
    "ties, edges and empty boxes",
    arguments: [
      Case(testDescription: "no box", boxes: [], scores: [], threshold: 0.5, kept: []),
      Case(testDescription: "one box", boxes: [0, 0, 1, 1], scores: [0], threshold: 0, kept: [0]),
      Case(
        testDescription: "an overlap equal to the threshold stays", boxes: [0, 0, 2, 1, 0, 0, 1, 1], scores: [2, 1],
        threshold: 0.5, kept: [0, 1]),
      Case(
        testDescription: "an overlap just above it falls", boxes: [0, 0, 2, 1, 0, 0, 1, 1], scores: [2, 1],
        threshold: 0.4999999, kept: [0]),
      Case(
        testDescription: "touching boxes do not overlap", boxes: [0, 0, 1, 1, 1, 0, 2, 1, 0, 1, 1, 2],
        scores: [1, 3, 2], threshold: 0, kept: [1, 2, 0]),
      Case(
        testDescription: "of equal scores the earlier box stays", boxes: [0, 0, 9, 9, 0, 0, 9, 10, 0, 0, 9, 9],
        scores: [1, 1, 1], threshold: 0.5, kept: [0]),
      Case(
        testDescription: "groups do not see each other", boxes: [0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9],
        scores: [1, 2, 3], groups: [7, -1, 7], threshold: 0.5, kept: [2, 1]),
      Case(
        testDescription: "boxes without extent fall to nothing", boxes: [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 2, 2],
        scores: [1, 2, 3], threshold: 0, kept: [2, 1, 0]),
      Case(
        testDescription: "a fallen box suppresses nothing", boxes: [0, 0, 10, 1, 4, 0, 14, 1, 8, 0, 18, 1],
        scores: [3, 2, 1], threshold: 0.3, kept: [0, 2]),
      Case(
        testDescription: "infinite scores are scores", boxes: [0, 0, 1, 1, 5, 5, 6, 6],
        scores: [-.infinity, .infinity],
        threshold: 0.5, kept: [1, 0]),
    ])
  func edges(nms: Case) {
    let count = nms.scores.count
    let kept = nonMaximumSuppression(
      Tensor(nms.boxes, shape: [count, 4]), scores: Tensor(nms.scores),
      groups: Tensor(nms.groups ?? [Int](repeating: 0, count: count)), threshold: nms.threshold)
    #expect(kept.integers == nms.kept)
    #expect(kept.elementType == .int64)
  }

  @Test("what is kept does not change when suppressed again")
  func idempotence() {
    let boxes = RegionGolden.tensor("nms.boxes")
    let scores = RegionGolden.tensor("nms.scores")
    let groups = RegionGolden.indices("nms.groups")
    let kept = nonMaximumSuppression(boxes, scores: scores, groups: groups, threshold: 0.5)
    let again = nonMaximumSuppression(
      boxes.gathered(kept), scores: scores.gathered(kept), groups: groups.gathered(kept), threshold: 0.5)
    #expect(again.integers == Array(0..<kept.count))
  }

  @Test("a score that is not a number ends the program with one line")
  func notANumber() async throws {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = nonMaximumSuppression(
        .ones([1, 4]), scores: Tensor([Float.nan]), groups: Tensor([0]), threshold: 0.5)
    }
    let line = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(line == "error: non-maximum suppression of float32[1, 4] on cpu: a score is not a number\n")
  }
}
