import Testing

@testable import Evaluation

@Suite("ClassCurves")
struct ClassCurvesTests {
  @Test("a class without objects takes no memory for curves; one without detections has those of nothing found")
  func empty() {
    let result = BoxAveragePrecision.accumulate(
      truth: [
        TruthBox(image: 1, category: 1, x: 0, y: 0, width: 10, height: 10),
        TruthBox(image: 1, category: 3, x: 0, y: 0, width: 10, height: 10, isCrowd: true),
      ],
      detections: [DetectedBox(image: 1, category: 2, x: 0, y: 0, width: 10, height: 10, score: 0.9)],
      categories: [.init(id: 1, name: "one"), .init(id: 2, name: "two"), .init(id: 3, name: "three")])
    let sizes = result.curves.map { [$0.precision.count, $0.scores.count, $0.recall.count] }
    #expect(sizes[0].allSatisfy { $0 > 0 } && sizes[1] == [0, 0, 0] && sizes[2] == [0, 0, 0])
    #expect(result.metrics.classes.map(\.AP) == [0, -1, -1] && result.metrics.classes.map(\.AP50) == [0, -1, -1])
    #expect(result.metrics.classes.map(\.detectionCount) == [0, 1, 0] && result.metrics.AP == 0)
    let arrays = result.arrays
    for place in arrays.recall.indices {
      let area = place / arrays.maxDetections.count % 4
      let category = place / (arrays.maxDetections.count * 4) % 3
      // The object is small.
      #expect(arrays.recall[place] == (category == 0 && area < 2 ? 0 : -1))
    }
  }
}
