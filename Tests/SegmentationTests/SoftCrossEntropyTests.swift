import Testing
import Torch

@testable import Segmentation

/// The cross-entropy against soft targets over its weights.
@Suite struct SoftCrossEntropyTests {
  /// Logits and targets of two pixels, three classes: [1, 3, 1, 2].
  private static let logits = Tensor([0.5, 1, -1, 0, 2, -0.5], shape: [1, 3, 1, 2])
  private static let targets = Tensor([0.2, 0.1, 0.3, 0.9, 0.5, 0], shape: [1, 3, 1, 2])

  @Test("it is the weighted mean over pixels of −Σ q log p, written out")
  func writtenOut() {
    let weights = [0.5, 2.0]
    let (logits, targets) = (Self.logits.doubles, Self.targets.doubles)
    var sum = 0.0
    for pixel in 0..<2 {
      let values = (0..<3).map { logits[2 * $0 + pixel] }
      let exponentials = Tensor(values, shape: [3]).exp().doubles
      let total = Tensor([exponentials.reduce(0, +)], shape: [1]).log().scalar
      for kind in 0..<3 { sum -= weights[pixel] * targets[2 * kind + pixel] * (values[kind] - total) }
    }
    let found = PixelLosses.softCrossEntropy(
      Self.logits, target: Self.targets, weights: Tensor(weights, shape: [1, 1, 2]))
    #expect(abs(found.scalar - sum / 2.5) < 1e-12)
  }

  @Test("of equal logits it is the logarithm of their number, and the gradient is softmax less target")
  func byHand() throws {
    let logits = Tensor.zeros([1, 4, 1, 1], .float64)
    logits.requiresGradient = true
    let target = Tensor([0.5, 0.25, 0.25, 0], shape: [1, 4, 1, 1])
    target.requiresGradient = true
    let loss = PixelLosses.softCrossEntropy(logits, target: target, weights: Tensor([3.0], shape: [1, 1, 1]))
    // ln 4.
    #expect(abs(loss.scalar - 1.3862943611198906) < 1e-12)
    loss.backward()
    #expect(try #require(logits.gradient).doubles == [-0.25, 0, 0, 0.25])
    #expect(target.gradient == nil)
  }

  @Test("where all weights are 0 it is 0, and so is its gradient")
  func nothing() throws {
    let logits = Self.logits.copied()
    logits.requiresGradient = true
    let loss = PixelLosses.softCrossEntropy(logits, target: Self.targets, weights: .zeros([1, 1, 2]))
    loss.backward()
    #expect(loss.scalar == 0)
    #expect(try #require(logits.gradient).doubles.allSatisfy { $0 == 0 })
  }

  @Test(
    "with weights of classes hard targets give the weighted loss of labels, and soft ones the mean of their classes' weights"
  )
  func classWeights() throws {
    var settings = PixelLossSettings()
    settings.classWeights = [0.5, 2, 1]
    let loss = try settings.makeLoss(pixels: [1, 1, 1], on: .cpu)
    let logits = Self.logits.to(.float32)
    let labels = Tensor([2, 1].map { Int64($0) }, shape: [1, 1, 2])
    let hard = labels.oneHot(3).permuted(0, 3, 1, 2).to(.float32)
    #expect(
      abs(loss.soft(logits, target: hard, weights: .ones([1, 1, 2])).scalar - loss(logits, labels).scalar) < 1e-6)
    // 0.2 · ½ + 0.3 · 2 + 0.5 and 0.1 · ½ + 0.9 · 2.
    let byClass = Tensor([Float(1.2), 1.85], shape: [1, 1, 2])
    let wanted = PixelLosses.softCrossEntropy(logits, target: Self.targets.to(.float32), weights: byClass).scalar
    let found = loss.soft(logits, target: Self.targets.to(.float32), weights: .ones([1, 1, 2])).scalar
    #expect(abs(found - wanted) < 1e-6)
  }
}
