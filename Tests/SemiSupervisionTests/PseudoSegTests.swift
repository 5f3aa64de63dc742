import Documents
import Layers
import Segmentation
import TestDevice
import TestSupport
import Testing
import Torch
import Views

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// What PseudoSeg learns of a batch, and that it goes on where it was stopped.
@Suite struct PseudoSegTests {
  private func method(
    _ network: SegmentationNetwork, background: Int? = nil, _ change: (inout PseudoSeg.Settings) -> Void = { _ in }
  ) throws -> PseudoSeg {
    var settings = PseudoSeg.Settings()
    change(&settings)
    return PseudoSeg(
      network, background: background, settings: settings,
      loss: try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu), optimizer: OptimizerSettings(),
      length: TinySegmentation.length, seed: 5)
  }

  private func supervised(_ network: SegmentationNetwork) throws -> any TrainingMethod<SampleBatch> {
    SupervisedSegmentation.Settings().makeMethod(
      network, loss: try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu), optimizer: OptimizerSettings(),
      length: TinySegmentation.length)
  }

  private func gradients(_ module: Module) -> [Tensor?] {
    module.namedParameters().map { $0.parameter.value.gradient }
  }

  private func term(_ name: String, of losses: Losses) throws -> Tensor {
    try #require(losses.terms.first { $0.name == name }).value
  }

  private let batch = TinySegmentation.batch(3, isLabeled: false)
  private let step = TinySegmentation.step(4)

  @Test("without weights of all that is new, losses, gradients and batch norms are the supervised ones")
  func noWeights() throws {
    let (own, other) = (TinySegmentation.network(), TinySegmentation.network())
    let left = try method(own) { ($0.unlabeledWeight, $0.imageWeight, $0.gradCamWeight) = (0, 0, 0) }
      .losses(for: batch, at: step)
    let right = try supervised(other).losses(for: batch, at: step)
    left.total.backward()
    right.total.backward()
    #expect(left.total.isEqual(to: right.total) && left.terms.map(\.name) == right.terms.map(\.name))
    for (a, b) in zip(gradients(own), gradients(other)) { #expect(try #require(a).isEqual(to: try #require(b))) }
    for (a, b) in zip(own.stateEntries(), other.stateEntries()) { #expect(a.tensor.isEqual(to: b.tensor), "\(a.name)") }
  }

  @Test("what is trained beside the network changes no gradient of it where the classifier does not train the encoder")
  func switchedOff() throws {
    let (own, other) = (TinySegmentation.network(), TinySegmentation.network())
    let made = try method(own) { ($0.unlabeledWeight, $0.imageTrainsBackbone) = (0, false) }
    let left = made.losses(for: batch, at: step)
    let right = try supervised(other).losses(for: batch, at: step)
    #expect(left.terms.map(\.name) == ["loss_segmentation", "grad_cam_segmentation", "image_classes"])
    #expect(try term("loss_segmentation", of: left).isEqual(to: term("loss_segmentation", of: right)))
    left.total.backward()
    right.total.backward()
    for (a, b) in zip(gradients(own), gradients(other)) { #expect(try #require(a).isEqual(to: try #require(b))) }
    #expect(gradients(made.head).allSatisfy { ($0?.abs().max().scalar ?? 0) > 0 })
  }

  @Test("by default the classifier's loss trains the encoder, and that of Grad-CAM does not")
  func encoder() throws {
    for (name, isTrained) in [("image_classes", true), ("grad_cam_segmentation", false)] {
      let network = TinySegmentation.network()
      let losses = try method(network) { $0.unlabeledWeight = 0 }.losses(for: batch, at: step)
      try term(name, of: losses).backward()
      let moved = network.namedParameters().filter { ($0.parameter.value.gradient?.abs().max().scalar ?? 0) > 0 }
      #expect(moved.isEmpty != isTrained && moved.allSatisfy { $0.name.hasPrefix("backbone.") }, "\(name)")
    }
  }

  @Test("the strong view learns every shown pixel of what the weak view says, sharpened, written out")
  func writtenOut() throws {
    let network = TinySegmentation.network()
    let losses = try method(network) { ($0.fusion, $0.imageWeight, $0.gradCamWeight) = (.decoder, 0, 0) }
      .losses(for: batch, at: step)
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    let same = TinySegmentation.network()
    let said = withoutGradients { same(weak.images).logits.softmax(1) }
    let learnt = same(concatenate([batch.labeledWeak[0].images, strong.images])).logits.sliced(axis: 0, from: 2)
    let (p, log) = (said.doubles, learnt.logSoftmax(1).detached().doubles)
    let shown = zip(try #require(weak.validity).to(.float32).floats, try #require(strong.validity).to(.float32).floats)
      .map { $0 * $1 == 1 }
    var (sum, count) = (0.0, 0.0)
    for place in 0..<2 * 1024 where shown[place] {
      let places = (0..<3).map { place / 1024 * 3072 + $0 * 1024 + place % 1024 }
      let squares = places.map { p[$0] * p[$0] }
      for (square, at) in zip(squares, places) { sum -= square / squares.reduce(0, +) * log[at] }
      count += 1
    }
    #expect(abs(try term("unlabeled_segmentation", of: losses).scalar - sum / count) < 1e-4)
    #expect(count < 2 * 1024)
  }

  @Test(
    "unlabelled images train the network, and nothing comes through what they learn",
    arguments: PseudoSeg.Fusion.allCases)
  func noGradientThroughLabels(fusion: PseudoSeg.Fusion) throws {
    let network = TinySegmentation.network()
    let made = try method(network, background: 0) { $0.fusion = fusion }
    let losses = made.losses(for: batch, at: step)
    // Grad-CAM's own gradients have reached no parameter.
    #expect(gradients(network).allSatisfy { $0 == nil } && gradients(made.head).allSatisfy { $0 == nil })
    try term("unlabeled_segmentation", of: losses).backward()
    #expect(gradients(network).compactMap { $0 }.contains { $0.abs().max().scalar > 0 })
    #expect(gradients(made.head).allSatisfy { $0 == nil })
    #expect(losses.values().allSatisfy { $0.isFinite })
    #expect(
      losses.figures.map(\.name) == ["pseudo.classes", "pseudo.kept", "pseudo.confidence", "pseudo.agreement"])
  }

  /// The unlabelled images with tags, nil for none.
  private func tagged(_ tags: [[Int]?]) -> SampleBatch {
    func views(_ batch: ViewBatch) -> ViewBatch {
      let views = zip(batch.views, tags).map {
        View(image: $0.image, imageID: $0.imageID, name: $0.name, geometry: $0.geometry, labels: $0.labels, tags: $1)
      }
      return ViewBatch(images: batch.images, views: views, validity: batch.validity)
    }
    return SampleBatch(
      labeledWeak: batch.labeledWeak, labeledStrong: [], unlabeledWeak: [views(batch.unlabeledWeak[0])],
      unlabeledStrong: [views(batch.unlabeledStrong[0])])
  }

  @Test("what is shown of it: the likeliest class of each pixel, all of them sure; nothing without weight")
  func shown() throws {
    let made = try method(TinySegmentation.network(), background: 0)
    let losses = made.losses(for: batch, at: step)
    let taught = try #require(made.taughtPixels)
    let figures = Dictionary(losses.figures.map { ($0.name, $0.value.scalar) }) { first, _ in first }
    #expect(figures["pseudo.kept"] == 1)
    #expect(figures["pseudo.confidence"].map { (1.0 / 3...1).contains($0) } == true)
    #expect(figures["pseudo.agreement"].map { (0...1).contains($0) } == true)
    let weak = batch.unlabeledWeak[0]
    #expect(taught.said.shape == [weak.views.count, weak.images.size(2), weak.images.size(3)])
    let valid = try #require(weak.validity).to(.int64).flattened().integers
    for (label, isShown) in zip(taught.said.flattened().integers, valid) {
      #expect(isShown != 0 ? (0..<3).contains(label) : label == 255)
    }
    let silent = try method(TinySegmentation.network(), background: 0) { $0.unlabeledWeight = 0 }
    _ = silent.losses(for: batch, at: step)
    #expect(silent.taughtPixels == nil)
  }

  @Test("tags say which classes Grad-CAM is taken of, and are learnt beside the labelled images' classes")
  func tags() throws {
    func losses(_ batch: SampleBatch) throws -> (losses: Losses, method: PseudoSeg) {
      let made = try method(TinySegmentation.network(), background: 0)
      return (made.losses(for: batch, at: step), made)
    }
    let (plain, own) = try losses(batch)
    // The background is no class of an image: one of two tags, and none.
    let (some, _) = try losses(tagged([[0, 2], []]))
    let (one, _) = try losses(tagged([[1, 2], nil]))
    #expect(some.figures.first { $0.name == "pseudo.classes" }?.value.scalar == 0.5)
    func value(_ losses: Losses) throws -> Double { try term("image_classes", of: losses).scalar }

    // The classifier as it begins on the features of labelled and strong views.
    let network = TinySegmentation.network()
    _ = network.features(batch.unlabeledWeak[0].images)
    let images = concatenate([batch.labeledWeak[0].images, batch.unlabeledStrong[0].images])
    let logits = own.head.imageLogits(try #require(network.features(images).last)).detached().doubles
    func loss(_ logit: Double, _ truth: Double) -> Double {
      let p = Tensor([logit]).sigmoid().log().scalar
      let q = Tensor([-logit]).sigmoid().log().scalar
      return -truth * p - (1 - truth) * q
    }
    // All classes are in both labelled views.
    let labeled = logits.prefix(4).map { loss($0, 1) }.reduce(0, +)
    #expect(abs(try value(plain) - labeled / 4) < 1e-5)
    let two = zip(logits[4...7], [0, 1, 0, 0]).map(loss).reduce(0, +)
    #expect(abs(try value(some) - (labeled + two) / 8) < 1e-5)
    let first = logits[4...5].map { loss($0, 1) }.reduce(0, +)
    #expect(abs(try value(one) - (labeled + first) / 6) < 1e-5)
    #expect(try !term("unlabeled_segmentation", of: some).isEqual(to: term("unlabeled_segmentation", of: plain)))
  }

  private func trainer(memory: Int) throws -> Trainer<PseudoSeg, TinyBatches> {
    Trainer(
      method: try method(TinySegmentation.network(), background: 0) { $0.memoryImages = memory }, source: TinyBatches(),
      settings: TrainerSettings(), length: TinySegmentation.length, seed: 7)
  }

  @Test("ten steps are five, a save, a load and five more, to the bit")
  func resumes() throws {
    // With an average the network that is trained is in the file of what is not judged.
    let memory = 16
    let scratch = try ScratchFolder()
    let straight = try trainer(memory: memory)
    for _ in 0..<10 { _ = try straight.takeStep() }

    let first = try trainer(memory: memory)
    for _ in 0..<5 { _ = try first.takeStep() }
    let run = try RunFolder.create(scratch.path + "/run")
    let checkpoints = Checkpoints(run: run)
    try checkpoints.saveLast(first.snapshot())
    let second = try trainer(memory: memory)
    try second.restore(try checkpoints.loadLast())
    for _ in 0..<5 { _ = try second.takeStep() }

    #expect(second.stepsDone == 10)
    #expect(straight.models.map(\.name) == ["student", "grad_cam"])
    for (own, other) in zip(second.models, straight.models) {
      for (a, b) in zip(own.model.stateEntries(), other.model.stateEntries()) {
        #expect(a.tensor.isEqual(to: b.tensor), "\(own.name).\(a.name)")
      }
    }
    for (own, other) in zip(second.predictors, straight.predictors) {
      for (a, b) in zip(own.predictor.model.stateEntries(), other.predictor.model.stateEntries()) {
        #expect(a.tensor.isEqual(to: b.tensor), "\(own.name).\(a.name)")
      }
    }
  }

  @Test("losses are the same on other devices, and a device is waited for once", arguments: TestDevice.all)
  func devices(device: Device) throws {
    func losses(on device: Device) throws -> (losses: Losses, waits: [String: Int]) {
      let batch = tagged([[1], nil]).moved(to: device)
      let network = TinySegmentation.network()
      network.move(to: device)
      let made = try method(network, background: 0)
      var found = Losses()
      let waits = TestDevice.waits { found = made.losses(for: batch, at: step) }
      return (found, waits)
    }
    let (here, there) = (try losses(on: .cpu), try losses(on: device))
    #expect(TestDevice.hasGPU || there.waits == ["synchronize": 1], "\(there.waits)")
    for (a, b) in zip(here.losses.values(), there.losses.values()) { #expect(abs(a - b) < 1e-3, "\(a), \(b)") }
  }

  @Test("the network is judged and saved as it is, without what was trained beside it")
  func plainNetwork() throws {
    let network = TinySegmentation.network()
    let made = try method(network)
    #expect(made.predictors.map(\.name) == ["student"] && made.predictors[0].predictor.model === network)
    #expect(network.stateEntries().map(\.name) == TinySegmentation.network().stateEntries().map(\.name))
    #expect(try method(network) { $0.memoryImages = 8 }.predictors.map(\.name) == ["average", "student"])
  }
}
