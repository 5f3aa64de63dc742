// Calibrated fusion: one distribution for each pixel of two sets of logits whose scales differ.
//
// Source: PseudoSeg (Zou et al., ICLR 2021), section 3.3, as released: both are divided by the root of the mean of all squares together,
// softmax's probabilities are averaged and sharpened.

import Torch
import Training

/// How pseudo-labels are made of a decoder's logits and those of self-attention Grad-CAM. N images, K classes, H × W pixels.
struct CalibratedFusion {
  /// What is fused.
  let kind: PseudoSeg.Fusion
  /// Below 1 probabilities are sharpened, at 1 they stay.
  let temperature: Double

  /// Probabilities [N, K, H, W], float32 or wider; no gradient flows.
  ///
  /// - Parameter gradCAM: Logits as the decoder's; nil where they have no part.
  func callAsFunction(decoder: Tensor, gradCAM: Tensor?) -> Tensor {
    withoutGradients {
      let decoder = decoder.detached().widened()
      let other = gradCAM?.detached().to(decoder.elementType)
      switch (kind, other) {
      case (.decoder, _): return sharpened(decoder.softmax(1))
      case (.gradCAM, let other?): return sharpened(other.softmax(1))
      case (.fused, let other?):
        let norm = (((decoder * decoder).mean() + (other * other).mean()) / 2 + 1e-8).sqrt()
        return sharpened(((decoder / norm).softmax(1) + (other / norm).softmax(1)) / 2)
      case (.gradCAM, nil), (.fused, nil):
        preconditionFailure("fusion \(kind.rawValue): expected the logits of self-attention Grad-CAM")
      }
    }
  }

  /// p^(1/T) over its sum.
  private func sharpened(_ probabilities: Tensor) -> Tensor {
    guard temperature != 1 else { return probabilities }
    let powers = probabilities.power(1 / temperature)
    return powers / powers.sum(1, keepingAxes: true)
  }
}

extension PseudoSeg.Fusion {
  /// In words.
  var words: String {
    switch self {
    case .fused:
      "the decoder's and self-attention Grad-CAM's probabilities, averaged after both are brought to one scale"
    case .decoder: "the decoder's probabilities"
    case .gradCAM: "self-attention Grad-CAM's probabilities"
    }
  }

  /// Whether self-attention Grad-CAM has a part in it.
  var usesGradCAM: Bool { self != .decoder }
}
