// CPC: contrastive predictive coding, which pre-trains an encoder on images without labels.
//
// The idea: an image is cut into a grid of overlapping patches, the encoder makes a vector of each, and a network that sees only the rows
// above makes a context of these. From a context the vectors of patches some rows below are predicted; each must be told from all other
// patches of the batch (InfoNCE). Afterwards the encoder alone is kept.
//
// Source: van den Oord et al. 2018 (arXiv 1807.03748), sections 2.3 and 3.3: 7 × 7 patches of 64 pixels that overlap by half, up to five rows
// ahead, patches cut to 60 pixels at drawn places. Hénaff et al. 2019 (arXiv 1905.09272), appendix: the context network, projections to 64
// channels, scores times 0.1, nothing predicted nearer than two rows, all patches of the batch as candidates.
//
// Differences from the sources:
// - The encoder is the run's own with its norms. Batch norms take their statistics over all patches of a step, contexts and candidates alike,
//   so that no candidate stands out by them; the first paper has no norms, the second layer norms, against such leaks. Fixed norms stay
//   fixed.
// - Half of the patches are grey, each by itself; in the first paper all are, so that colour could not be learnt.
// - Patches cut smaller are not padded, and distances are averaged, not summed.
// - From top to bottom alone; the second paper also predicts in three other directions.

import Backbone
import Layers
import Samples
import Segmentation
import Torch
import Training

/// Trains an encoder on images alone.
public final class CPC: TrainingMethod {
  /// `cpc`.
  public static let name = "cpc"

  /// What is set.
  let settings: Settings
  /// The encoder and what is on top.
  let network: CPCNetwork
  /// The encoder, and what is on top of it.
  public let trainedModels: [TrainedModel]

  /// A method that trains `encoder`.
  ///
  /// - Parameter seed: Decides the first weights of what is on top of it.
  init(
    _ encoder: FeatureExtractor, settings: Settings, computeType: ElementType? = nil, optimizer: OptimizerSettings,
    length: RunLength, seed: UInt64
  ) {
    self.settings = settings
    network = CPCNetwork(encoder, settings: settings, computeType: computeType, seed: seed)
    // What is on top is the head.
    var (body, head) = (optimizer, optimizer)
    head.learningRate *= optimizer.headLearningRateFactor
    (body.headLearningRateFactor, head.headLearningRateFactor) = (1, 1)
    trainedModels = [
      body.trained("encoder", network.encoder, for: length), head.trained("predictions", network.coding, for: length),
    ]
  }

  /// One view of each image.
  public var views: ViewRequest { settings.views }

  /// The encoder.
  public var predictors: [(name: String, predictor: any Predictor)] { [("encoder", network)] }

  /// InfoNCE over the patches of the step's images.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    let outcome = network.trained(on: batch.unlabeledWeak[0].images, at: step)
    var losses = Losses()
    losses.add(CPC.lossName, outcome.loss)
    losses.report(CPC.accuracyName, outcome.accuracy)
    losses.report(
      CPC.boundName, InfoNCE.largestBound(candidates: outcome.candidates) - outcome.loss.detached())
    return losses
  }

  /// The names of the loss and of the figures beside it, as they stand in the log.
  static let (lossName, accuracyName, boundName) = ("loss_info_nce", "infoNCE.accuracy", "infoNCE.bound")
}
