import Torch
import Training

/// Which loss labelled pixels have.
public struct PixelLossSettings: Settings {
  /// The losses there are.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// The mean over all pixels.
    case crossEntropy = "cross_entropy"
    /// The mean over hard pixels (online hard example mining).
    case ohem
    /// The soft Dice loss.
    case dice
    /// The mean of cross-entropy and Dice (UniMatch's medical code).
    case crossEntropyAndDice = "cross_entropy_and_dice"
  }

  /// The loss.
  public var kind = Kind.crossEntropy
  /// One weight a class in the order of the classes, such as more for rare ones; empty for 1 each.
  public var classWeights: [Double] = []
  /// Probability of the true class up to which a pixel is hard.
  public var ohemThreshold = 0.7
  /// Share of a batch's pixels that are hard in any case. UniMatch keeps 200 000 of two crops of 801 × 801 (0.156),
  /// TorchSemiSeg 50 000 of each 800 × 800 (0.078).
  public var ohemMinimumShare = 0.156

  /// Plain cross-entropy.
  public init() {}

  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule(
        "class_weights",
        classWeights.allSatisfy { $0 >= 0 } && (classWeights.isEmpty || classWeights.contains { $0 > 0 }),
        "[] or a list of numbers of 0 or more, not all 0"),
      SettingsRule("ohem_threshold", (0...1).contains(ohemThreshold), "between 0 and 1"),
      SettingsRule("ohem_minimum_share", (0...1).contains(ohemMinimumShare), "between 0 and 1"),
    ]
  }

  /// The loss for a number of classes, on the device where logits lie.
  public func makeLoss(classCount: Int, on device: Device) throws(SegmentationError) -> PixelLoss {
    guard classWeights.isEmpty || classWeights.count == classCount else {
      throw .classWeights(found: classWeights.count, wanted: classCount)
    }
    let weights =
      classWeights.isEmpty ? nil : Tensor(classWeights.map { Float($0) }, shape: [classCount], device: device)
    return PixelLoss(settings: self, classWeights: weights)
  }
}

/// The loss of labelled pixels as settings choose it.
public struct PixelLoss {
  private let settings: PixelLossSettings
  private let classWeights: Tensor?

  init(settings: PixelLossSettings, classWeights: Tensor?) {
    self.settings = settings
    self.classWeights = classWeights
  }

  /// The loss, a scalar, of logits [N, K, H, W] against classes, int64 [N, H, W] with 255 for ignored pixels.
  public func callAsFunction(_ logits: Tensor, _ targets: Tensor) -> Tensor {
    switch settings.kind {
    case .crossEntropy: return PixelLosses.crossEntropy(logits, targets, classWeights: classWeights)
    case .ohem:
      let kept = Int((settings.ohemMinimumShare * Double(targets.count)).rounded())
      return PixelLosses.hardExamples(
        logits, targets, threshold: settings.ohemThreshold, minimumKept: kept, classWeights: classWeights)
    case .dice: return PixelLosses.dice(logits, targets, classWeights: classWeights)
    case .crossEntropyAndDice:
      return
        (PixelLosses.crossEntropy(logits, targets, classWeights: classWeights)
        + PixelLosses.dice(logits, targets, classWeights: classWeights)) / 2
    }
  }

  /// The losses of a network's output by name with their weights in the sum: `loss_segmentation`, and `loss_auxiliary`
  /// where there is an auxiliary head.
  public func terms(
    of output: SegmentationOutput, _ targets: Tensor, auxiliaryWeight: Double
  ) -> [(name: String, value: Tensor, weight: Double)] {
    [("loss_segmentation", self(output.logits, targets), 1)]
      + (output.auxiliary.map { [("loss_auxiliary", self($0, targets), auxiliaryWeight)] } ?? [])
  }
}
