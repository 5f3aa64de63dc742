import Layers
import Randomness
import Segmentation
import Testing
import Torch
import Views

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// FixMatch for segmentation: what it learns of pixels, and CutMix.
@Suite struct FixMatchTests {
  private func method(
    _ network: SegmentationNetwork, _ change: (inout FixMatch.Settings) -> Void = { _ in }
  ) throws -> any TrainingMethod<SampleBatch> {
    var settings = FixMatch.Settings()
    change(&settings)
    return settings.makeMethod(
      network, loss: try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu), optimizer: OptimizerSettings(),
      length: TinySegmentation.length)
  }

  private func gradients(_ network: SegmentationNetwork) -> [Tensor?] {
    network.namedParameters().map { $0.parameter.value.gradient }
  }

  @Test("without weight of the unlabelled images losses, gradients and batch norms are the supervised ones")
  func noWeight() throws {
    let (own, other) = (TinySegmentation.network(), TinySegmentation.network())
    let batch = TinySegmentation.batch(3, isLabeled: false)
    let left = try method(own) { $0.unlabeledWeight = 0 }.losses(for: batch, at: TinySegmentation.step(4))
    let supervised = SupervisedSegmentation.Settings().makeMethod(
      other, loss: try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu), optimizer: OptimizerSettings(),
      length: TinySegmentation.length)
    let right = supervised.losses(for: batch, at: TinySegmentation.step(4))
    left.total.backward()
    right.total.backward()
    #expect(left.total.isEqual(to: right.total))
    for (a, b) in zip(gradients(own), gradients(other)) { #expect(try #require(a).isEqual(to: try #require(b))) }
    for (a, b) in zip(own.stateEntries(), other.stateEntries()) { #expect(a.tensor.isEqual(to: b.tensor), "\(a.name)") }
  }

  @Test(
    "the unlabelled loss is that of the weak view's labels in the strong view, written out", arguments: [0, 0.4, 1.1])
  func writtenOut(threshold: Double) throws {
    let batch = TinySegmentation.batch(5, isLabeled: false)
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    for denominator in [PixelLosses.Denominator.valid, .weights] {
      let network = TinySegmentation.network()
      network.train()
      let losses = try method(network) {
        ($0.threshold, $0.denominator, $0.cutMix.probability) = (threshold, denominator, 0)
      }.losses(for: batch, at: TinySegmentation.step(0))
      let found = try #require(losses.terms.first { $0.name == "unlabeled_segmentation" }).value.scalar

      let same = TinySegmentation.network()
      same.train()
      let said = withoutGradients { same(weak.images).logits.softmax(1) }
      let logits = same(concatenate([batch.labeledWeak[0].images, strong.images])).logits.sliced(axis: 0, from: 2)
      let (best, classes) = said.max(1)
      let (bests, labels, log) = (best.floats, classes.to(.float32).floats, logits.logSoftmax(1).detached())
      let visible = try #require(weak.validity).to(.float32).floats
      let shown = try #require(strong.validity).to(.float32).floats
      var (sum, sure, all) = (0.0, 0.0, 0.0)
      for place in 0..<2 * 32 * 32 where visible[place] == 1 && shown[place] == 1 {
        all += 1
        guard Double(bests[place]) >= threshold else { continue }
        let (image, y, x) = (place / 1024, place / 32 % 32, place % 32)
        sum -= log[image][Int(labels[place])][y][x].scalar
        sure += 1
      }
      let wanted = sure == 0 ? 0 : sum / (denominator == .valid ? all : sure)
      #expect(abs(found - wanted) < 1e-4, "\(found), \(wanted)")
      if threshold == 0.4 { #expect(sure > 0 && sure < all) }
    }
  }

  @Test("unlabelled images move the weights, and no gradient comes through their labels")
  func gradient() throws {
    let network = TinySegmentation.network()
    network.train()
    let losses = try method(network) { $0.threshold = 0 }.losses(
      for: TinySegmentation.batch(1, isLabeled: false), at: TinySegmentation.step(0))
    let term = try #require(losses.terms.first { $0.name == "unlabeled_segmentation" }).value
    term.backward()
    #expect(gradients(network).compactMap { $0 }.contains { $0.abs().max().scalar > 0 })
  }

  @Test("rectangles come from other images, the same in pixels, labels, probabilities and validity")
  func cutMix() throws {
    var settings = CutMixSettings()
    settings.probability = 1
    var generator = SeededGenerator(seed: 3)
    // The first two are views of one image.
    let mix = CutMix(of: [7, 7, 9, 4], height: 20, width: 30, settings, using: &generator)
    #expect(mix.pastes.map(\.image) == [0, 1, 2, 3])
    #expect(mix.pastes.allSatisfy { $0.image != $0.partner && !($0.image < 2 && $0.partner < 2) })
    // Every pixel says which image it is of.
    let numbers = Tensor.indices(4, device: .cpu)
    let images = (numbers.reshaped(4, 1, 1, 1).to(.float32) + Tensor.zeros([4, 3, 20, 30])).contiguous()
    let labels = (numbers.reshaped(4, 1, 1) + Tensor.zeros([4, 20, 30], .int64)).contiguous()
    let (mixed, mixedLabels) = (mix.mixed(images), mix.mixed(labels))
    for channel in 0..<3 {
      #expect(mixed.sliced(axis: 1, from: channel, to: channel + 1).squeezed(1).to(.int64).isEqual(to: mixedLabels))
    }
    for paste in mix.pastes {
      let share = Double(paste.patch.height * paste.patch.width) / 600
      #expect((0.01...0.4).contains(share))
      let own = mixedLabels[paste.image]
      #expect(
        own.sliced(axis: 0, from: paste.patch.y, to: paste.patch.y + 1)
          .sliced(axis: 1, from: paste.patch.x, to: paste.patch.x + 1).scalar == Double(paste.partner))
      #expect((own .== paste.image).to(.float32).sum().scalar == Double(600 - paste.patch.height * paste.patch.width))
    }
    #expect(labels.isEqual(to: (numbers.reshaped(4, 1, 1) + Tensor.zeros([4, 20, 30], .int64))))
    // Without another image there is no partner.
    #expect(CutMix(of: [2, 2], height: 20, width: 30, settings, using: &generator).pastes.isEmpty)
  }

  @Test("half of the images get a rectangle, and a step's draws are its own")
  func chances() {
    var count = 0
    for step in 0..<400 {
      var generator = TinySegmentation.step(step).makeHostGenerator(2)
      count += CutMix(of: [1, 2, 3, 4], height: 40, width: 40, CutMixSettings(), using: &generator).pastes.count
    }
    #expect(abs(Double(count) / 1600 - 0.5) < 0.05)
    func drawn(_ step: Int) -> [CutMix.Paste] {
      var generator = TinySegmentation.step(step).makeHostGenerator(2)
      return CutMix(of: Array(0..<8), height: 40, width: 40, CutMixSettings(), using: &generator).pastes
    }
    #expect(drawn(3) == drawn(3) && drawn(3) != drawn(4))
  }
}
