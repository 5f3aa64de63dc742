import Annotations
import Torch

/// Losses of logits [N, K, H, W] against the class of each pixel, int64 [N, H, W], in which 255
/// (``ClassTable/ignored``) is nobody's. Each is a scalar, float32 or wider whatever the logits' type; gradients flow
/// to the logits. Where no pixel counts the loss is 0 and so is its gradient.
public enum PixelLosses {
  /// The number of a pixel that does not count.
  public static let ignored = Int(ClassTable.ignored)

  /// What a sum over pixels is divided by.
  public enum Denominator: String, Codable, CaseIterable, Sendable {
    /// All pixels that are not ignored, whatever their weight: the loss shrinks where few have one (FixMatch,
    /// UniMatch).
    case valid
    /// The weights of the pixels that are not ignored: with weights of 0 and 1, those that pass a threshold.
    case weights
  }

  /// −log softmax of each pixel's class, [N, H, W]; 0 where it is ignored.
  public static func perPixel(_ logits: Tensor, _ targets: Tensor) -> Tensor {
    logits.pixelCrossEntropy(targets, ignoring: ignored)
  }

  /// The mean cross-entropy of the pixels that are not ignored, or with class weights [K] that of PyTorch: each pixel
  /// weighs as much as its class.
  public static func crossEntropy(_ logits: Tensor, _ targets: Tensor, classWeights: Tensor? = nil) -> Tensor {
    guard let classWeights else { return mean(perPixel(logits, targets), counting: isValid(targets)) }
    return crossEntropy(logits, targets, weights: weights(of: targets, classWeights), over: .weights)
  }

  /// The weight of each pixel's class, [N, H, W]; that of the first class where it is ignored.
  private static func weights(of targets: Tensor, _ classWeights: Tensor) -> Tensor {
    classWeights.gathered(targets.filled(0, where: targets .== ignored).flattened()).reshaped(targets.shape)
  }

  /// The sum of each pixel's cross-entropy times its weight, over what `denominator` says.
  ///
  /// - Parameter weights: [N, H, W], 0 or more, such as 1 where a pseudo-label is sure enough. No gradient flows to
  ///   them.
  ///   - classWeights: [K]; a pixel weighs that of its class besides, in the numerator and in either denominator.
  public static func crossEntropy(
    _ logits: Tensor, _ targets: Tensor, weights: Tensor, over denominator: Denominator, classWeights: Tensor? = nil
  ) -> Tensor {
    let losses = perPixel(logits, targets)
    var counts = isValid(targets).to(losses.elementType)
    if let classWeights { counts = counts * self.weights(of: targets, classWeights).to(losses.elementType) }
    return mean(losses, weights: weights, over: denominator, counts: counts)
  }

  /// The mean cross-entropy of hard pixels (online hard example mining): those whose class has a probability of at most
  /// `threshold`, and in any case the `minimumKept` with the lowest.
  ///
  /// As UniMatch and TorchSemiSeg have it: the limit is the greater of the threshold and of the `minimumKept`-th
  /// smallest probability, ties included; where fewer pixels are not ignored, all of them count.
  public static func hardExamples(
    _ logits: Tensor, _ targets: Tensor, threshold: Double, minimumKept: Int, classWeights: Tensor? = nil
  ) -> Tensor {
    let isHard = withoutGradients { () -> Tensor in
      // The probability is e to the minus loss; of ignored pixels that is 1, so they come last.
      let probability = (-perPixel(logits.detached(), targets)).exp()
      guard minimumKept > 0, probability.count > 0 else { return probability .<= threshold }
      let smallest = probability.flattened().smallest(min(minimumKept, probability.count), axis: 0)
      return (probability - smallest.clamped(min: threshold)) .<= 0
    }
    return crossEntropy(logits, targets.filled(Double(ignored), where: !isHard), classWeights: classWeights)
  }

  /// The soft Dice loss (Milletari et al. 2016): 1 − (2 Σ p·y + s) / (Σ p² + Σ y + s), s = 10⁻⁵, of each class over all
  /// pixels of the batch that are not ignored, p being softmax's probabilities; its mean over the classes, or with
  /// class weights [K] their weighted mean. The squares are those of UniMatch's medical code.
  public static func dice(_ logits: Tensor, _ targets: Tensor, classWeights: Tensor? = nil) -> Tensor {
    let probabilities = logits.widened().softmax(1)
    let classes = probabilities.size(1)
    let counts = isValid(targets).to(probabilities.elementType).unsqueezed(1)
    let truth = oneHot(targets, classes: classes).to(probabilities.elementType)
    let kept = probabilities * counts
    let smoothing = 1e-5
    let overlap = (kept * truth).sum(0, 2, 3) * 2 + smoothing
    let losses = 1 - overlap / ((kept * kept).sum(0, 2, 3) + truth.sum(0, 2, 3) + smoothing)
    guard let classWeights else { return losses.mean() }
    return quotient((losses * classWeights).sum(), classWeights.sum())
  }

  /// The cross-entropy against a distribution [N, K, H, W] for each pixel, such as a teacher's softmax: the sum of −Σ q
  /// log p times the pixel's weight, over what `denominator` says. No gradient flows to the distribution.
  ///
  /// - Parameters:
  ///   - isValid: bool [N, H, W]; nil where all pixels count.
  ///   - weights: [N, H, W]; nil for 1 each.
  public static func softCrossEntropy(
    _ logits: Tensor, _ distribution: Tensor, isValid: Tensor? = nil, weights: Tensor? = nil,
    over denominator: Denominator = .valid
  ) -> Tensor {
    let predicted = logits.widened().logSoftmax(1)
    let losses = -(distribution.detached().to(predicted.elementType) * predicted).sum(1)
    let counted = isValid ?? Tensor.ones(losses.shape, .bool, device: losses.device)
    guard let weights else { return mean(losses, counting: counted) }
    return mean(losses, weights: weights, over: denominator, counts: counted.to(losses.elementType))
  }

  /// Which class each pixel is of, bool [N, K, H, W]; none where it is ignored. Does not wait for the device, as libtorch's own would.
  public static func oneHot(_ targets: Tensor, classes: Int) -> Tensor {
    targets.unsqueezed(1) .== Tensor.indices(classes, device: targets.device).reshaped(1, -1, 1, 1)
  }

  /// Which pixels count, bool [N, H, W].
  public static func isValid(_ targets: Tensor) -> Tensor { targets .!= ignored }

  /// The mean of losses [N, H, W] over the pixels that count, bool [N, H, W]; 0 where none does.
  public static func mean(_ losses: Tensor, counting counted: Tensor) -> Tensor {
    let counts = counted.to(losses.elementType)
    return quotient((losses * counts).sum(), counts.sum())
  }

  /// - Parameter counts: How much each pixel counts where it has its whole weight; 0 where it is nobody's.
  private static func mean(_ losses: Tensor, weights: Tensor, over denominator: Denominator, counts: Tensor) -> Tensor {
    let weights = weights.detached().to(losses.elementType) * counts
    return quotient((losses * weights).sum(), (denominator == .valid ? counts : weights).sum())
  }

  /// A sum over a count; 0, with a gradient of 0, where the count is.
  private static func quotient(_ sum: Tensor, _ count: Tensor) -> Tensor {
    sum / (count + (count .== 0).to(count.elementType))
  }
}
