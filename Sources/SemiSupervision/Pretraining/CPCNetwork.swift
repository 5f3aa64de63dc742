import Backbone
import Layers
import Randomness
import Segmentation
import Torch
import Training

/// An encoder that is pre-trained, with what CPC trains on top of it; saved and judged is the encoder alone.
final class CPCNetwork: Predictor {
  /// The encoder.
  let encoder: FeatureExtractor
  /// What is thrown away afterwards.
  let coding: PredictiveCoding
  /// What the encoder computes in while it trains; nil for the type of the pixels.
  let computeType: ElementType?
  private let settings: CPC.Settings

  /// - Parameter seed: Decides the first weights of what is on top.
  init(_ encoder: FeatureExtractor, settings: CPC.Settings, computeType: ElementType?, seed: UInt64) {
    self.encoder = encoder
    self.settings = settings
    self.computeType = computeType
    var keyed = SeededGenerator(seed: seed, keys: [0x63_7063])
    coding = PredictiveCoding(
      channels: encoder.channels[encoder.channels.count - 1], distances: settings.predictFrom...settings.predictTo,
      widths: settings.widths, using: Generator(seed: keyed.next()))
    if let device = encoder.stateEntries().first?.tensor.device { coding.move(to: device) }
  }

  /// The encoder: what a checkpoint holds under plain names.
  var model: Module { encoder }

  /// How well positives were told, over all distances alike.
  struct Outcome {
    /// The mean of InfoNCE over the distances; gradients flow.
    let loss: Tensor
    /// The share of anchors whose positive had the highest score, the mean over the distances.
    let accuracy: Tensor
    /// Patches that were chosen from.
    let candidates: Int
  }

  /// What a step learns: patches of images [N, 3, H, W] of the grid's size, each cut at a place of its own, some without colour.
  func trained(on images: Tensor, at step: Step) -> Outcome {
    var generator = step.makeHostGenerator(1)
    let patches = settings.grid.patches(of: images, jitter: settings.patchJitter, using: &generator)
    let draws = Tensor.uniform([patches.size(0), 1, 1, 1], using: step.makeGenerator(2)).to(patches.device)
    let isGrey: Tensor = draws .< settings.greyProbability
    let seen = select(isGrey, patches.mean(1, keepingAxes: true), else: patches)
    // For encoders that drop something.
    return encoder.withDropout(from: step.makeGenerator(3)) { outcome(seen) }
  }

  /// What is judged: whole patches in colour.
  func judged(on images: Tensor) -> Outcome { outcome(settings.grid.patches(of: images)) }

  private func outcome(_ patches: Tensor) -> Outcome {
    let type = encoder.isTraining ? computeType ?? patches.elementType : patches.elementType
    let all = coding(encoder.vectors(ofPatches: patches.to(type), in: settings.grid))
    let loss = InfoNCE(temperature: settings.temperature)
    func mean(_ values: [Tensor]) -> Tensor { stack(values).mean() }
    return Outcome(
      loss: mean(all.map { loss($0.scores, positives: $0.positives) }),
      accuracy: mean(all.map { InfoNCE.accuracy($0.scores, positives: $0.positives) }),
      candidates: all[0].scores.size(1))
  }
}
