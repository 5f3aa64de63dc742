import Layers
import Segmentation
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

  @Test("both learn: the discriminator tells maps apart, and the segmenter learns to be taken for one")
  func learns() throws {
    let method = try method()
    var values: [[String: Double]] = []
    for index in 0..<60 {
      method.trainedModels.forEach { $0.optimizer.clearGradients() }
      let losses = method.losses(for: batch(0), at: TinySegmentation.step(index))
      losses.total.backward()
      method.trainedModels.forEach { $0.optimizer.step(learningRate: 0.01) }
      values.append(Dictionary(uniqueKeysWithValues: zip(losses.terms.map(\.name), losses.values())))
    }
    let (first, last) = (try #require(values.first), try #require(values.last))
    #expect(try #require(last["loss_segmentation"]) < #require(first["loss_segmentation"]))
    #expect(values.contains { ($0["discriminator"] ?? 1) < 0.5 * (first["discriminator"] ?? 0) })
    // Against a discriminator that is right the adversarial loss is high; what the segmenter did brings it down again.
    let greatest = values.compactMap { $0["adversarial_segmentation"] }.max() ?? 0
    #expect(try #require(last["adversarial_segmentation"]) < greatest)
  }
}
