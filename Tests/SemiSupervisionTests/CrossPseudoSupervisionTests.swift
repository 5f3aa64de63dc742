import Layers
import Segmentation
import Testing
import Torch

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// CPS: two networks that started apart.
@Suite struct CrossPseudoSupervisionTests {
  private func method(
    _ network: SegmentationNetwork, _ change: (inout CrossPseudoSupervision.Settings) -> Void = { _ in }
  ) throws -> CrossPseudoSupervision {
    var settings = CrossPseudoSupervision.Settings()
    change(&settings)
    return CrossPseudoSupervision(
      network, settings: settings, loss: try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu),
      optimizer: OptimizerSettings(), length: TinySegmentation.length, seed: 3)
  }

  @Test("the second network has the same encoder and another head, the same for the same first one")
  func peer() {
    let network = TinySegmentation.network()
    let (peer, again) = (network.madePeer(seed: 3), network.madePeer(seed: 3))
    for ((a, b), c) in zip(zip(network.stateEntries(), peer.stateEntries()), again.stateEntries()) {
      if a.name.hasPrefix("backbone.") { #expect(a.tensor.isEqual(to: b.tensor), "\(a.name)") }
      #expect(b.tensor.isEqual(to: c.tensor), "\(a.name)")
    }
    let heads = zip(network.namedParameters(), peer.namedParameters()).filter {
      $0.0.name.hasSuffix("conv.weight") || $0.0.name.contains("classifier")
    }
    #expect(heads.contains { !$0.0.parameter.value.detached().isEqual(to: $0.1.parameter.value.detached()) })
    // Another seed gives another one, and the first network's own seed does not give its head.
    let other = network.madePeer(seed: 1)
    for model in [peer, network] {
      #expect(
        zip(model.namedParameters(), other.namedParameters()).contains {
          $0.name.hasPrefix("classifier") && !$0.parameter.value.detached().isEqual(to: $1.parameter.value.detached())
        })
    }
  }

  @Test("without CutMix each network learns the other's labels of all images, written out")
  func plain() throws {
    let network = TinySegmentation.network()
    network.train()
    let method = try method(network) { $0.cutMix.probability = 0 }
    let batch = TinySegmentation.batch(4, isLabeled: false)
    let (labeled, weak) = (batch.labeledWeak[0], batch.unlabeledWeak[0])
    let losses = method.losses(for: batch, at: TinySegmentation.step(0))
    let images = concatenate([labeled.images, weak.images])
    let first = TinySegmentation.network()
    let second = first.madePeer(seed: 3)
    let logits = [first, second].map { model -> Tensor in
      model.train()
      return model(images).logits.detached()
    }
    let valid = concatenate([try #require(labeled.validity), try #require(weak.validity)]).to(.float32)
    func wanted(_ own: Int) -> Double {
      let labels = logits[1 - own].argmax(1).unsqueezed(1)
      let picked = -logits[own].logSoftmax(1).picked(labels, axis: 1).squeezed(1)
      return ((picked * valid).sum() / valid.sum()).scalar
    }
    for (own, name) in ["unlabeled_segmentation", "peer_unlabeled_segmentation"].enumerated() {
      let found = try #require(losses.terms.first { $0.name == name }).value.scalar
      #expect(abs(found - wanted(own)) < 1e-4)
    }
    #expect(losses.terms.map(\.name).contains("peer_loss_segmentation"))
  }

  @Test("each network gets its gradient from its own losses alone")
  func gradients() throws {
    let network = TinySegmentation.network()
    network.train()
    let method = try method(network)
    let losses = method.losses(for: TinySegmentation.batch(1, isLabeled: false), at: TinySegmentation.step(0))
    let models = method.trainedModels.map(\.model)
    for (own, name) in ["unlabeled_segmentation", "peer_unlabeled_segmentation"].enumerated() {
      let term = try #require(losses.terms.first { $0.name == name }).value
      for (number, model) in models.enumerated() {
        let found = term.gradients(of: model.namedParameters().map(\.parameter.value), retainingGraph: true)
        #expect(found.contains { ($0?.abs().max().scalar ?? 0) > 0 } == (number == own))
      }
    }
  }
}
