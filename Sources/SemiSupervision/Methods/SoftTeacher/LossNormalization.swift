// What the losses of sampled regions are divided by.
//
// The paper and its released code differ: the paper's class loss is the mean over objects plus background weighted by its own
// share of all weights, its box loss the mean over objects, and both are means over images; the code divides weighted
// entropies by the sum of all weights, at least 1, and the box loss by the number of samples, over the whole batch. Its
// authors say that the code is right. mmdetection does as the code does.
//
// Source: Soft Teacher (Xu et al., ICCV 2021), equations 2 to 6, and as released.

import Detection
import Torch
import Training

/// How the class and the box loss of unlabelled images are normalized; the defaults are those of the release.
public struct LossNormalization: Settings {
  /// What a weighted class loss is divided by.
  public enum Classes: String, Codable, CaseIterable, Sendable {
    /// Σ w · entropy / max(Σ w, 1) over objects and background together.
    case weights
    /// The mean over objects, plus Σ w · entropy / Σ w over background.
    case objectsAndBackground = "objects_and_background"
  }

  /// What a box loss is divided by.
  public enum Boxes: String, Codable, CaseIterable, Sendable {
    /// The number of sampled regions.
    case regions
    /// The number of objects among them, at least 1.
    case objects
  }

  /// What is summed up before it is divided.
  public enum Extent: String, Codable, CaseIterable, Sendable {
    /// All images of the step.
    case batch
    /// Each image for itself; the loss is the mean over images.
    case image
  }

  /// See ``Classes``.
  public var classes = Classes.weights
  /// See ``Boxes``.
  public var boxes = Boxes.regions
  /// See ``Extent``.
  public var over = Extent.batch

  /// As released.
  public init() {}

  /// The class loss of weighted regions, a scalar.
  ///
  /// - Parameters:
  ///   - entropies: [R]; the gradient flows to them.
  ///   - labels: Of each image's regions, int64, 0 for background.
  ///   - weights: [R]; no gradient flows to them.
  func classLoss(_ entropies: Tensor, labels: [Tensor], weights: Tensor) -> Tensor {
    let all = concatenate(labels).to(entropies.device)
    let fixed = weights.detached().to(entropies.device)
    guard over == .image else { return ratio(entropies, fixed, labels: all) }
    let counts = labels.map(\.count)
    let parts = zip(entropies.split(counts), zip(fixed.split(counts), all.split(counts)))
      .map { ratio($0, $1.0, labels: $1.1) }
    return stack(parts).mean()
  }

  private func ratio(_ entropies: Tensor, _ weights: Tensor, labels: Tensor) -> Tensor {
    switch classes {
    case .weights: return (entropies * weights).sum() / weights.sum().clamped(min: 1)
    case .objectsAndBackground:
      let isObject = (labels .> 0).to(entropies.elementType)
      let background = weights * (1 - isObject)
      return (entropies * isObject).sum() / isObject.sum().clamped(min: 1)
        + (entropies * background).sum() / background.sum().clamped(min: 1e-6)
    }
  }

  /// What the box loss of each image is divided by.
  func boxDivisors(_ samples: [RegionHeads.Sample]) -> [Double] {
    let counts = samples.map { sample in
      switch boxes {
      case .regions: Double(sample.labels.count)
      case .objects: (sample.labels .> 0).to(.float64).sum().scalar
      }
    }
    switch over {
    case .batch: return counts.map { _ in max(1, counts.reduce(0, +)) }
    case .image: return counts.map { max(1, $0) * Double(counts.count) }
    }
  }
}
