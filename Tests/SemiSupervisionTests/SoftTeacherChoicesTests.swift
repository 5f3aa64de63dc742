import Annotations
@testable import Detection
@testable import Samples
import Testing
import Torch
import Views
@testable import Training

@testable import SemiSupervision

/// What Soft Teacher's settings choose from, each against numbers worked out by hand.
@Suite struct SoftTeacherChoicesTests {
  private let view = View(
    image: 0, imageID: 1, name: "a.jpg", geometry: ViewGeometry(originalHeight: 64, originalWidth: 64),
    labels: BoxLabels())
  private let boxes = Tensor([0, 0, 20, 20, 10, 10, 30, 30, 40, 40, 60, 60] as [Float], shape: [3, 4])

  private func heads(seed: UInt64) -> RegionHeads {
    var settings = RegionSettings()
    settings.hiddenSize = 8
    settings.poolSize = 3
    return RegionHeads(channels: 4, strides: [4], classes: 3, settings: settings, using: Generator(seed: seed))
  }

  @Test("each measure of the background is its formula; objects weigh 1", arguments: BackgroundMeasure.allCases)
  func measures(measure: BackgroundMeasure) {
    let (student, teacher) = (heads(seed: 1), heads(seed: 2))
    let features = [Tensor.normal([1, 4, 16, 16], using: Generator(seed: 3))]
    let sample = RegionHeads.Sample(boxes: boxes, labels: Tensor([1, 0, 0]), truth: boxes)
    let batch = ViewBatch(images: .zeros([1, 3, 64, 64]), views: [view])
    let teaching = Teaching(
      weak: batch, strong: batch, features: features, found: [], filters: PseudoBoxFilters(.init()),
      step: Step(index: 0, stepsPerEpoch: 1, imagesPerStep: 1, seed: 1))
    let logits = student.predict(features, boxes: [boxes]).logits
    let weights = measure.weights(
      of: [sample], logits: logits,
      targets: [DetectionTarget(boxes: boxes.sliced(axis: 0, to: 1), labels: Tensor([1]))], teacher: teacher, teaching
    ).doubles
    let own = logits.softmax(1).selected(0, axis: 1).doubles
    let other = teacher.classProbabilities(features, boxes: [boxes]).selected(0, axis: 1).doubles
    // The second region shares 100 of 700 pixels with the pseudo-box, the third none.
    let expected: [Double] =
      switch measure {
      case .teacher: other
      case .student: own
      case .predictionDifference: zip(own, other).map { 1 - abs($0 - $1) }
      case .iou: [1, 1.0 / 7, 0]
      case .reverseIoU: [0, 6.0 / 7, 1]
      case .none: [1, 1, 1]
      }
    #expect(weights[0] == 1)
    for index in 1...2 { #expect(abs(weights[index] - expected[index]) < 1e-6) }
  }

  @Test("without a pseudo-box no region overlaps one")
  func noPseudoBox() {
    let batch = ViewBatch(images: .zeros([1, 3, 64, 64]), views: [view])
    let teaching = Teaching(
      weak: batch, strong: batch, features: [], found: [], filters: PseudoBoxFilters(.init()),
      step: Step(index: 0, stepsPerEpoch: 1, imagesPerStep: 1, seed: 1))
    let sample = RegionHeads.Sample(boxes: boxes, labels: Tensor([0, 0, 0]), truth: boxes)
    let none = DetectionTarget(boxes: .zeros([0, 4]), labels: .zeros([0], .int64))
    func weights(_ measure: BackgroundMeasure) -> [Double] {
      measure.weights(of: [sample], logits: .zeros([3, 3]), targets: [none], teacher: heads(seed: 1), teaching).doubles
    }
    #expect(weights(.iou) == [0, 0, 0] && weights(.reverseIoU) == [1, 1, 1])
  }

  @Test("class losses are divided as the settings say")
  func classNormalization() {
    let entropies = Tensor([1, 2, 3, 4, 5] as [Float])
    let labels = [Tensor([1, 0, 0]), Tensor([0, 2])]
    let weights = Tensor([1, 0.5, 0.25, 0.5, 1] as [Float])
    func loss(_ classes: LossNormalization.Classes, _ over: LossNormalization.Extent) -> Double {
      var settings = LossNormalization()
      settings.classes = classes
      settings.over = over
      return settings.classLoss(entropies, labels: labels, weights: weights).scalar
    }
    #expect(abs(loss(.weights, .batch) - (1 + 1 + 0.75 + 2 + 5) / 3.25) < 1e-6)
    #expect(abs(loss(.weights, .image) - ((1 + 1 + 0.75) / 1.75 + (2 + 5) / 1.5) / 2) < 1e-6)
    #expect(abs(loss(.objectsAndBackground, .batch) - ((1 + 5) / 2.0 + (1 + 0.75 + 2) / 1.25)) < 1e-6)
    #expect(abs(loss(.objectsAndBackground, .image) - ((1 + 1.75 / 0.75) + (5 + 4)) / 2) < 1e-6)
  }

  @Test("background whose weights are all 0 adds nothing, and no image without regions of a kind gives no number")
  func emptyNormalization() {
    var settings = LossNormalization()
    settings.classes = .objectsAndBackground
    let entropies = Tensor([2, 3] as [Float])
    #expect(settings.classLoss(entropies, labels: [Tensor([0, 0])], weights: .zeros([2])).scalar == 0)
    #expect(settings.classLoss(entropies, labels: [Tensor([1, 1])], weights: .ones([2])).scalar == 2.5)
  }

  @Test("box losses are divided as the settings say")
  func boxNormalization() {
    let samples = [[1, 0, 0], [2, 1], [0, 0]].map {
      RegionHeads.Sample(boxes: .zeros([$0.count, 4]), labels: Tensor($0), truth: .zeros([$0.count, 4]))
    }
    func divisors(_ boxes: LossNormalization.Boxes, _ over: LossNormalization.Extent) -> [Double] {
      var settings = LossNormalization()
      settings.boxes = boxes
      settings.over = over
      return settings.boxDivisors(samples)
    }
    #expect(divisors(.regions, .batch) == [7, 7, 7] && divisors(.objects, .batch) == [3, 3, 3])
    #expect(divisors(.regions, .image) == [9, 6, 6] && divisors(.objects, .image) == [3, 6, 3])
  }

  @Test(
    "one divisor for all images and a divisor for each give the same loss where they are equal, and add up where not")
  func boxLoss() {
    let (heads, features) = (heads(seed: 4), [Tensor.normal([2, 4, 16, 16], using: Generator(seed: 5))])
    let samples = (0..<2).map { _ in
      RegionHeads.Sample(boxes: boxes, labels: Tensor([1, 0, 2]), truth: boxes + 2)
    }
    func loss(_ divisors: [Double]) -> Double { heads.boxLoss(features, samples: samples, divisors: divisors).scalar }
    let (first, second) = (loss([2, 1e12]), loss([1e12, 4]))
    #expect(first > 0 && second > 0 && abs(loss([2, 4]) - first - second) < 1e-5)
    #expect(abs(loss([2, 2.000_001]) - loss([2, 2])) < 1e-5)
  }

  @Test("moves are drawn evenly within the scale where the settings want it; the spread is in the box's mean side")
  func jitter() {
    var settings = BoxJitterReliability.Settings()
    settings.noise = .uniform
    let box = Tensor([10, 20, 110, 70] as [Float], shape: [1, 4]).expanded([2000, 4])
    let moves = BoxJitterReliability.jittered(box, settings, using: Generator(seed: 6)).reshaped(10, 2000, 4) - box
    let extents = moves.abs().reshaped(20_000, 4).max(0).values.doubles
    for (extent, side) in zip(extents, [100.0, 50, 100, 50]) {
      #expect(extent <= 0.06 * side + 1e-4 && extent > 0.0599 * side)
    }
    // An even distribution's deviation is its half width over √3.
    #expect(abs(moves.selected(0, axis: 2).power(2).mean().sqrt().scalar - 6 / 3.0.squareRoot()) < 0.05)
    let copies = Tensor([0, 0, 100, 50, 2, 0, 102, 50] as [Float], shape: [2, 1, 4])
    // Deviations √2, 0, √2, 0 of a box of 100 by 50.
    let root = 2.0.squareRoot()
    #expect(abs(BoxJitterReliability.spread(copies, in: .sides).scalar - 2 * root / 100 / 4) < 1e-6)
    #expect(abs(BoxJitterReliability.spread(copies, in: .mean).scalar - (2 * root / 4) / 75) < 1e-6)
  }

  @Test(
    "presets turn defaults below what the document and the command line set; what they do not name stays as released")
  func presets() throws {
    typealias Settings = DetectionSettings<SoftTeacher.Settings>
    func method(_ yaml: String, _ assignments: [String] = []) throws -> SoftTeacher.Settings {
      try Settings.resolved(SettingsDocument(yaml: yaml, name: "recipe"), assignments: assignments).method
    }
    let released = try method("")
    #expect(released == SoftTeacher.Settings())
    let paper = try method("method: {preset: paper}")
    #expect(paper.preset == .paper && paper.jitter.noise == .uniform && paper.jitter.size == .mean && !paper.memoryRamp)
    #expect(paper.normalization.classes == .objectsAndBackground && paper.normalization.over == .image)
    #expect(paper.thresholds == released.thresholds && paper.background == .teacher)
    #expect(try method("method: {preset: paper, memory_ramp: true}").memoryRamp)
    #expect(try method("method: {preset: paper}", ["method.jitter.noise=normal"]).jitter.noise == .normal)
    let other = try Settings.resolved(
      SettingsDocument(yaml: "method: {preset: paper}", name: "recipe"), assignments: ["method.preset=mmdetection"])
    #expect(other.method.preset == .mmdetection && other.method.teacherProposals == .evaluation)
    #expect(other.method.jitter == released.jitter && !other.method.memoryBuffers)
    let strong = other.views.strongAugmentation
    #expect(strong.fill == 128 && strong.eraseCountTo == 5)
    #expect(strong.colorMagnitudes == .tenths && (strong.colorMagnitudeFrom, strong.colorMagnitudeTo) == (0, 10))
    #expect(strong.geometryMagnitudes == .tenths && strong.shearFactor == .tan && strong.shearAxes == .one)
    #expect(other.method.batches.composition == .fixed && released.batches.composition == .drawn)
    #expect(
      other.plan.contains(
        "strong views: one of nine colour operations, magnitudes 0 to 10 in tenths, always; moved up to 10 %, turned up to 30° or"
          + " sheared along one axis up to 30° in tenths, always; 1 to 5 rectangles erased always"))
    #expect(throws: SettingsError.self) { try method("", ["method.preset=theirs"]) }
    // All of a run's settings, read again, are the same run.
    #expect(try Settings.resolved([SettingsDocument(yaml: other.yaml, name: "settings.yaml")]) == other)
  }

  @Test("drawn batches are told in words, and recipes whose results were measured have fixed ones")
  func batches() throws {
    typealias Settings = DetectionSettings<SoftTeacher.Settings>
    func lines(_ assignments: String...) throws -> [String] {
      try Settings.resolved(nil, assignments: assignments).plan.filter { $0.hasPrefix("batches: ") }
    }
    #expect(
      try lines() == [
        "batches: the kind of each image is drawn, at least one of each; 1.327 a step are labelled in the mean"
      ])
    #expect(
      try lines("method.labeled_images=8", "method.unlabeled_images=32", "method.batches.drawn_together=5") == [
        "batches: the kind of each image is drawn, 5 at a time, at least one of each; 10.62 a step are labelled in the mean"
      ])
    #expect(try lines("method.batches.composition=fixed") == [])
    #expect(
      try lines("method.batches={composition: fixed, labeled_share_decay_images: 400}") == [
        "batches: over the last 400 images the labelled share falls to 0, one image a step at least"
      ])
    for name in ["bccd", "bccd-small", "demo"] {
      let settings = try Settings.resolved(Recipes.document(name + "-soft-teacher"), assignments: [])
      #expect(settings.method.batches == BatchComposition(.fixed))
    }
    for (name, together) in [("coco-1pct", 5), ("coco-5pct", 5), ("coco-10pct", 5), ("coco-full", 8)] {
      let settings = try Settings.resolved(Recipes.document(name), assignments: [])
      #expect(settings.method.batches == BatchComposition(.drawn, drawnTogether: together))
    }
    #expect(throws: SettingsError.self) { try lines("method.batches.drawn_together=1") }
  }
}
