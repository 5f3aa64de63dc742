import Annotations
import Backbone
import Detection
import Layers
@testable import Samples
import TestSupport
import Testing
import Torch
import Views
@testable import Training

@testable import SemiSupervision

@Suite struct SupervisedTests {
  private let length = RunLength(steps: 10, recipeSteps: 10, imagesPerStep: 2)

  private func method(seed: UInt64 = 1, memoryImages: Int = 0, strongViews: Bool = false) -> Supervised {
    let detector = TinyDetector.make(seed: seed)
    var own = Supervised.Settings()
    own.memoryImages = memoryImages
    own.labeledStrongViews = strongViews
    return Supervised(detector, settings: own, optimizer: OptimizerSettings(), length: length)
  }

  private func batch(_ index: Int) -> SampleBatch {
    let views = (0..<2).map { image in
      View(
        image: image, imageID: image, name: "\(image).jpg",
        geometry: ViewGeometry(originalHeight: 64, originalWidth: 64),
        labels: BoxLabels(boxes: [Box(x: 8 + Double(8 * index), y: 10, width: 24, height: 20)], classes: [image]))
    }
    let images = Tensor.normal([2, 3, 64, 64], using: Generator(seed: UInt64(index) + 40))
    return SampleBatch(
      labeledWeak: [ViewBatch(images: images, views: views)], labeledStrong: [], unlabeledWeak: [], unlabeledStrong: [])
  }

  private func step(_ index: Int) -> Step { Step(index: index, stepsPerEpoch: 4, imagesPerStep: 2, seed: 7) }

  private func take(_ index: Int, of method: Supervised) -> [Double] {
    let losses = method.losses(for: batch(index), at: step(index))
    losses.total.backward()
    for trained in method.trainedModels {
      trained.optimizer.step(learningRate: trained.learningRate(at: index))
      trained.optimizer.clearGradients()
    }
    method.modelsDidUpdate(at: step(index))
    return losses.values()
  }

  private func weights(_ method: Supervised) -> StateDict { method.trainedModels[0].model.stateDict() }

  private func areEqual(_ a: Supervised, _ b: Supervised) -> Bool {
    zip(weights(a).entries, weights(b).entries).allSatisfy { $0.tensor.isEqual(to: $1.tensor) }
  }

  @Test("the four losses bear torchvision's names and are finite, and gradients reach the backbone and all heads")
  func losses() {
    let method = method()
    let losses = method.losses(for: batch(0), at: step(0))
    #expect(
      losses.terms.map(\.name) == ["loss_classifier", "loss_box_reg", "loss_objectness", "loss_rpn_box_reg"])
    #expect(losses.values().allSatisfy { $0.isFinite && $0 >= 0 } && losses.terms.allSatisfy { $0.weight == 1 })
    losses.total.backward()
    let reached = method.trainedModels[0].model.namedParameters()
      .filter { $0.parameter.value.gradient.map { $0.norm().scalar > 0 } ?? false }.map(\.name)
    for part in ["backbone.body.", "backbone.fpn.", "rpn.head.", "roi_heads.box_head.", "roi_heads.box_predictor."] {
      #expect(reached.contains { $0.hasPrefix(part) }, "\(part)")
    }
  }

  @Test("the same seed gives the same weights, another other ones")
  func seeds() {
    let (one, other, third) = (method(), method(), method(seed: 2))
    for index in 0..<2 {
      #expect(take(index, of: one) == take(index, of: other))
      _ = take(index, of: third)
    }
    #expect(areEqual(one, other) && !areEqual(one, third))
  }

  @Test("with a memory the average is judged, and the detector beside it is trained as without")
  func averaged() throws {
    let (plain, averaged) = (method(), method(memoryImages: 1000))
    #expect(plain.predictors.map(\.name) == ["student"] && averaged.predictors.map(\.name) == ["average", "student"])
    let first = weights(averaged).entries.map { $0.tensor.detached() * 1 }
    #expect(take(0, of: plain) == take(0, of: averaged) && areEqual(plain, averaged))
    let average = averaged.predictors[0].predictor.model.stateDict()
    for (place, entry) in average.entries.enumerated() where entry.tensor.elementType.isFloatingPoint {
      let mean = (first[place] + weights(averaged).entries[place].tensor.detached()) / 2
      #expect((entry.tensor - mean).abs().max().scalar <= 1e-6 * max(1, mean.abs().max().scalar), "\(entry.name)")
    }
  }

  @Test("with strong views the losses are the mean of both views', and without them nobody asks for any")
  func strongViews() {
    let (plain, both) = (method(), method(strongViews: true))
    #expect(plain.views.labeled.strong == 0 && both.views.labeled.strong == 1)
    let (weak, strong) = (batch(0).labeledWeak[0], batch(1).labeledWeak[0])
    func losses(_ method: Supervised, _ strong: [ViewBatch]) -> [Double] {
      let batch = SampleBatch(labeledWeak: [weak], labeledStrong: strong, unlabeledWeak: [], unlabeledStrong: [])
      return method.losses(for: batch, at: step(0)).values()
    }
    func alone(_ views: ViewBatch, _ purpose: UInt64) -> [Double] {
      let sampler = BalancedSampler(generator: step(0).makeGenerator(purpose))
      return TinyDetector.make(seed: 1)
        .losses(ImageBatch(views), targets: DetectionTarget.targets(of: views), sampler: sampler)
        .named().map(\.value.scalar)
    }
    #expect(losses(plain, []) == alone(weak, 0))
    let mean = zip(alone(weak, 0), alone(strong, 3)).map { ($0 + $1) / 2 }
    #expect(zip(losses(both, [strong]), mean).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, $1) })
  }

  @Test("what is saved and restored takes the same next step")
  func restored() throws {
    let (one, other) = (method(), method(seed: 2))
    for index in 0..<2 { _ = take(index, of: one) }
    let (from, to) = (one.trainedModels[0], other.trainedModels[0])
    try to.model.load(from.model.stateDict(), source: "memory")
    try to.optimizer.restore(from.optimizer.state)
    try other.restore(one.state)
    #expect(areEqual(one, other))
    #expect(take(2, of: one) == take(2, of: other))
    #expect(areEqual(one, other))
  }
}
