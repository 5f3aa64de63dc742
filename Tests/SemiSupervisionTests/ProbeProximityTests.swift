import Segmentation
import Testing
import Torch

@testable import SemiSupervision
@testable import Training

/// How close predictions of probes come to their labels.
@Suite struct ProbeProximityTests {
  @Test("two pixels of three classes, by hand; a probe without labels has no number")
  func byHand() {
    // Probabilities (½, ¼, ¼) and (⅛, ⅝, ¼); labels 0 and 2; the second probe has none.
    let probabilities = Tensor([0.5, 0.125, 0.25, 0.625, 0.25, 0.25] as [Float], shape: [1, 3, 1, 2])
    let logits = concatenate([probabilities.log(), probabilities.log()])
    let labels = Tensor([0, 2, 255, 255] as [Float], shape: [2, 1, 2]).to(.int64)
    let found = ProbeProximity.proximities(logits, labels: labels).doubles
    // |½ − 1| + ¼ + ¼ = 1 and ⅛ + ⅝ + ¾ = 1.5: 1 − ½ · 1.25.
    #expect(abs(found[0] - 0.375) < 1e-6 && found[1].isNaN)
  }

  @Test("it is one less half the mean distance between softmax and one-hot labels, written out")
  func reference() {
    let generator = Generator(seed: 2)
    let logits = Tensor.normal([3, 4, 5, 6], using: generator) * 2
    let draws = Tensor.uniform([3, 5, 6], using: generator)
    let isIgnored: Tensor = draws .> 0.8
    let labels = (draws * 5).floor().to(.int64).filled(255, where: isIgnored)
    let found = ProbeProximity.proximities(logits, labels: labels).doubles
    let (p, y) = (logits.softmax(1).doubles, labels.integers)
    for image in 0..<3 {
      var (sum, count) = (0.0, 0.0)
      for pixel in 0..<30 where y[30 * image + pixel] != 255 {
        count += 1
        for kind in 0..<4 {
          sum += abs(p[(image * 4 + kind) * 30 + pixel] - (kind == y[30 * image + pixel] ? 1 : 0))
        }
      }
      #expect(count > 10 && abs(found[image] - (1 - sum / count / 2)) < 1e-6)
    }
  }

  @Test("probes are looked at as for evaluation: no batch norm learns of them, nothing gets a gradient")
  func evaluation() throws {
    let (network, same) = (TinySegmentation.network(dropout: 0.3), TinySegmentation.network(dropout: 0.3))
    network.train()
    let probes = TinySegmentation.batch(1).labeledWeak[0]
    var losses = Losses()
    losses.add(proximitiesOf: probes, by: network, at: TinySegmentation.step(0))
    #expect(network.isTraining)
    for (a, b) in zip(network.stateEntries(), same.stateEntries()) { #expect(a.tensor.isEqual(to: b.tensor)) }
    same.evaluate()
    let wanted = ProbeProximity.proximities(same(probes.images).logits, labels: try #require(probes.labels))
    let found = try #require(losses.proximities)
    #expect(found.isEqual(to: wanted) && !found.requiresGradient && found.shape == [2])
    var none = Losses()
    none.add(proximitiesOf: nil, by: network, at: TinySegmentation.step(0))
    #expect(none.proximities == nil)
  }
}
