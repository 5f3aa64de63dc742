import Annotations
import Randomness
import Testing

@testable import Evaluation

/// Means are added up in another order.
private let otherOrder = 1e-12

@Suite("ResampledObjects")
struct ResampledObjectsTests {
  private func resampled(_ golden: GoldenBoxCase, _ metric: ResampledObjects.Metric = .AP) -> ResampledObjects {
    ResampledObjects(BoxEvaluation(golden), metric: metric)
  }

  private func figures(_ boxes: ResampledObjects, _ weights: [Int32]) -> [Double] {
    weights.withUnsafeBufferPointer { boxes.figures($0) }.map { $0.isNaN ? -1 : $0 }
  }

  @Test("with every image once the figures are COCO's", arguments: GoldenBoxCase.all)
  func whole(_ golden: GoldenBoxCase) {
    let metrics = golden.evaluate()
    for (metric, wanted, classes) in [
      (ResampledObjects.Metric.AP, metrics.AP, metrics.classes.map(\.AP)),
      (.AP50, metrics.AP50, metrics.classes.map(\.AP50)),
    ] {
      let boxes = resampled(golden, metric)
      let found = figures(boxes, [Int32](repeating: 1, count: boxes.imageCount))
      #expect(abs(found[0] - wanted) < otherOrder, "\(metric)")
      #expect(zip(found.dropFirst(), classes).allSatisfy { abs($0 - $1) < otherOrder })
    }
    let boxes = resampled(golden, .AP75)
    #expect(abs(figures(boxes, [Int32](repeating: 1, count: boxes.imageCount))[0] - metrics.AP75) < otherOrder)
  }

  @Test("an image that is drawn k times counts as k copies of it", arguments: GoldenBoxCase.all)
  func copies(_ golden: GoldenBoxCase) {
    // Equal scores of one image would stand by copies there, and by detections here.
    var golden = golden
    let order = golden.detections.indices.sorted {
      (-golden.detections[$0].score, $0) < (-golden.detections[$1].score, $1)
    }
    for (rank, place) in order.enumerated() { golden.detections[place].score = -Double(rank) }
    var generator = SeededGenerator(seed: 9)
    let ids = Set(golden.images).sorted()
    let weights = ids.map { _ in Int32(generator.integer(below: 4)) }
    var copied = golden
    (copied.truth, copied.detections, copied.images) = ([], [], [])
    // Copies stand beside one another, so that of equal scores the order of images stays.
    for (place, id) in ids.enumerated() {
      for copy in 0..<Int(weights[place]) {
        let image = place * 10 + copy
        copied.images.append(image)
        copied.truth += golden.truth.filter { $0.image == id }.map { moved($0, to: image) }
        copied.detections += golden.detections.filter { $0.image == id }.map { moved($0, to: image) }
      }
    }
    let metrics = copied.evaluate()
    let found = figures(resampled(golden), weights)
    #expect(abs(found[0] - metrics.AP) < otherOrder, "\(found[0]), wanted \(metrics.AP)")
    #expect(zip(found.dropFirst(), metrics.classes).allSatisfy { abs($0 - $1.AP) < otherOrder })
  }

  private func moved(_ box: TruthBox, to image: Int) -> TruthBox {
    var box = box
    box.image = image
    return box
  }

  private func moved(_ box: DetectedBox, to image: Int) -> DetectedBox {
    var box = box
    box.image = image
    return box
  }

  @Test("an interval for AP covers the true difference of two detectors about as often as it says")
  func coverage() {
    /// A detector that finds each of two objects with a probability, and something else now and then.
    func run(_ images: Range<Int>, _ hit: Double, _ seed: UInt64) -> BoxEvaluation {
      var (truth, found): ([TruthBox], [DetectedBox]) = ([], [])
      for image in images {
        var generator = SeededGenerator(seed: seed, stream: UInt64(image))
        for x in [0.0, 50] {
          truth.append(TruthBox(image: image, category: 1, x: x, y: 0, width: 10, height: 10))
          let score = generator.uniform()
          if generator.uniform() < hit {
            found.append(
              DetectedBox(image: image, category: 1, x: x, y: 0, width: 10, height: 10, score: 0.3 + 0.7 * score))
          }
        }
        let score = generator.uniform()
        if generator.uniform() < 0.5 {
          found.append(DetectedBox(image: image, category: 1, x: 200, y: 0, width: 10, height: 10, score: score))
        }
      }
      return BoxEvaluation(
        truth: truth, detections: found, categories: [.init(id: 1, name: "one")], images: Array(images))
    }
    func both(_ images: Range<Int>) -> (ResampledObjects, ResampledObjects) {
      (ResampledObjects(run(images, 0.6, 1), metric: .AP50), ResampledObjects(run(images, 0.7, 2), metric: .AP50))
    }
    let (first, second) = both(100_000..<110_000)
    let ones = [Int32](repeating: 1, count: first.imageCount)
    let truth = ones.withUnsafeBufferPointer { second.figures($0)[0] - first.figures($0)[0] }
    #expect((0.05...0.15).contains(truth), "\(truth)")
    let sets = 80
    let covered = (0..<sets).count { set in
      let (first, second) = both(set * 60..<set * 60 + 60)
      return PairedBootstrap(first, second, samples: 100, seed: UInt64(set)).all.interval?.contains(truth) ?? false
    }
    // A standard error of 80 sets is 2.4 %.
    #expect(Double(covered) / Double(sets) > 0.87, "\(covered) of \(sets)")
  }

  @Test("runs on the same boxes do not differ, in no class; one that lacks a class's detections is worse there alone")
  func compared() throws {
    let golden = try #require(GoldenBoxCase.all.first)
    let whole = resampled(golden)
    let same = PairedBootstrap(whole, whole, samples: 50)
    #expect(same.all.verdict == .same && same.parts.allSatisfy { $0.difference == 0 && $0.probability == 0.5 })
    var fewer = golden
    let category = golden.categories[0].id
    fewer.detections.removeAll { $0.category == category }
    let bootstrap = PairedBootstrap(resampled(fewer), whole, samples: 50)
    #expect(bootstrap.all.verdict == .secondIsBetter && bootstrap.parts[0].verdict == .secondIsBetter)
    #expect(bootstrap.parts.dropFirst().allSatisfy { $0.verdict == .same })
  }
}

extension BoxEvaluation {
  /// The boxes of a case.
  init(_ golden: GoldenBoxCase) {
    self.init(
      truth: golden.truth, detections: golden.detections, categories: golden.categories, images: golden.images)
  }
}
