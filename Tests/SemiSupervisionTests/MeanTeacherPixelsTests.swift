import Layers
import Segmentation
import Testing
import Torch

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// Methods in which a segmenter is to say what its average, or it itself, says of another view.
@Suite struct MeanTeacherPixelsTests {
  private func loss() throws -> PixelLoss { try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu) }

  private func term(_ losses: Losses) throws -> Losses.Term {
    try #require(losses.terms.first { $0.name == "unlabeled_segmentation" })
  }

  /// The mean over classes and pixels that count of the squared difference of probabilities.
  private func difference(_ logits: Tensor, _ wanted: Tensor, _ valid: Tensor) -> Double {
    let squares = (logits.softmax(1) - wanted).power(2).mean(1)
    let counts = valid.to(.float32)
    return ((squares * counts).sum() / counts.sum()).scalar
  }

  @Test("Mean Teacher: the student's strong view against the teacher's weak one, with a rising weight")
  func meanTeacher() throws {
    let (network, same) = (TinySegmentation.network(), TinySegmentation.network())
    network.train()
    var settings = SegmentationMeanTeacher.Settings()
    settings.rampImages = 40
    let method = SegmentationMeanTeacher(
      network, settings: settings, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length)
    let batch = TinySegmentation.batch(2, isLabeled: false)
    let found = try term(method.losses(for: batch, at: TinySegmentation.step(5)))
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    same.evaluate()
    let wanted = withoutGradients { same(weak.images).logits.softmax(1) }
    same.train()
    let logits = same(concatenate([batch.labeledWeak[0].images, strong.images])).logits.detached()
      .sliced(axis: 0, from: 2)
    let valid = (try #require(weak.validity)) .& (try #require(strong.validity))
    #expect(abs(found.value.scalar - difference(logits, wanted, valid)) < 1e-5)
    // Half of the ramp: exp(-5 / 4).
    #expect(abs(found.weight - 100 * 0.286504796860190) < 1e-9)
  }

  @Test("CutMix-Seg: the mixed teacher, times the share of sure pixels in the mix")
  func cutMix() throws {
    let (network, same) = (TinySegmentation.network(), TinySegmentation.network())
    network.train()
    var settings = CutMixMeanTeacher.Settings()
    settings.threshold = 0.4
    let method = CutMixMeanTeacher(
      network, settings: settings, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length)
    let (batch, step) = (TinySegmentation.batch(2, isLabeled: false), TinySegmentation.step(0))
    let found = try term(method.losses(for: batch, at: step))
    let weak = batch.unlabeledWeak[0]
    same.evaluate()
    let said = withoutGradients { same(weak.images).logits.softmax(1) }
    same.train()
    var generator = step.makeHostGenerator(2)
    let mix = CutMix(of: weak, settings.cutMix, using: &generator).mix(on: .cpu)
    #expect(!mix.isEmpty)
    let wanted = mix.mixed(said)
    let valid = mix.mixed(try #require(weak.validity))
    let logits = same(concatenate([batch.labeledWeak[0].images, mix.mixed(weak.images)])).logits.detached()
      .sliced(axis: 0, from: 2)
    let sure = (wanted.max(1).values .>= 0.4).to(.float32) * valid.to(.float32)
    let share = sure.sum().scalar / valid.to(.float32).sum().scalar
    #expect(share > 0 && share < 1)
    #expect(abs(found.value.scalar - share * difference(logits, wanted, valid)) < 1e-5 && found.weight == 20)
  }

  @Test("Π-model: two views of every image, labelled ones too, with gradients through both")
  func pi() throws {
    let network = TinySegmentation.network()
    network.train()
    let method = PiModel(
      network, settings: PiModel.Settings(), loss: try loss(), optimizer: OptimizerSettings(),
      length: TinySegmentation.length)
    let batch = TinySegmentation.batch(2, for: method.views, isLabeled: false)
    let found = try term(method.losses(for: batch, at: TinySegmentation.step(0)))
    let views = [
      batch.labeledWeak[0], batch.unlabeledWeak[0], batch.unlabeledStrong[0], batch.labeledStrong[0],
    ]
    let same = TinySegmentation.network()
    same.train()
    let logits = same(concatenate(views.map(\.images))).logits.detached()
    func part(_ number: Int) -> Tensor { logits.sliced(axis: 0, from: 2 * number, to: 2 * number + 2) }
    func valid(_ a: Int, _ b: Int) throws -> Tensor {
      (try #require(views[a].validity)) .& (try #require(views[b].validity))
    }
    let wanted = difference(
      concatenate([part(2), part(3)]), concatenate([part(1), part(0)]).softmax(1),
      concatenate([try valid(1, 2), try valid(0, 3)]))
    #expect(abs(found.value.scalar - wanted) < 1e-5)
  }

  @Test("Temporal Ensembling: nothing in the first look at an image, what was said then in the second")
  func temporal() throws {
    let network = TinySegmentation.network()
    network.train()
    var settings = TemporalEnsembling.Settings()
    settings.gridSide = 32
    let method = TemporalEnsembling(
      network, settings: settings, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length)
    let batch = TinySegmentation.batch(2, for: method.views, isLabeled: false)
    let first = try term(method.losses(for: batch, at: TinySegmentation.step(0)))
    #expect(first.value.scalar == 0)
    let same = TinySegmentation.network()
    same.train()
    let (labeled, strong) = (batch.labeledWeak[0], batch.unlabeledStrong[0])
    let said = same(concatenate([labeled.images, strong.images])).logits.detached().softmax(1)
    method.modelsDidUpdate(at: TinySegmentation.step(0))
    // The weights have not moved: what is said now is what was said, but for the grid's half precision, where it was seen.
    let second = try term(method.losses(for: batch, at: TinySegmentation.step(1)))
    #expect(second.value.scalar < 1e-4)
    for parameter in network.namedParameters() where parameter.name.hasPrefix("classifier") {
      withoutGradients { parameter.parameter.value.detached().copyInPlace(from: parameter.parameter.value * 0) }
    }
    // A network that says the same of all pixels is told what was said before.
    let third = try term(method.losses(for: batch, at: TinySegmentation.step(1)))
    let valid = concatenate([try #require(labeled.validity), try #require(strong.validity)])
    let wanted = difference(Tensor.zeros(said.shape), said, valid)
    #expect(abs(third.value.scalar - wanted) < 0.05 * wanted, "\(third.value.scalar), \(wanted)")
  }
}
