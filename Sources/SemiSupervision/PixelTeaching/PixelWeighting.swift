import Segmentation
import Torch

/// What the sureness of pixels does to the loss.
public enum PixelWeighting: String, Codable, CaseIterable, Sendable {
  /// Each pixel counts as much as it is sure; with a fixed threshold, or not at all (FixMatch, UniMatch).
  case pixels
  /// All pixels of an image count as much as the mean of its pixels is sure (Dual Teacher in its epochs of CutMix; DACS).
  case imageShare = "image_share"
  /// All pixels of the batch count as much as its mean pixel is sure (ClassMix, CutMix-Seg).
  case batchShare = "batch_share"

  /// The weights of pixels, float32 [N, H, W].
  ///
  /// - Parameters:
  ///   - sure: How sure each pixel is, 0…1, float32 [N, H, W].
  ///   - isValid: Which pixels have a label, bool [N, H, W]; others have no part in a mean.
  func weights(_ sure: Tensor, isValid: Tensor) -> Tensor {
    let valid = isValid.to(sure.elementType)
    switch self {
    case .pixels: return sure
    case .imageShare:
      let share = (sure * valid).sum(1, 2, keepingAxes: true) / valid.sum(1, 2, keepingAxes: true).clamped(min: 1)
      return share.expanded(sure.shape)
    case .batchShare: return ((sure * valid).sum() / valid.sum().clamped(min: 1)).expanded(sure.shape)
    }
  }

  /// What it does, in words.
  var plan: String {
    switch self {
    case .pixels: "each pixel counts by itself"
    case .imageShare: "all pixels of an image count as much as the share of its sure pixels"
    case .batchShare: "all pixels of a batch count as much as the share of its sure pixels"
    }
  }
}

extension PixelLosses.Denominator {
  /// What a sum over sure pixels is divided by, in words.
  var plan: String { self == .valid ? "all pixels that show their image" : "their number" }
}
