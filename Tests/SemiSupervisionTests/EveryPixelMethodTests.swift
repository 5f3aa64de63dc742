import Annotations
import Layers
import Segmentation
import TestDevice
import Testing
import Torch

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// What holds for every method of `seg-train`, asked of the registry.
@Suite struct EveryPixelMethodTests {
  /// Methods whose unlabelled part has more than one switch.
  private static let switches = [
    "dual-teacher": ["implicit_weight", "drop_path"], "pseudo-seg": ["grad_cam_weight", "image_weight"],
  ]

  private typealias Method = any TrainingMethod<SampleBatch>

  /// The method by its name with some of its settings changed; those that it does not have are left out.
  private func method(
    _ name: String, _ network: SegmentationNetwork, _ assignments: [String] = [], on device: Device = .cpu,
    loss: PixelLossSettings = PixelLossSettings(), pixels: [Int] = [1, 1, 1]
  ) throws -> (method: Method, views: ViewRequest) {
    func make<Settings: SegmentationMethodSettings>(_: Settings.Type) throws -> (Method, ViewRequest) {
      let known = assignments.filter {
        (try? SegmentationSettings<Settings>.resolved([], assignments: ["method." + $0])) != nil
      }
      let settings = try SegmentationSettings<Settings>.resolved([], assignments: known.map { "method." + $0 }).method
      var optimizer = OptimizerSettings()
      optimizer.momentum = 0
      let method = try settings.makeMethod(
        network, loss: try loss.makeLoss(pixels: pixels, on: device), optimizer: optimizer,
        length: TinySegmentation.length, classes: ClassTable(names: ["background", "a", "b"]), seed: 2)
      return (method, settings.views)
    }
    let found = try #require(SegmentationMethods.settings(named: name))
    return try make(found)
  }

  private func batch(_ index: Int, _ views: ViewRequest, _ name: String) -> SampleBatch {
    // Self-training's unlabelled images have label maps by then.
    TinySegmentation.batch(index, for: views, isLabeled: ["self-training", "st", "st++"].contains(name))
  }

  /// One step of training; its loss.
  private func take(
    _ index: Int, _ made: (method: Method, views: ViewRequest), _ name: String, on device: Device = .cpu,
    learningRate: Double = 0.05
  ) -> Double {
    let step = TinySegmentation.step(index)
    if step.indexInEpoch == 0 { made.method.epochWillBegin(step.epoch) }
    made.method.trainedModels.forEach { $0.optimizer.clearGradients() }
    let losses = made.method.losses(for: batch(index % 2, made.views, name).moved(to: device), at: step)
    losses.total.backward()
    made.method.trainedModels.forEach { $0.optimizer.step(learningRate: learningRate) }
    made.method.modelsDidUpdate(at: step)
    return losses.total.scalar
  }

  @Test(
    "losses are finite and named, every trained parameter gets a gradient, no teacher does",
    arguments: SegmentationMethods.names)
  func losses(name: String) throws {
    let network = TinySegmentation.network()
    network.train()
    let made = try method(name, network)
    #expect(type(of: made.method).name == name)
    let losses = made.method.losses(for: batch(1, made.views, name), at: TinySegmentation.step(0))
    #expect(losses.terms.first?.name == "loss_segmentation")
    // Where no pixel is sure enough a term is 0.
    #expect(losses.values().allSatisfy { $0.isFinite && $0 >= 0 } && losses.total.scalar > 0)
    losses.total.backward()
    let trained = made.method.trainedModels.map(\.model)
    for model in trained {
      #expect(model.namedParameters().allSatisfy { $0.parameter.value.gradient != nil })
    }
    for (_, predictor) in made.method.predictors where !trained.contains(where: { $0 === predictor.model }) {
      #expect(predictor.model.namedParameters().allSatisfy { $0.parameter.value.gradient == nil })
    }
  }

  @Test(
    "past ramps and thresholds unlabelled images move the network",
    arguments: SegmentationMethods.names.filter { $0 != "supervised" })
  func gradient(name: String) throws {
    let network = TinySegmentation.network()
    network.train()
    let made = try method(name, network, ["threshold=0"])
    for index in 0..<4 { _ = take(index, made, name) }
    made.method.trainedModels.forEach { $0.optimizer.clearGradients() }
    let losses = made.method.losses(for: batch(0, made.views, name), at: TinySegmentation.step(1000))
    let terms = losses.terms.filter { !$0.name.contains("loss_") }
    #expect(!terms.isEmpty)
    let parameters = made.method.trainedModels.flatMap { $0.model.namedParameters() }.map(\.parameter.value)
    for term in terms where term.weight > 0 {
      let gradients = term.value.gradients(of: parameters, retainingGraph: true)
      #expect(gradients.contains { ($0?.abs().max().scalar ?? 0) > 0 }, "\(term.name)")
    }
  }

  @Test(
    "without weight of the unlabelled images losses, gradients and batch norms are the supervised ones",
    arguments: SegmentationMethods.names)
  func noWeight(name: String) throws {
    let (own, other) = (TinySegmentation.network(), TinySegmentation.network())
    let made = try method(
      name, own, ["unlabeled_weight=0"] + Self.switches[name, default: []].map { "\($0)=0" })
    let supervised = try method("supervised", other)
    let left = made.method.losses(for: batch(3, made.views, name), at: TinySegmentation.step(4))
    let right = supervised.method.losses(for: batch(3, supervised.views, "supervised"), at: TinySegmentation.step(4))
    let term = try #require(left.terms.first { $0.name == "loss_segmentation" })
    #expect(term.value.isEqual(to: right.total))
    left.total.backward()
    right.total.backward()
    for (a, b) in zip(own.namedParameters(), other.namedParameters()) {
      #expect(
        try #require(a.parameter.value.gradient).isEqual(to: try #require(b.parameter.value.gradient)), "\(a.name)")
    }
    for (a, b) in zip(own.stateEntries(), other.stateEntries()) { #expect(a.tensor.isEqual(to: b.tensor), "\(a.name)") }
  }

  @Test(
    "pseudo-labels count by their class only where that is asked for",
    arguments: ["self-training", "st", "st++", "fixmatch", "classmix", "cps", "dual-teacher", "unimatch", "pseudo-seg"])
  func balance(name: String) throws {
    /// The part of the loss that unlabelled images have, after three steps.
    func unlabeled(_ balanceOfPseudoLabels: Bool, _ balance: ClassBalance) throws -> Double {
      let network = TinySegmentation.network()
      network.train()
      var loss = PixelLossSettings()
      loss.balance = balance
      let made = try method(
        name, network, ["threshold=0", "balances_pseudo_labels=\(balanceOfPseudoLabels)"], loss: loss,
        pixels: [900, 90, 10])
      let losses = made.method.losses(for: batch(1, made.views, name), at: TinySegmentation.step(5))
      return losses.terms.filter { $0.name.hasPrefix("unlabeled_") }.reduce(0) { $0 + $1.value.scalar }
    }
    let plain = try unlabeled(false, .off)
    #expect(try unlabeled(false, .median) == plain && unlabeled(true, .off) == plain)
    #expect(try unlabeled(true, .median) != plain)
  }

  @Test("what is saved and restored goes on with the same steps", arguments: SegmentationMethods.names)
  func resume(name: String) throws {
    func fresh() throws -> (method: Method, views: ViewRequest) {
      let network = TinySegmentation.network()
      network.train()
      return try method(name, network, ["threshold=0.4"])
    }
    let whole = try fresh()
    let expected = (0..<6).map { take($0, whole, name) }
    let begun = try fresh()
    #expect((0..<3).map { take($0, begun, name) } == Array(expected.prefix(3)))
    let resumed = try fresh()
    let judged = try #require(begun.method.predictors.first).predictor.model
    for (saved, model) in zip(begun.method.trainedModels, resumed.method.trainedModels) {
      try model.model.load(saved.model.stateDict(), source: "saved")
    }
    try #require(resumed.method.predictors.first).predictor.model.load(judged.stateDict(), source: "saved")
    try resumed.method.restore(begun.method.state)
    #expect((3..<6).map { take($0, resumed, name) } == Array(expected.suffix(3)))
  }

  @Test("steps on other devices are those of the CPU", arguments: TestDevice.all, SegmentationMethods.names)
  func devices(device: Device, name: String) throws {
    func losses(on device: Device) throws -> [Double] {
      let network = TinySegmentation.network()
      network.move(to: device)
      network.train()
      let made = try method(name, network, ["threshold=0.4"], on: device)
      // Small steps: norms of so few pixels make much of the last bit of a weight.
      return (0..<3).map { take($0, made, name, on: device, learningRate: 1e-4) }
    }
    for (expected, found) in zip(try losses(on: .cpu), try losses(on: device)) {
      #expect(abs(found - expected) < 1e-3 * max(1, expected))
    }
  }

  @Test("what methods cost is said of methods that there are")
  func costs() {
    #expect(Set(SegmentationMethods.costs.keys) == Set(SegmentationMethods.names))
    #expect(Set(DetectionMethods.costs.keys) == Set(DetectionMethods.names))
    let cps = SegmentationMethods.summaries.first { $0.name == "cps" }?.summary ?? ""
    #expect(cps.hasSuffix("(2 networks, a step takes 2.4 times a supervised one of as many images)"))
  }

  @Test("methods that show what they learn draw it", arguments: SegmentationMethods.names)
  func sheet(name: String) throws {
    let network = TinySegmentation.network()
    network.train()
    let made = try method(name, network, ["threshold=0.4"])
    guard let showing = made.method as? any PseudoPixelShowing else { return }
    for index in 0..<3 { _ = take(index, made, name) }
    let taught = try #require(showing.taughtPixels)
    #expect(taught.said.shape == [taught.weak.views.count, 32, 32] && taught.learnt.shape[1...] == [32, 32])
    let sheet = PixelSheet(taught: taught).image(
      classes: .init(names: ["a", "b", "c"]), normalization: .imageNet)
    #expect(sheet.width >= 4 * 240 && sheet.height > 100)
  }
}
