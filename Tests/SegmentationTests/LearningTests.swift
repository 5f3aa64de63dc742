import Layers
import Testing
import Torch
import Training

@testable import Segmentation

@Suite("Segmentation networks learn") struct LearningTests {
  /// Bright squares on a dark ground, with noise; and which pixels they are, with a border that is nobody's.
  private static func batch(_ seed: UInt64) -> (images: Tensor, targets: Tensor) {
    let size = 48
    let corner = 8 + Int(seed % 3) * 8
    let noise = Tensor.normal([2, 3, size, size], using: Generator(seed: seed)) * 0.3
    var classes = [Int](repeating: 0, count: 2 * size * size)
    for (index, _) in classes.enumerated() {
      let (y, x) = (index / size % size, index % size)
      let isInside = (corner..<corner + 20).contains(y) && (corner..<corner + 20).contains(x)
      classes[index] = y == 0 || x == 0 ? 255 : isInside ? 1 : 0
    }
    let targets = Tensor(classes, shape: [2, size, size])
    return (noise + (targets .== 1).to(.float32).unsqueezed(1) * 2, targets)
  }

  @Test(
    "a light network tells squares from their ground after a few steps, the same weights for the same seed",
    arguments: [SegmentationNetworkKind.deeplabv3plusLight, .fcnLight, .segformerB0])
  func squares(kind: SegmentationNetworkKind) throws {
    func trained(steps: Int) -> SegmentationNetwork {
      let model = smallNetwork(kind, classes: 2)
      var settings = OptimizerSettings()
      (settings.learningRate, settings.decay, settings.headLearningRateFactor) = (0.02, .polynomial, 4)
      if kind == .segformerB0 { (settings.algorithm, settings.learningRate) = (.adamw, 5e-4) }
      let trained = settings.trained(
        "student", model, for: RunLength(steps: steps, recipeSteps: steps, imagesPerStep: 2))
      for step in 0..<steps {
        let (images, targets) = Self.batch(UInt64(step))
        let output = model(images, dropoutFrom: Generator(seed: UInt64(step)))
        PixelLosses.crossEntropy(output.logits, targets).backward()
        trained.optimizer.step(learningRate: trained.learningRate(at: step))
        trained.optimizer.clearGradients()
      }
      return model
    }
    let model = trained(steps: 40)
    let (images, targets) = Self.batch(100)
    // With the batch's own statistics: forty steps are few for running ones.
    let logits = model(images, dropoutFrom: Generator(seed: 1)).logits
    let isRight = (logits.argmax(1) .== targets).to(.float64)
    let share = isRight.sum().scalar / PixelLosses.isValid(targets).to(.float64).sum().scalar
    // Ground alone would be 0.82; edges are blurred where maps have stride 16.
    #expect(share > 0.9, "\(share) of the pixels are right")
    let (one, other) = (trained(steps: 3).stateDict(), trained(steps: 3).stateDict())
    #expect(zip(one.entries, other.entries).allSatisfy { $0.tensor.isEqual(to: $1.tensor) })
  }
}
