import Documents
import Testing

@testable import Evaluation

@Suite("DetectionAnalysis")
struct DetectionAnalysisTests {
  @Test("figures, curves and sizes are those of COCO's evaluation", arguments: GoldenBoxCase.all)
  func figures(_ golden: GoldenBoxCase) {
    let analysis = DetectionAnalysis(BoxEvaluation(golden))
    let metrics = golden.evaluate()
    #expect(analysis.metrics == metrics)
    #expect(analysis.sizes.map(\.AP) == [metrics.APs, metrics.APm, metrics.APl])
    for (index, entry) in metrics.classes.enumerated() {
      let curve = analysis.curves[index]
      #expect(curve.isEmpty == (entry.truthCount == 0))
      if !curve.isEmpty { #expect(abs(curve.reduce(0, +) / 101 - entry.AP50) < 1e-12) }
    }
    // The mean of the classes is the figure of the size.
    for size in 0..<3 {
      let known = analysis.classSizes.map { $0[size] }.filter { $0 >= 0 }
      let mean = known.isEmpty ? -1 : known.reduce(0, +) / Double(known.count)
      #expect(abs(mean - analysis.sizes[size].AP) < 1e-12)
    }
  }

  @Test("counts by class add up to those of all, and no JSON is broken by any set", arguments: GoldenBoxCase.all)
  func counts(_ golden: GoldenBoxCase) throws {
    let analysis = DetectionAnalysis(BoxEvaluation(golden))
    for kind in ErrorAnalysis.Kind.allCases {
      let sum = analysis.classErrors.reduce(0) { $0 + ($1[kind] ?? 0) }
      #expect(sum == analysis.errors.counts[kind])
    }
    let text = analysis.json.serialized(pretty: true)
    #expect(try JSON(parsing: text, file: "json")["classes"]?.object?.count == golden.categories.count)
    for (index, category) in golden.categories.enumerated() {
      let wanted = golden.truth.count {
        $0.category == category.id && !$0.isCrowd && !$0.isIgnored && golden.images.contains($0.image)
      }
      #expect(analysis.confusion.objectCount(row: index) == wanted, "each object is in its row once")
    }
  }

  @Test("scores that are no probabilities have no calibration; those that are have each counted detection in a bin")
  func calibration() throws {
    let golden = try #require(GoldenBoxCase.all.first { $0.name == "negative and large scores" })
    #expect(DetectionAnalysis(BoxEvaluation(golden)).calibration == nil)
    let plain = DetectionAnalysis(BoxEvaluation(try #require(GoldenBoxCase.all.first)))
    #expect(plain.calibration?.count == plain.errors.verdicts.count { $0.isCounted })
    #expect(plain.classCalibrations.reduce(0) { $0 + $1.count } == plain.calibration?.count)
  }

  @Test(
    "scores far beyond probabilities are judged as others, and nothing is said of their calibration",
    arguments: [1e20, -1e300])
  func farScores(_ score: Double) {
    let analysis = DetectionAnalysis(
      BoxEvaluation(
        truth: [TruthBox(image: 1, category: 1, x: 0, y: 0, width: 10, height: 10)],
        detections: [
          DetectedBox(image: 1, category: 1, x: 0, y: 0, width: 10, height: 10, score: score),
          DetectedBox(image: 1, category: 1, x: 50, y: 0, width: 10, height: 10, score: 0.5),
        ], categories: [.init(id: 1, name: "one")], images: [1]))
    #expect(analysis.calibration == nil && analysis.classCalibrations.map(\.count) == [0])
    #expect(analysis.errors.verdicts == [.right(truth: 0), .wrong(.background, truth: nil)])
    #expect(analysis.classErrors == [[.background: 1]])
  }

  @Test("errors are counted by the class of the detection, missed objects by their own")
  func classErrors() {
    let analysis = DetectionAnalysis(
      BoxEvaluation(
        truth: [
          TruthBox(image: 1, category: 7, x: 0, y: 0, width: 10, height: 10),
          TruthBox(image: 1, category: 7, x: 50, y: 0, width: 10, height: 10),
        ],
        detections: [DetectedBox(image: 1, category: 3, x: 0, y: 0, width: 10, height: 10, score: 0.9)],
        categories: [.init(id: 7, name: "seven"), .init(id: 3, name: "three"), .init(id: 1, name: "one")], images: [1]))
    #expect(analysis.classErrors == [[.missed: 1], [.classification: 1], [:]])
  }

  @Test("the worst images have the most wrong and missed over the threshold, equal ones by their ids")
  func worst() {
    func object(_ image: Int, _ x: Double) -> TruthBox {
      TruthBox(image: image, category: 1, x: x, y: 0, width: 10, height: 10)
    }
    func found(_ image: Int, _ x: Double, _ score: Double) -> DetectedBox {
      DetectedBox(image: image, category: 1, x: x, y: 0, width: 10, height: 10, score: score)
    }
    let analysis = DetectionAnalysis(
      BoxEvaluation(
        truth: [object(1, 0), object(2, 0), object(2, 50), object(3, 0), object(4, 0)],
        detections: [
          found(1, 0, 0.9), found(2, 0, 0.3), found(3, 90, 0.8), found(3, 0, 0.9), found(3, 120, 0.2),
          found(4, 50, 0.6),
        ], categories: [.init(id: 1, name: "one")], images: [1, 2, 3, 4]), threshold: 0.5)
    // In image 2 the object that a weak detection finds is not found over the threshold.
    #expect(
      analysis.worstImages(9) == [
        .init(image: 2, wrong: 0, missed: 2), .init(image: 4, wrong: 1, missed: 1),
        .init(image: 3, wrong: 1, missed: 0),
      ])
    #expect(analysis.worstImages(1).map(\.image) == [2])
  }
}

@Suite("DetectionConfusion")
struct DetectionConfusionTests {
  private let categories = [EvaluatedCategory(id: 4, name: "cat"), EvaluatedCategory(id: 2, name: "dog")]

  private func object(_ x: Double, _ category: Int, crowd: Bool = false) -> TruthBox {
    TruthBox(image: 1, category: category, x: x, y: 0, width: 10, height: 10, isCrowd: crowd)
  }

  private func found(_ x: Double, _ category: Int, _ score: Double) -> DetectedBox {
    DetectedBox(image: 1, category: category, x: x, y: 0, width: 10, height: 10, score: score)
  }

  @Test("objects stand in the row of their class, detections in the column of theirs, each once")
  func matrix() {
    let confusion = DetectionConfusion(
      truth: [object(0, 4), object(50, 4), object(100, 2), object(200, 4, crowd: true), object(150, 2)],
      detections: [
        found(0, 4, 0.7), found(0, 2, 0.9), found(50, 2, 0.8), found(100, 2, 0.4), found(300, 4, 0.9),
        found(200, 4, 0.9), found(201, 2, 0.9),
      ], categories: categories, threshold: 0.4)
    // The dog at 0 is surer, but the cat has the object; at 100 the detection does not score more than the threshold.
    #expect(confusion.matrix == [[1, 1, 0], [0, 0, 2], [1, 2, 0]])
    #expect(confusion.confusions == [.init(row: 0, column: 1, count: 1)])
    #expect(confusion.json["cells"] == [[0, 0, 1], [0, 1, 1], [1, 2, 2], [2, 0, 1], [2, 1, 2]])
    #expect(
      confusion.json["rows"] == ["cat", "dog", "background"] && confusion.json["columns"] == ["cat", "dog", "missed"])
  }
  @Test("of thousands of classes only the pairs that occur are kept and written")
  func manyClasses() {
    let many = (0..<4000).map { EvaluatedCategory(id: $0, name: "\($0)") }
    let confusion = DetectionConfusion(
      truth: [object(0, 17), object(50, 3999)], detections: [found(0, 2500, 0.9), found(50, 3999, 0.8)],
      categories: many, threshold: 0.5)
    #expect(confusion.cells == [.init(row: 17, column: 2500, count: 1), .init(row: 3999, column: 3999, count: 1)])
    #expect(confusion.json.serialized().utf8.count < 100_000)
  }

  @Test("the most frequent confusions come first, equal ones in the order of the classes")
  func frequency() {
    let three = (0..<3).map { EvaluatedCategory(id: $0, name: "\($0)") }
    let pairs = [(2, 0), (1, 2), (1, 2), (0, 1)]
    let confusion = DetectionConfusion(
      truth: pairs.enumerated().map { object(50 * Double($0), $1.0) },
      detections: pairs.enumerated().map { found(50 * Double($0), $1.1, 0.9) }, categories: three, threshold: 0.5)
    #expect(confusion.confusions.map { [$0.row, $0.column, $0.count] } == [[1, 2, 2], [0, 1, 1], [2, 0, 1]])
    #expect((0..<3).map(confusion.objectCount) == [1, 2, 1])
  }
}
