import Torch

#if canImport(Glibc)
  import Glibc
#endif

/// Boxes as offsets from reference boxes (Girshick et al., R-CNN, appendix C).
///
/// dx = wx · (x − xr) / wr, dy alike for centres; dw = ww · log(w / wr), dh alike. The weights bring offsets to a similar
/// scale; (10, 10, 5, 5) is the same as the standard deviations (0.1, 0.1, 0.2, 0.2) of other code bases.
public struct BoxCoder: Sendable {
  /// The logarithm of the greatest growth that decoding allows: a reference box of 16 pixels may become one of 1000.
  static let growthLimit = log(1000.0 / 16)

  /// For dx, dy, dw, dh.
  public let weights: [Double]
  /// Whether decoding limits how far a box shrinks, too (mmdetection).
  public let limitsShrinking: Bool

  /// A coder with weights for (dx, dy, dw, dh).
  public init(weights: (Double, Double, Double, Double), limitsShrinking: Bool = false) {
    self.weights = [weights.0, weights.1, weights.2, weights.3]
    self.limitsShrinking = limitsShrinking
  }

  /// Offsets [B, 4] that turn reference boxes [B, 4] into boxes [B, 4]. All boxes have a positive size.
  public func encoded(_ boxes: Tensor, from references: Tensor) -> Tensor {
    let (width, height) = BoxTensors.sizes(boxes)
    let (referenceWidth, referenceHeight) = BoxTensors.sizes(references)
    let x = boxes.selected(0, axis: 1) + width * 0.5
    let y = boxes.selected(1, axis: 1) + height * 0.5
    let referenceX = references.selected(0, axis: 1) + referenceWidth * 0.5
    let referenceY = references.selected(1, axis: 1) + referenceHeight * 0.5
    return stack(
      [
        (x - referenceX) * weights[0] / referenceWidth, (y - referenceY) * weights[1] / referenceHeight,
        (width / referenceWidth).log() * weights[2], (height / referenceHeight).log() * weights[3],
      ], axis: 1)
  }

  /// Boxes [B, K, 4] that offsets [B, K, 4] make of reference boxes [B, 4].
  public func decoded(_ offsets: Tensor, from references: Tensor) -> Tensor {
    let (width, height) = BoxTensors.sizes(references.unsqueezed(1))  // [B, 1]
    let x = references.unsqueezed(1).selected(0, axis: 2) + width * 0.5
    let y = references.unsqueezed(1).selected(1, axis: 2) + height * 0.5
    func offset(_ index: Int) -> Tensor { offsets.selected(index, axis: 2) / weights[index] }
    let newX = offset(0) * width + x
    let newY = offset(1) * height + y
    let least = limitsShrinking ? -Self.growthLimit : nil
    let halfWidth = offset(2).clamped(min: least, max: Self.growthLimit).exp() * width * 0.5
    let halfHeight = offset(3).clamped(min: least, max: Self.growthLimit).exp() * height * 0.5
    return stack([newX - halfWidth, newY - halfHeight, newX + halfWidth, newY + halfHeight], axis: 2)
  }
}
