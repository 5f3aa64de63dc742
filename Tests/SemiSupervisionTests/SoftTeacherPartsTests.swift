import Annotations
@testable import Detection
@testable import Samples
import TestSupport
import Testing
import Torch
import Views

@testable import SemiSupervision

@Suite struct SoftTeacherPartsTests {
  private let generator = Generator(seed: 3)

  private func view(_ change: (inout ViewGeometry) -> Void = { _ in }) -> View {
    var geometry = ViewGeometry(originalHeight: 50, originalWidth: 100)
    change(&geometry)
    return View(image: 0, imageID: 1, name: "a.jpg", geometry: geometry, labels: BoxLabels())
  }

  @Test("copies that are all refined to one box have no uncertainty")
  func certain() {
    let box = Tensor([Float](repeating: 0, count: 10 * 2 * 4), shape: [10, 2, 4]) + 5
    #expect(BoxJitterReliability.spread(box).doubles == [0, 0])
  }

  @Test("copies that are not refined at all are as uncertain as they were moved: 0.06 · c4(10)")
  func uncertain() {
    let count = 4000
    let boxes = Tensor([10, 20, 110, 70] as [Float], shape: [1, 4]).expanded([count, 4])
    let settings = BoxJitterReliability.Settings()
    let copies = BoxJitterReliability.jittered(boxes, settings, using: generator).reshaped(settings.count, count, 4)
    let mean = BoxJitterReliability.spread(copies).mean().scalar
    // The expected deviation of ten normal draws is c4(10) = 0.9727 of the true one.
    let expected = 0.06 * 0.9727
    #expect(abs(mean - expected) < 0.02 * expected)
    #expect(mean > PseudoBoxes.Thresholds().boxUncertainty)
  }

  @Test("each filter decides for itself, and is strict")
  func filters() {
    let found = PseudoBoxes(
      boxes: Tensor.zeros([4, 4]), scores: Tensor([0.95, 0.9, 0.6, 0.91] as [Float]),
      labels: Tensor([1, 1, 2, 2]), uncertainty: Tensor([0.5, 0.01, 0.019, 0.02] as [Float]))
    let filters = PseudoBoxFilters(.init())
    func places(_ purpose: PseudoBoxes.Purpose) -> [Int] { filters.passes(purpose, found).trueIndices().integers }
    // 0.9 as float32 is less than 0.9, and 0.02 as float32 is less than 0.02.
    #expect(places(.proposals) == [0, 3] && places(.classes) == [0, 3])
    #expect(places(.boxes).prefix(2) == [1, 2])
  }

  @Test("boxes are carried from the weak to the strong view and clipped there; what leaves it is dropped")
  func carried() {
    let found = PseudoBoxes(
      boxes: Tensor([10, 20, 30, 40, 0, 0, 100, 50] as [Float], shape: [2, 4]),
      scores: Tensor([0.95, 0.95] as [Float]),
      labels: Tensor([1, 2]), uncertainty: Tensor([0, 0] as [Float]))
    let weak = view()
    let strong = view {
      $0.resize(shortSide: 100, longSide: 200)
      $0.mirror()
    }
    let targets = found.targets(for: .classes, PseudoBoxFilters(.init()), from: weak, to: strong)
    #expect(targets.boxes.doubles == [140, 40, 180, 80, 0, 0, 200, 100])
    #expect(targets.labels.integers == [1, 2])
    let back = BoxTensors.mapped(targets.boxes, by: strong.geometry.map(to: weak.geometry))
    #expect((back - found.boxes).abs().max().scalar < 1e-4)
  }

  @Test("a square turned by 30 degrees about its centre grows by cos 30 + sin 30")
  func rotated() {
    let turn = AffineMap.translation(x: -20, y: -20).then(.rotation(cosine: 0.75.squareRoot(), sine: 0.5))
      .then(.translation(x: 20, y: 20))
    let box = BoxTensors.mapped(Tensor([10, 10, 30, 30] as [Float], shape: [1, 4]), by: turn).doubles
    let side = 20 * (0.75.squareRoot() + 0.5)
    #expect(abs(box[2] - box[0] - side) < 1e-4 && abs(box[3] - box[1] - side) < 1e-4)
  }

  @Test("with every weight 1 the class loss is the mean entropy; with background at 0 only objects count, at least 1")
  func weightedClassLoss() {
    let heads = RegionHeads(
      channels: 4, strides: [4], classes: 3, settings: Self.small, using: Generator(seed: 5))
    let features = [Tensor.normal([1, 4, 16, 16], using: generator)]
    let boxes = Tensor([0, 0, 20, 20, 10, 10, 40, 40, 5, 5, 60, 30] as [Float], shape: [3, 4])
    func loss(_ labels: [Int], _ weights: [Float]) -> Double {
      let entropies = heads.entropies(heads.predict(features, boxes: [boxes]).logits, labels: Tensor(labels))
      return LossNormalization().classLoss(entropies, labels: [Tensor(labels)], weights: Tensor(weights)).scalar
    }
    let (logits, _) = heads.predict(features, boxes: [boxes])
    let entropies = logits.crossEntropy(Tensor([1, 0, 0]), reduction: .none).doubles
    #expect(abs(loss([1, 0, 0], [1, 1, 1]) - entropies.reduce(0, +) / 3) < 1e-6)
    #expect(abs(loss([1, 0, 0], [1, 0, 0]) - entropies[0]) < 1e-6)
    #expect(loss([0, 0, 0], [0, 0, 0]) == 0)
  }

  private static var small: RegionSettings {
    var settings = RegionSettings()
    settings.hiddenSize = 8
    settings.poolSize = 3
    return settings
  }
}
