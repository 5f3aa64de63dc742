// AdvSSL (Hung et al., BMVC 2018), small: a discriminator tells label maps from predictions, pixel by pixel, and the segmenter is to be
// taken for a label map. No method of the toolkit; it shows that the protocol carries a second player.

import Layers
import Samples
import Segmentation
import Torch
import Training

@testable import SemiSupervision

/// Tells true label maps from predicted ones: logits [N, 1, H, W] of maps [N, K, H, W], above 0 for true.
final class MapDiscriminator: Module {
  private let conv1: Convolution
  private let conv2: Convolution

  init(classes: Int, using generator: Generator) {
    conv1 = Convolution(classes, 8, kernel: 3, using: generator)
    conv2 = Convolution(8, 1, kernel: 3, using: generator)
  }

  func callAsFunction(_ maps: Tensor) -> Tensor { conv2(conv1(maps).relu()) }
}

/// The two players, and one sum of losses for both.
final class AdversarialMethod: TrainingMethod {
  static let name = "adversarial"

  let network: SegmentationNetwork
  let discriminator: MapDiscriminator
  let trainedModels: [TrainedModel]
  let views = ViewRequest(labeled: .init(images: 2, weak: 1), unlabeled: .init(images: 2, weak: 1))
  private let loss: PixelLoss
  private let weight: Double

  init(
    _ network: SegmentationNetwork, loss: PixelLoss, weight: Double, optimizer: OptimizerSettings, length: RunLength
  ) {
    self.network = network
    self.loss = loss
    self.weight = weight
    discriminator = MapDiscriminator(classes: network.classCount, using: Generator(seed: 5))
    trainedModels = [
      optimizer.trained("student", network, for: length),
      optimizer.trained("discriminator", discriminator, for: length),
    ]
  }

  var predictors: [(name: String, predictor: any Predictor)] { [("student", network)] }

  func losses(for batch: SampleBatch, at step: Step) -> Losses {
    let (labeled, unlabeled) = (batch.labeledWeak[0], batch.unlabeledWeak[0])
    guard let labels = labeled.labels else { preconditionFailure("expected label maps") }
    let pass = JointPass(network, labeled, [unlabeled.images], at: step)
    var losses = Losses()
    losses.add(pass.terms(loss, labeled, of: network))
    guard let logits = pass.others else { return losses }
    let predicted = logits.softmax(1)
    let shape = [predicted.size(0), 1, predicted.size(2), predicted.size(3)]
    // The segmenter sees the discriminator as it is, and does not move it.
    let judged = discriminator.withParametersFixed { discriminator(predicted) }
    losses.add("adversarial_segmentation", judged.binaryCrossEntropy(Tensor.ones(shape)), weight: weight)
    // The discriminator sees predictions as they are, and does not move the segmenter.
    let truth = PixelLosses.oneHot(labels, classes: network.classCount).to(.float32)
    let told =
      discriminator(truth).binaryCrossEntropy(Tensor.ones(shape))
      + discriminator(predicted.detached()).binaryCrossEntropy(Tensor.zeros(shape))
    losses.add("discriminator", told / 2)
    return losses
  }
}
