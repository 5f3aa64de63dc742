import Layers
import Randomness
import Segmentation
import Testing
import Torch
import Views

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// FixMatch for segmentation: what it learns of pixels.
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

  @Test(
    "that no pixel is sure enough is said after 200 unlabelled images, with the surest there was, and goes on in a loaded run"
  )
  func warns() throws {
    let method = try method(TinySegmentation.network()) { $0.threshold = 1 }
    let batch = TinySegmentation.batch(5, isLabeled: false)
    func lines(_ method: any TrainingMethod<SampleBatch>, _ steps: Range<Int>) -> [String] {
      steps.flatMap { method.losses(for: batch, at: TinySegmentation.step($0)).warnings }
    }
    // Two images a step.
    #expect(lines(method, 0..<60).isEmpty)
    let loaded = try self.method(TinySegmentation.network()) { $0.threshold = 1 }
    try loaded.restore(method.state)
    let said = lines(loaded, 60..<100)
    #expect(said.count { $0.hasPrefix("no pixel has been sure enough in 200 unlabelled images: the highest") } == 1)
    #expect(said.contains { $0.hasPrefix("unlabelled images have added nothing to the loss for 200 images") })
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
}
