import Layers
import Segmentation
import Testing
import Torch

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// What methods that mix unlabelled images learn of the mix, written out with the mix that the step's own draws give.
@Suite struct MixedLossTests {
  private let batch = TinySegmentation.batch(2, isLabeled: false)
  private let step = TinySegmentation.step(0)
  private let networks = (TinySegmentation.network(), TinySegmentation.network())
  private let threshold = 0.4

  private func loss() throws -> PixelLoss { try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu) }

  private func found(_ name: String = "unlabeled_segmentation", in losses: Losses) throws -> Double {
    try #require(losses.terms.first { $0.name == name }).value.scalar
  }

  /// What a network says of the weak views in evaluation mode.
  private func said(_ network: SegmentationNetwork) -> Tensor {
    network.evaluate()
    defer { network.train() }
    return withoutGradients { network(batch.unlabeledWeak[0].images).logits.softmax(1) }
  }

  /// Logits of images that went through a network behind the labelled ones.
  private func logits(_ network: SegmentationNetwork, _ images: Tensor) -> Tensor {
    network(concatenate([batch.labeledWeak[0].images, images])).logits.detached().sliced(axis: 0, from: 2)
  }

  /// The cross-entropy of each pixel against the likeliest classes, float32 [N, H, W].
  private func crossEntropy(_ logits: Tensor, _ labels: Tensor) -> Tensor {
    -logits.logSoftmax(1).picked(labels.unsqueezed(1), axis: 1).squeezed(1)
  }

  /// The pixels that weak and strong view show, as numbers.
  private func shown() throws -> Tensor {
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    return (try #require(weak.validity) .& (try #require(strong.validity))).to(.float32)
  }

  @Test("ClassMix: all pixels of the mix, by the share of sure ones in the batch")
  func classMix() throws {
    let (network, same) = networks
    network.train()
    var settings = ClassMixTraining.Settings()
    settings.threshold = threshold
    let method = ClassMixTraining(
      network, settings: settings, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length)
    let value = try found(in: method.losses(for: batch, at: step))
    let (best, classes) = said(same).max(1)
    let shown = try shown()
    let labels = classes.filled(255, where: shown .< 0.5)
    var generator = step.makeHostGenerator(2)
    let mix = ClassMix.mix(of: labels, identities: [0, 1], classCount: 3, using: &generator)
    #expect(!mix.isEmpty)
    let valid = mix.mixed(shown)
    let share = ((mix.mixed(best) .>= threshold).to(.float32) * valid).sum().scalar / valid.sum().scalar
    #expect(share > 0 && share < 1)
    let each = crossEntropy(logits(same, mix.mixed(batch.unlabeledStrong[0].images)), mix.mixed(classes))
    #expect(abs(value - share * ((each * valid).sum() / valid.sum()).scalar) < 1e-4)
  }

  @Test("Dual Teacher: in a turn of CutMix each image's pixels by the share of sure ones in that image")
  func dualTeacher() throws {
    let (network, same) = networks
    network.train()
    var settings = DualTeacher.Settings()
    (settings.threshold, settings.implicitWeight, settings.dropPath) = (threshold, 0, 0)
    let method = DualTeacher(
      network, settings: settings, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length)
    let value = try found(in: method.losses(for: batch, at: step))
    let (best, classes) = said(same).max(1)
    var generator = step.makeHostGenerator(2)
    let mix = CutMix(of: batch.unlabeledStrong[0], settings.cutMix, using: &generator).mix(on: .cpu)
    #expect(!mix.isEmpty)
    let valid = mix.mixed(try shown())
    let sure = (mix.mixed(best) .>= threshold).to(.float32) * valid
    let shares = sure.sum(1, 2).doubles.enumerated().map { $1 / valid.sum(1, 2).doubles[$0] }
    #expect(shares[0] != shares[1])
    let each = crossEntropy(logits(same, mix.mixed(batch.unlabeledStrong[0].images)), mix.mixed(classes)) * valid
    let sums = each.sum(1, 2).doubles
    let wanted = (shares[0] * sums[0] + shares[1] * sums[1]) / valid.sum().scalar
    #expect(abs(value - wanted) < 1e-4, "\(value), \(wanted)")
  }

  @Test("CPS with CutMix: each network learns what the other says of the unmixed images, mixed")
  func crossPseudoSupervision() throws {
    let (network, same) = networks
    network.train()
    let settings = CrossPseudoSupervision.Settings()
    let method = CrossPseudoSupervision(
      network, settings: settings, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length,
      seed: 3)
    let losses = method.losses(for: batch, at: step)
    let weak = batch.unlabeledWeak[0]
    var generator = step.makeHostGenerator(2)
    let mix = CutMix(of: weak, settings.cutMix, using: &generator).mix(on: .cpu)
    #expect(!mix.isEmpty)
    let models = [same, same.madePeer(seed: 3)]
    let valid = mix.mixed(try #require(weak.validity).to(.float32))
    // In training mode, as in the release.
    let said = models.map { model -> Tensor in
      model.train()
      return withoutGradients { model(weak.images).logits.argmax(1) }
    }
    let learnt = models.map { logits($0, mix.mixed(weak.images)) }
    for (own, name) in ["unlabeled_segmentation", "peer_unlabeled_segmentation"].enumerated() {
      let each = crossEntropy(learnt[own], mix.mixed(said[1 - own])) * valid
      #expect(abs(try found(name, in: losses) - (each.sum() / valid.sum()).scalar) < 1e-4, "\(name)")
    }
  }

  @Test("UniMatch V2: two mixed views whose features lack complementary channels, sure pixels over all that are shown")
  func uniMatchV2() throws {
    let (network, same) = networks
    network.train()
    var settings = UniMatchV2.Settings()
    (settings.threshold, settings.cutMix.probability) = (threshold, 1)
    let method = UniMatchV2(
      network, settings: settings, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length)
    let batch = TinySegmentation.batch(3, for: method.views, isLabeled: false)
    let value = try found(in: method.losses(for: batch, at: step))
    let weak = batch.unlabeledWeak[0]
    same.evaluate()
    let (best, classes) = withoutGradients { same(weak.images).logits.softmax(1) }.max(1)
    same.train()
    let mixes = batch.unlabeledStrong.enumerated().map { number, strong in
      var generator = step.makeHostGenerator(2 + UInt64(number))
      return CutMix(of: strong, settings.cutMix, using: &generator).mix(on: .cpu)
    }
    #expect(mixes.allSatisfy { !$0.isEmpty })
    let images = concatenate(zip(mixes, batch.unlabeledStrong).map { $0.mixed($1.images) })
    let maps = FeatureDropout.complementary(same.features(images), using: step.makeGenerator(5))
    let logits = same.output(maps, height: 32, width: 32).logits.detached()
    let parts = try mixes.enumerated().map { number, mix in
      let strong = batch.unlabeledStrong[number]
      let valid = mix.mixed((try #require(weak.validity) .& (try #require(strong.validity))).to(.float32))
      let sure = (mix.mixed(best) .>= threshold).to(.float32) * valid
      let each = crossEntropy(logits.sliced(axis: 0, from: 2 * number, to: 2 * number + 2), mix.mixed(classes))
      return ((each * sure).sum() / valid.sum()).scalar
    }
    #expect(abs(value - (parts[0] + parts[1]) / 2) < 1e-4)
  }
}
