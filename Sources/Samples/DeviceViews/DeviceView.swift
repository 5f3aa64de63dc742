import Imaging
import Torch
import Views

/// Views rendered by operations of the device that their bytes lie on. Nothing is random here and nothing is waited for: all that
/// differs between views was drawn before their images were decoded.
extension View {
  /// The view as `rendered(from:)` makes it of an image.
  ///
  /// Colours, blurs and erased rectangles are the same bytes; moved pixels differ by at most one grey level, and few of them do.
  ///
  /// - Parameter pixels: the image that `resized(from:)` gives, uint8 [height, width, 3].
  /// - Returns: the same shape and type.
  func rendered(fromResized pixels: Tensor) -> Tensor {
    precondition(
      pixels.elementType == .uint8 && pixels.shape == [geometry.height, geometry.width, 3],
      "View.rendered: expected bytes of \(geometry.height) x \(geometry.width) RGB pixels, got \(pixels)")
    return steps.reduce(pixels) { $1.applied(to: $0) }
  }
}

extension ViewStep {
  /// Pixels of the view's size after the step; those given stay as they are. uint8 [H, W, 3].
  func applied(to pixels: Tensor) -> Tensor {
    switch self {
    case .color(let operation): return operation.applied(to: pixels)
    case .geometry(let change, let fill):
      guard change.isChange else { return pixels }
      let back = change.inverseMap(height: pixels.size(0), width: pixels.size(1))
      return DeviceWarp(back: back, fill: fill).applied(to: pixels)
    case .blur(let deviation): return DeviceBlur(BlurBox(deviation: deviation)).applied(to: pixels)
    case .noise(let patch, let seed):
      guard changesPixels else { return pixels }
      let result = pixels.copied()
      let noise = Tensor(patch.noise(seed), shape: [patch.height, patch.width, 3], device: pixels.device)
      result.sliced(axis: 0, from: patch.y, to: patch.y + patch.height)
        .sliced(axis: 1, from: patch.x, to: patch.x + patch.width).copyInPlace(from: noise)
      return result
    case .erase(let patches, let fill):
      guard !patches.isEmpty else { return pixels }
      let result = pixels.copied()
      for patch in patches {
        result.sliced(axis: 0, from: patch.y, to: patch.y + patch.height)
          .sliced(axis: 1, from: patch.x, to: patch.x + patch.width).fillInPlace(Double(fill))
      }
      return result
    }
  }
}
