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
  /// One weight a class in the order of the classes; empty for those of `balance`.
  public var classWeights: [Double] = []
  /// How much more a class counts the rarer its labelled pixels are, where `class_weights` is empty.
  public var balance = ClassBalance.off
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

  /// The weight of each class; empty for 1 each.
  ///
  /// - Parameter pixels: How many labelled ones each class has.
  public func weights(pixels: [Int]) throws(SegmentationError) -> [Double] {
    guard classWeights.isEmpty || classWeights.count == pixels.count else {
      throw .classWeights(found: classWeights.count, wanted: pixels.count)
    }
    return classWeights.isEmpty ? balance.weights(pixels: pixels) : classWeights
  }

  /// The loss for classes with so many labelled pixels, on the device where logits lie.
  public func makeLoss(pixels: [Int], on device: Device) throws(SegmentationError) -> PixelLoss {
    let weights = try weights(pixels: pixels)
    return PixelLoss(
      settings: self,
      classWeights: weights.isEmpty ? nil : Tensor(weights.map { Float($0) }, shape: [pixels.count], device: device))
  }
}

/// How much more a class counts the rarer its labelled pixels are.
public enum ClassBalance: String, Codable, CaseIterable, Sendable {
  /// All classes count alike.
  case off
  /// The square root of the weights of `median`: rare classes are learnt, and common ones little worse.
  case squareRoot = "square_root"
  /// The median of the classes' shares of pixels over the class's own (median frequency balancing, Eigen and Fergus 2015, section 6.3.2,
  /// with shares of all labelled pixels).
  case median

  /// The weight of each class, 1 for one without a pixel; empty where all count alike.
  public func weights(pixels: [Int]) -> [Double] {
    let present = pixels.filter { $0 > 0 }.sorted()
    guard self != .off, !present.isEmpty else { return [] }
    let middle = present.count / 2
    let median =
      present.count % 2 == 1 ? Double(present[middle]) : Double(present[middle - 1] + present[middle]) / 2
    return pixels.map { count in
      guard count > 0 else { return 1 }
      let weight = median / Double(count)
      return self == .median ? weight : weight.squareRoot()
    }
  }
}

/// The loss of labelled pixels as settings choose it.
public struct PixelLoss {
  private let settings: PixelLossSettings
  let classWeights: Tensor?

  init(settings: PixelLossSettings, classWeights: Tensor?) {
    self.settings = settings
    self.classWeights = classWeights
  }

  /// The same loss with every class alike.
  public var unbalanced: PixelLoss { PixelLoss(settings: settings, classWeights: nil) }

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

  /// The cross-entropy against pseudo-labels, in which a pixel counts by its weight: the sum over all pixels over what `denominator` says.
  ///
  /// - Parameters:
  ///   - labels: int64 [N, H, W], 255 for pixels that are nobody's.
  ///   - weights: [N, H, W], 0 or more, such as 1 where a label is sure enough. No gradient flows to them.
  ///   - isBalanced: Whether a pixel counts by its class, too, as labelled ones do.
  public func pseudo(
    _ logits: Tensor, _ labels: Tensor, weights: Tensor, over denominator: PixelLosses.Denominator,
    isBalanced: Bool
  ) -> Tensor {
    PixelLosses.crossEntropy(
      logits, labels, weights: weights, over: denominator, classWeights: isBalanced ? classWeights : nil)
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
