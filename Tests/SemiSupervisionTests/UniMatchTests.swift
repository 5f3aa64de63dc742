import Layers
import Segmentation
import Testing
import Torch

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// UniMatch and its second version: which losses of which views they add up.
@Suite struct UniMatchTests {
  private func loss() throws -> PixelLoss { try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu) }

  /// The cross-entropy of logits against labels of sure pixels, over all pixels that both views show.
  private func masked(_ logits: Tensor, _ said: Tensor, _ weak: ViewBatch, _ strong: ViewBatch) throws -> Double {
    let (best, classes) = said.max(1)
    let valid = (try #require(weak.validity) .& (try #require(strong.validity))).to(.float32)
    let sure = (best .>= 0.4).to(.float32) * valid
    #expect(sure.sum().scalar > 0 && sure.sum().scalar < valid.sum().scalar)
    let picked = -logits.logSoftmax(1).picked(classes.unsqueezed(1), axis: 1).squeezed(1)
    return ((picked * sure).sum() / valid.sum()).scalar
  }

  @Test("UniMatch adds a quarter of each strong view's loss and half of the perturbed features'")
  func first() throws {
    let (network, same) = (TinySegmentation.network(), TinySegmentation.network())
    [network, same].forEach { $0.train() }
    var settings = UniMatch.Settings()
    (settings.threshold, settings.cutMix.probability) = (0.4, 0)
    let method = UniMatch(
      network, settings: settings, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length)
    let (batch, step) = (TinySegmentation.batch(3, for: method.views, isLabeled: false), TinySegmentation.step(0))
    let losses = method.losses(for: batch, at: step)
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong)
    let features = same.features(concatenate([batch.labeledWeak[0].images, weak.images]))
    let dropped = FeatureDropout.dropped(
      features.map { $0.sliced(axis: 0, from: 2) }, rate: 0.5, using: step.makeGenerator(5))
    let decoded = same.output(zip(features, dropped).map { concatenate([$0, $1]) }, height: 32, width: 32).logits
      .detached()
    let said = decoded.sliced(axis: 0, from: 2, to: 4).softmax(1)
    let seen = same(concatenate(strong.map(\.images))).logits.detached()
    let wanted =
      try
      (masked(seen.sliced(axis: 0, to: 2), said, weak, strong[0])
      + masked(seen.sliced(axis: 0, from: 2), said, weak, strong[1]))
    let perturbed = try masked(decoded.sliced(axis: 0, from: 4), said, weak, weak)
    let terms = losses.terms.filter { $0.name.hasPrefix("unlabeled") }
    #expect(terms.map(\.name) == ["unlabeled_features_segmentation", "unlabeled_segmentation"])
    #expect(terms.map(\.weight) == [0.5, 0.5])
    #expect(abs(terms[0].value.scalar - perturbed) < 1e-4)
    // Half of the mean of two is a quarter of each.
    #expect(abs(terms[1].value.scalar - wanted / 2) < 1e-4)
  }

  @Test(
    "UniMatch V2 learns the teacher's labels in two views at once, without complementary channels where that is off")
  func second() throws {
    let (network, same) = (TinySegmentation.network(), TinySegmentation.network())
    network.train()
    var settings = UniMatchV2.Settings()
    (settings.threshold, settings.cutMix.probability, settings.dropsChannels) = (0.4, 0, false)
    let method = UniMatchV2(
      network, settings: settings, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length)
    #expect(method.predictors.map(\.name) == ["teacher", "student"])
    let batch = TinySegmentation.batch(3, for: method.views, isLabeled: false)
    let losses = method.losses(for: batch, at: TinySegmentation.step(0))
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong)
    same.evaluate()
    let said = withoutGradients { same(weak.images).logits.softmax(1) }
    same.train()
    let seen = same(concatenate(strong.map(\.images))).logits.detached()
    let wanted =
      try
      (masked(seen.sliced(axis: 0, to: 2), said, weak, strong[0])
      + masked(seen.sliced(axis: 0, from: 2), said, weak, strong[1])) / 2
    let found = try #require(losses.terms.first { $0.name == "unlabeled_segmentation" })
    #expect(abs(found.value.scalar - wanted) < 1e-4 && found.weight == 1)
  }
}
