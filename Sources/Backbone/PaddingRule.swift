import Layers
import Torch

/// How a convolution of stride 2 pads its input.
public enum PaddingRule: String, Sendable, Codable, CaseIterable {
  /// Alike on both sides, as PyTorch's networks do.
  case symmetric
  /// Only as much as the last window needs, the odd pixel behind: TensorFlow's "same".
  case same

  /// The padding that the convolution itself does; nil for the amount that keeps the size. At stride 1 both rules agree.
  func ownPadding(stride: Int) -> Int? { self == .same && stride > 1 ? 0 : nil }

  /// The map [N, C, H, W] with the padding that a convolution made with `ownPadding` still needs.
  func padded(_ map: Tensor, kernel: Int, stride: Int) -> Tensor {
    guard self == .same, stride > 1 else { return map }
    func amounts(_ size: Int) -> [Int] {
      let total = max(0, ((size + stride - 1) / stride - 1) * stride + kernel - size)
      return [total / 2, total - total / 2]
    }
    return map.padded(amounts(map.size(3)) + amounts(map.size(2)))
  }
}
