import Documents
import Testing

@testable import Evaluation

@Suite struct ScoreThresholdsTests {
  private func object(_ image: Int, _ category: Int, _ x: Double, crowd: Bool = false) -> TruthBox {
    TruthBox(image: image, category: category, x: x, y: 0, width: 10, height: 10, area: 100, isCrowd: crowd)
  }

  private func found(_ image: Int, _ category: Int, _ x: Double, _ score: Double) -> DetectedBox {
    DetectedBox(image: image, category: category, x: x, y: 0, width: 10, height: 10, score: score)
  }

  private func thresholds(
    _ truth: [TruthBox], _ found: [DetectedBox], scores: [Double] = [0.5, 0.8], wanted: Double = 0.9
  ) -> ScoreThresholds {
    ScoreThresholds(
      truth: truth, detections: found, categories: [.init(id: 1, name: "cat"), .init(id: 2, name: "dog")],
      images: [1, 2], scores: scores, wantedPrecision: wanted)
  }

  @Test("what passes is counted by class, right where it finds a free object, and a threshold is strict")
  func counts() {
    let result = thresholds(
      [object(1, 1, 0), object(1, 1, 50), object(2, 1, 0), object(2, 2, 0)],
      [
        found(1, 1, 1, 0.9), found(1, 1, 2, 0.85), found(1, 1, 52, 0.8), found(2, 1, 0, 0.6), found(2, 2, 30, 0.55),
        found(2, 2, 0, 0.5),
      ])
    // 0.85 finds an object that 0.9 has taken.
    #expect(result.classes[0].kept.map(\.count) == [4, 2] && result.classes[0].kept.map(\.right) == [3, 1])
    #expect(result.classes[0].kept[0].precision == 0.75 && result.classes[0].kept[0].recall == 1)
    // 0.5 is not more than 0.5.
    #expect(result.classes[1].kept.map(\.count) == [1, 0] && result.classes[1].kept.map(\.right) == [0, 0])
    #expect(result.classes[1].kept[1].precision == -1)
    #expect(result.all.map(\.count) == [5, 2] && result.all.map(\.objects) == [4, 4])
    #expect(result.all[0].recall == 0.75)
  }

  @Test("a crowd is neither wanted, nor is what finds it right or wrong")
  func crowds() {
    let result = thresholds(
      [object(1, 1, 0, crowd: true), object(1, 1, 50)], [found(1, 1, 0, 0.9), found(1, 1, 50, 0.7)])
    #expect(result.classes[0].kept[0] == .init(score: 0.5, count: 1, right: 1, objects: 1))
  }

  @Test(
    "advised is the lowest threshold above which enough is right; equal scores pass together; nil where nothing does")
  func advice() {
    let objects = (0..<9).map { object(1, 1, 20 * Double($0)) }
    let right = (0..<9).map { found(1, 1, 20 * Double($0), 0.9 - 0.05 * Double($0)) }
    let result = thresholds(objects, right + [found(1, 1, 500, 0.5), found(1, 1, 520, 0.3), found(1, 1, 540, 0.3)])
    // Nine of the ten above 0.3 are right.
    #expect(result.classes[0].advised == .init(score: 0.3, count: 10, right: 9, objects: 9))
    #expect(result.classes[1].advised == nil)
    let strict = thresholds(objects, right + [found(1, 1, 500, 0.5)], wanted: 1)
    let advised = strict.classes[0].advised
    // The score 0.5 of the wrong one is also that of the ninth right one.
    #expect(advised?.count == 8 && advised?.score == 0.5)
  }

  @Test(
    "best is the threshold with the greatest F1, of each class and of all, the highest of equals; nil where nothing is right"
  )
  func best() {
    let objects = [object(1, 1, 0), object(1, 1, 50), object(2, 1, 0), object(2, 2, 0)]
    let result = thresholds(
      objects,
      [
        found(1, 1, 0, 0.9), found(1, 1, 50, 0.8), found(1, 1, 200, 0.7), found(1, 1, 220, 0.6), found(2, 1, 0, 0.5),
        found(2, 2, 30, 0.4),
      ])
    // Two of two right, of three objects: 4/5; three of five: 6/8.
    #expect(result.classes[0].best == .init(score: 0.7, count: 2, right: 2, objects: 3))
    #expect(result.classes[0].best?.f1 == 0.8 && result.classes[1].best == nil)
    #expect(result.best == .init(score: 0.7, count: 2, right: 2, objects: 4))
    #expect(result.json["best"]?["cat"]?["score"]?.double == 0.7 && result.json["best"]?["dog"] == .null)
    let equal = thresholds(
      [object(1, 1, 0), object(1, 1, 50)], [found(1, 1, 0, 0.9), found(1, 1, 90, 0.8), found(1, 1, 50, 0.7)])
    #expect(equal.classes[0].best?.f1 == 0.8 && equal.classes[0].best?.count == 3)
  }

  @Test("nothing found, and nothing to be found")
  func empty() throws {
    let result = thresholds([], [])
    #expect(result.all.allSatisfy { $0.precision == -1 && $0.recall == -1 && $0.count == 0 })
    #expect(result.json["advised"]?["cat"] == .null)
    #expect(result.json["classes"]?["dog"]?.array?.count == 2)
  }

  @Test("scores of 0 and less have a best threshold, too, which lets through the lowest", arguments: [0.0, -1, -1e300])
  func noPositiveScore(_ score: Double) {
    let alone = thresholds([object(1, 1, 0)], [found(1, 1, 0, score)])
    #expect(alone.best == .init(score: score.nextDown, count: 1, right: 1, objects: 1))
    #expect(alone.classes[0].best == alone.best && alone.classes[0].advised == alone.best)
    let two = thresholds([object(1, 1, 0), object(1, 1, 50)], [found(1, 1, 0, 0.5), found(1, 1, 50, score)])
    #expect(two.best == .init(score: score.nextDown, count: 2, right: 2, objects: 2))
    let wrong = thresholds([object(1, 1, 0)], [found(1, 1, 0, 0.5), found(1, 1, 50, score)])
    #expect(wrong.best == .init(score: score, count: 1, right: 1, objects: 1))
    // Where all scores are positive the lowest threshold stays 0.
    #expect(thresholds([object(1, 1, 0)], [found(1, 1, 0, 0.5)]).best?.score == 0)
  }

  @Test("two classes of one name keep apart by their identifiers in the JSON, as in that of the figures")
  func equalNames() {
    let categories = [EvaluatedCategory(id: 1, name: "cat"), EvaluatedCategory(id: 2, name: "cat")]
    let (truth, detections) = ([object(1, 1, 0)], [found(1, 1, 0, 0.5)])
    let json = ScoreThresholds(
      truth: truth, detections: detections, categories: categories, scores: [0.5], wantedPrecision: 1
    ).json
    let figures = BoxAveragePrecision.evaluate(truth: truth, detections: detections, categories: categories).json
    for object in [json["classes"], json["advised"], json["best"], figures["classes"], figures["classesAP50"]] {
      #expect(object?.object?.keys == ["cat", "cat (2)"])
    }
    #expect(figures["classes"]?["cat (2)"]?.double == -1)
  }
}
