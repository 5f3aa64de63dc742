import Layers
import Segmentation
import TestSupport
import Testing
import Torch

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// A method with a second player, in one ordinary backward over the sum.
@Suite struct AdversarialMethodTests {
  private func method(weight: Double = 0.5) throws -> AdversarialMethod {
    let network = TinySegmentation.network()
    network.train()
    var optimizer = OptimizerSettings()
    (optimizer.algorithm, optimizer.learningRate) = (.adamw, 0.01)
    return AdversarialMethod(
      network, loss: try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu), weight: weight,
      optimizer: optimizer, length: TinySegmentation.length)
  }

  private func batch(_ index: Int) -> SampleBatch { TinySegmentation.batch(index, isLabeled: false) }

  @Test("each player's gradient is that of its own loss alone")
  func gradients() throws {
    let method = try method()
    let losses = method.losses(for: batch(1), at: TinySegmentation.step(0))
    let own = Dictionary(uniqueKeysWithValues: losses.terms.map { ($0.name, $0.value) })
    let (players, names) = ([method.network as Module, method.discriminator], ["student", "discriminator"])
    let terms = ["adversarial_segmentation", "discriminator"]
    for (term, player) in zip(terms, names) {
      for (model, name) in zip(players, names) {
        let found = try #require(own[term]).gradients(
          of: model.namedParameters().map(\.parameter.value), retainingGraph: true)
        #expect(found.contains { ($0?.abs().max().scalar ?? 0) > 0 } == (name == player), "\(term), \(name)")
      }
    }
    losses.total.backward()
    #expect(
      method.discriminator.namedParameters().allSatisfy { $0.parameter.isTrained && $0.parameter.value.gradient != nil }
    )
  }

  @Test("both players go on where a run was stopped: ten steps are five, a save, a load and five more, to the bit")
  func resumes() throws {
    func trainer() throws -> Trainer<AdversarialMethod, TinyBatches> {
      Trainer(
        method: try method(), source: TinyBatches(), settings: TrainerSettings(), length: TinySegmentation.length,
        seed: 7)
    }
    let straight = try trainer()
    for _ in 0..<10 { _ = try straight.takeStep() }
    let first = try trainer()
    for _ in 0..<5 { _ = try first.takeStep() }
    let scratch = try ScratchFolder()
    let checkpoints = Checkpoints(run: try RunFolder.create(scratch.path + "/run"))
    try checkpoints.saveLast(first.snapshot())
    let second = try trainer()
    try second.restore(try checkpoints.loadLast())
    var report = try second.takeStep()
    for _ in 0..<4 { report = try second.takeStep() }
    // Each player has a rate and a gradient norm of its own.
    #expect(report.learningRates.map(\.name).count == 2 && report.gradientNorms.count == 2)
    #expect(report.gradientNorms.allSatisfy { $0.value > 0 })
    #expect(straight.models.map(\.name) == ["student", "discriminator"])
    for (own, other) in zip(second.models, straight.models) {
      for (a, b) in zip(own.model.stateEntries(), other.model.stateEntries()) {
        #expect(a.tensor.isEqual(to: b.tensor), "\(own.name).\(a.name)")
      }
    }
  }

  /// The losses of some steps on one batch.
  private func values(steps: Int, weight: Double) throws -> [[String: Double]] {
    let method = try method(weight: weight)
    return (0..<steps).map { index in
      method.trainedModels.forEach { $0.optimizer.clearGradients() }
      let losses = method.losses(for: batch(0), at: TinySegmentation.step(index))
      losses.total.backward()
      method.trainedModels.forEach { $0.optimizer.step(learningRate: 0.01) }
      return Dictionary(uniqueKeysWithValues: zip(losses.terms.map(\.name), losses.values()))
    }
  }

  @Test(
    "both learn: the discriminator tells maps apart, and a segmenter that is to be taken for one is told apart less")
  func learns() throws {
    let (with, without) = (try values(steps: 60, weight: 0.5), try values(steps: 60, weight: 0))
    let first = try #require(with.first)
    #expect(without.contains { ($0["discriminator"] ?? 1) < 0.5 * (first["discriminator"] ?? 0) })
    func mean(_ values: [[String: Double]]) -> Double {
      values.suffix(20).reduce(0) { $0 + ($1["adversarial_segmentation"] ?? .nan) } / 20
    }
    #expect(mean(with) < mean(without), "\(mean(with)), \(mean(without))")
  }
}
