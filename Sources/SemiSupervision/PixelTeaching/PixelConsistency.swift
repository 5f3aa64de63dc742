import Segmentation
import Torch

/// How far what a network says about pixels is from what it is to say.
public enum PixelConsistency: String, Codable, CaseIterable, Sendable {
  /// The squared difference of probabilities, its mean over classes and pixels (Mean Teacher, Π-model).
  case squaredError = "squared_error"
  /// The Kullback–Leibler divergence of the network's distribution from the wanted one, its mean over pixels.
  case divergence
  /// The cross-entropy against the wanted distribution, its mean over pixels: the divergence's gradient.
  case softCrossEntropy = "soft_cross_entropy"
  /// The cross-entropy against the wanted distribution's most probable class, its mean over pixels.
  case crossEntropy = "cross_entropy"

  /// The loss of logits [N, K, H, W] against probabilities [N, K, H, W], a scalar; 0 where no pixel counts.
  ///
  /// - Parameters:
  ///   - isValid: Which pixels count, bool [N, H, W].
  ///   - isFixed: Whether no gradient flows to the probabilities.
  func loss(_ logits: Tensor, _ probabilities: Tensor, isValid: Tensor, isFixed: Bool = true) -> Tensor {
    let wanted = isFixed ? probabilities.detached() : probabilities
    switch self {
    case .squaredError:
      let difference = logits.widened().softmax(1) - wanted
      return PixelLosses.mean((difference * difference).mean(1), counting: isValid)
    case .divergence:
      let logWanted = wanted.clamped(min: 1e-12).log()
      return PixelLosses.mean((wanted * (logWanted - logits.widened().logSoftmax(1))).sum(1), counting: isValid)
    case .softCrossEntropy: return PixelLosses.softCrossEntropy(logits, probabilities, isValid: isValid)
    case .crossEntropy:
      return PixelLosses.crossEntropy(logits, PseudoPixels(probabilities: wanted.detached(), validity: isValid).labels)
    }
  }
}
