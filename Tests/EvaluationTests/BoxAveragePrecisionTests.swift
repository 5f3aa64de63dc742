import Documents
import Foundation
import Testing

@testable import Evaluation

@Suite("BoxAveragePrecision")
struct BoxAveragePrecisionTests {
  @Test("all figures equal the reference's in every bit", arguments: GoldenBoxCase.all)
  func figures(_ golden: GoldenBoxCase) throws {
    let answer = golden.corrected ?? golden.reference
    let metrics = golden.evaluate()
    #expect(metrics.summary.count == 12)
    for (name, value) in metrics.summary { #expect(value == answer.figures[name], "\(name)") }
    #expect(metrics.classes.map(\.category) == golden.categories)
    let classes = metrics.classes.sorted { $0.category.id < $1.category.id }
    #expect(classes.map(\.category.id) == answer.classes.map(\.id))
    #expect(classes.map(\.AP) == answer.classes.map(\.AP))
    #expect(classes.map(\.AP50) == answer.classes.map(\.AP50))
  }

  @Test("the tables of precision and score equal the reference's in every bit", arguments: GoldenBoxCase.all)
  func tables(_ golden: GoldenBoxCase) {
    let answer = golden.corrected ?? golden.reference
    let arrays = BoxAveragePrecision.accumulate(
      truth: golden.truth, detections: golden.detections, categories: golden.categories, images: golden.images
    ).arrays
    #expect(digest(arrays.precision, arrays.counts) == answer.precisionDigest)
    #expect(digest(arrays.scores, arrays.counts) == answer.scoreDigest)
  }

  @Test("an object of identifier 0, which the reference never finds, is found")
  func identifierZero() throws {
    let golden = try #require(GoldenBoxCase.all.first { $0.corrected != nil })
    let reference = try #require(golden.reference.figures["AP"])
    #expect(golden.evaluate().AP > reference)
  }

  @Test("AP of one class and overlap equals a plain computation from the definition", arguments: 0..<20)
  func definition(seed: Int) {
    var generator = SplitMix(state: UInt64(seed))
    var truth: [TruthBox] = []
    var detections: [DetectedBox] = []
    for image in 0..<8 {
      for _ in 0..<generator.below(4) {
        let (x, y) = (Double(generator.below(60)), Double(generator.below(60)))
        truth.append(TruthBox(image: image, category: 1, x: x, y: y, width: 20, height: 20))
        detections.append(
          DetectedBox(
            image: image, category: 1, x: x + Double(generator.below(8)), y: y, width: 20, height: 20,
            score: Double(generator.below(1000))))
      }
      detections.append(
        DetectedBox(
          image: image, category: 1, x: 30, y: 30, width: 20, height: 20, score: Double(generator.below(1000))))
    }
    let metrics = BoxAveragePrecision.evaluate(
      truth: truth, detections: detections, categories: [EvaluatedCategory(id: 1, name: "one")])
    #expect(abs(metrics.AP50 - averagePrecision(truth, detections, overlap: 0.5)) < sameAlgorithm)
    #expect(abs(metrics.AP75 - averagePrecision(truth, detections, overlap: 0.75)) < sameAlgorithm)
  }

  @Test("with strict parity an object of identifier 0 is never found, as in the reference")
  func identifierZeroStrict() throws {
    var golden = try #require(GoldenBoxCase.all.first { $0.corrected != nil })
    golden.truth[0].hasIDZero = true
    let strict = BoxAveragePrecision.evaluate(
      truth: golden.truth, detections: golden.detections, categories: golden.categories, images: golden.images,
      settings: AveragePrecisionSettings(parity: .strict))
    for (name, value) in strict.summary { #expect(value == golden.reference.figures[name], "\(name)") }
  }

  @Test("the result does not depend on how classes are shared among cores", arguments: GoldenBoxCase.all.prefix(3))
  func repeated(_ golden: GoldenBoxCase) {
    let first = golden.evaluate()
    for _ in 0..<20 { #expect(golden.evaluate() == first) }
  }

  @Test("AP is read at the last limit; with strict parity at 100 alone, as the reference does")
  func headline() throws {
    let golden = try #require(GoldenBoxCase.all.first)
    func figures(_ limits: [Int], _ parity: EvaluationParity) -> BoxMetrics {
      BoxAveragePrecision.evaluate(
        truth: golden.truth, detections: golden.detections, categories: golden.categories, images: golden.images,
        settings: AveragePrecisionSettings(maxDetections: limits, parity: parity))
    }
    #expect(figures([1, 10, 50], .strict).AP == -1 && figures([1, 10, 50], .strict).AP50 > 0)
    #expect(figures([1, 10, 50], .corrected).AP > 0)
    var strict = figures([1, 10, 100, 200], .strict)
    let corrected = figures([1, 10, 100, 200], .corrected)
    #expect(strict.settings.headlineLimit == 100 && corrected.settings.headlineLimit == 200)
    strict.settings = corrected.settings
    #expect(strict == corrected)
    #expect(figures([50, 1, 10], .corrected).summary.map(\.name).contains("AR50"))
    #expect(figures([5], .corrected).AR.count == 1)
  }

  @Test("the order of images and classes does not change the figures")
  func order() throws {
    let golden = try #require(GoldenBoxCase.all.first)
    var shuffled = golden
    shuffled.truth.sort { ($0.category, -$0.image) < ($1.category, -$1.image) }
    shuffled.categories.reverse()
    shuffled.images.reverse()
    #expect(shuffled.evaluate().summary.map(\.value) == golden.evaluate().summary.map(\.value))
    #expect(shuffled.evaluate().classes.reversed() == golden.evaluate().classes)
  }

  @Test("the JSON has the twelve figures in COCO's order, then the classes")
  func json() throws {
    let one = EvaluatedCategory(id: 1, name: "cell")
    let two = EvaluatedCategory(id: 2, name: "cell")
    let metrics = BoxAveragePrecision.evaluate(
      truth: [TruthBox(image: 1, category: 1, x: 0, y: 0, width: 10, height: 10)],
      detections: [DetectedBox(image: 1, category: 1, x: 0, y: 0, width: 10, height: 10, score: 0.5)],
      categories: [one, two])
    let object = try #require(metrics.json.object)
    #expect(object.keys == metrics.summary.map(\.name) + ["classes", "classesAP50"])
    #expect(metrics.summary.allSatisfy { object[$0.name]?.double == $0.value })
    #expect(object["classes"]?.object?.keys == ["cell", "cell (2)"])
    #expect(object["classes"]?["cell"]?.double == metrics.AP)
    #expect(object["classes"]?["cell (2)"]?.int == -1)
    #expect(object["classesAP50"]?["cell"]?.double == metrics.AP50)
  }

  /// Bytes of an array [T, R, K, A, M] as the script hashes them: [K, A, T, R] at the last limit.
  private func digest(_ array: [Double], _ counts: [Int]) -> String {
    let (T, R, K, A, M) = (counts[0], counts[1], counts[2], counts[3], counts[4])
    var values: [Double] = []
    for k in 0..<K {
      for a in 0..<A {
        for t in 0..<T {
          for r in 0..<R { values.append(array[(((t * R + r) * K + k) * A + a) * M + M - 1]) }
        }
      }
    }
    var hash = SHA256()
    values.withUnsafeBytes { hash.update($0) }
    return hash.hexDigest()
  }
}

/// Differs by no more than the order of summation.
private let sameAlgorithm = 1e-12

/// Average precision by its definition, written for clearness: at each of 101 recalls the best precision of any prefix
/// of the sorted detections that reaches it.
private func averagePrecision(_ truth: [TruthBox], _ detections: [DetectedBox], overlap limit: Double) -> Double {
  var free = Array(truth)
  var right = 0
  var prefixes: [(recall: Double, precision: Double)] = []
  let sorted = detections.enumerated().sorted {
    ($1.element.score, $0.element.image, $0.offset) < ($0.element.score, $1.element.image, $1.offset)
  }
  for (count, detection) in sorted.map(\.element).enumerated() {
    func overlap(_ object: TruthBox) -> Double {
      let width = min(object.x + object.width, detection.x + detection.width) - max(object.x, detection.x)
      let height = min(object.y + object.height, detection.y + detection.height) - max(object.y, detection.y)
      guard object.image == detection.image, width > 0, height > 0 else { return 0 }
      return width * height / (object.width * object.height + detection.width * detection.height - width * height)
    }
    var best: Int?
    for place in free.indices where overlap(free[place]) >= (best.map { overlap(free[$0]) } ?? limit) { best = place }
    if let best {
      free.remove(at: best)
      right += 1
    }
    prefixes.append((Double(right) / Double(truth.count), Double(right) / Double(count + 1)))
  }
  // The reference's points are multiples of the double 0.01: 28 of them are more than a recall of 7/25.
  let points = (0...100).map { Double($0) * 0.01 }
  return points.map { wanted in prefixes.filter { $0.recall >= wanted }.map(\.precision).max() ?? 0 }.reduce(0, +)
    / Double(points.count)
}

private struct SplitMix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
