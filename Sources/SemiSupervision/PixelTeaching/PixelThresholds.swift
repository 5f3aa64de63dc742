import Layers
import Segmentation
import Torch
import Training

/// How sure each pixel is of its label: 1 from a threshold on, which may follow what pixels are like, or less by and by.
///
/// Sources: FixMatch (fixed); CorrMatch (Sun et al., CVPR 2024), section 3.3 (adaptive); FreeMatch (Wang et al., ICLR 2023), section 3.1
/// (class-wise); SoftMatch (Chen et al., ICLR 2023), section 3.2 (soft). What was made for images is applied to pixels.
/// Difference: they remember by a momentum a step, here by images seen.
final class PixelThresholds {
  /// CorrMatch's first threshold.
  private static let first = 0.85

  private let settings: PixelThresholdSettings
  private let fixed: Double
  private let classCount: Int
  private let memoryImages: Int
  /// What is remembered, float32: a threshold [1], mean probability and those of the classes [1 + K], or mean and variance [2].
  private(set) var memory: Tensor?

  init(_ settings: PixelThresholdSettings, threshold: Double, classCount: Int, length: RunLength) {
    self.settings = settings
    self.classCount = classCount
    fixed = threshold
    memoryImages = length.images(settings.memoryImages)
    let even = Float(1 / Double(classCount))
    switch settings.policy {
    case .fixed: memory = nil
    case .adaptive: memory = Tensor([Float(Self.first)])
    case .classWise: memory = Tensor([Float](repeating: even, count: 1 + classCount))
    case .soft: memory = Tensor([even, 1])
    }
  }

  /// Remembers what the pixels of a step are like.
  ///
  /// - Parameters:
  ///   - pseudo: Pixels before they are mixed.
  ///   - probabilities: What they come from, [N, K, H, W].
  func observe(_ pseudo: PseudoPixels, probabilities: Tensor, at step: Step) {
    guard let memory else { return }
    self.memory = withoutGradients { () -> Tensor in
      let valid = pseudo.isValid.to(.float32)
      let count = valid.sum().clamped(min: 1)
      let momentum = max(0, 1 - Double(step.imagesPerStep) / Double(max(1, memoryImages)))
      let seen: Tensor
      switch settings.policy {
      case .fixed: return memory
      case .adaptive:
        let isOf = PixelLosses.oneHot(pseudo.labels, classes: classCount).to(.float32)
        let best = (isOf * pseudo.confidence.unsqueezed(1)).permuted(1, 0, 2, 3).flattened(from: 1).max(1).values
        let isThere = (best .> 0).to(.float32)
        seen = (best.sum() / isThere.sum().clamped(min: 1)).reshaped(1)
      case .classWise:
        let means = (probabilities.to(.float32) * valid.unsqueezed(1)).sum(0, 2, 3) / count
        seen = concatenate([((pseudo.confidence * valid).sum() / count).reshaped(1), means])
      case .soft:
        let mean = (pseudo.confidence * valid).sum() / count
        let deviations = (pseudo.confidence - mean) * valid
        seen = stack([mean, (deviations * deviations).sum() / (count - 1).clamped(min: 1)])
      }
      return memory.to(seen.device) * momentum + seen * (1 - momentum)
    }
  }

  /// How sure each pixel is, float32 [N, H, W], 0…1.
  func sureness(of pseudo: PseudoPixels) -> Tensor {
    withoutGradients {
      guard let memory = memory?.to(pseudo.confidence.device) else {
        return (pseudo.confidence .>= fixed).to(.float32)
      }
      switch settings.policy {
      case .fixed: return (pseudo.confidence .>= fixed).to(.float32)
      case .adaptive: return (pseudo.confidence .>= memory).to(.float32)
      case .classWise:
        let classes = memory.sliced(axis: 0, from: 1)
        let thresholds = classes / classes.max() * memory.sliced(axis: 0, to: 1)
        let labels = pseudo.labels.filled(0, where: !pseudo.isValid)
        let wanted = thresholds.gathered(labels.flattened()).reshaped(labels.shape)
        return (pseudo.confidence .>= wanted).to(.float32)
      case .soft:
        // Two deviations stand for one of the Gaussian, as released.
        let below = (pseudo.confidence - memory.sliced(axis: 0, to: 1)).clamped(max: 0)
        return (below * below / (memory.sliced(axis: 0, from: 1) * -0.5)).exp()
      }
    }
  }

  /// The least probability from which some pixel counts whole, for the log.
  var shown: Tensor {
    guard let memory else { return Tensor([Float(fixed)]) }
    guard settings.policy == .classWise else { return memory.sliced(axis: 0, to: 1) }
    let classes = memory.sliced(axis: 0, from: 1)
    return classes.min() / classes.max() * memory.sliced(axis: 0, to: 1)
  }

  /// What is remembered.
  var state: StateDict { StateDict(memory.map { [("thresholds", $0)] } ?? []) }

  /// Goes on from what was remembered; false where it is something else.
  func restore(_ state: StateDict) -> Bool {
    let saved = state["thresholds"]
    guard let memory else { return saved == nil }
    guard let saved, saved.shape == memory.shape else { return false }
    self.memory = saved.to(.float32)
    return true
  }
}
