import Layers
import Torch

/// Atrous spatial pyramid pooling (Chen et al. 2017, DeepLabv3): a 1×1 convolution, dilated 3×3 ones, and the mean of
/// the whole map, side by side, joined by a 1×1 convolution. Names are torchvision's: `convs.0.0` …, `project.0`.
final class AtrousPyramid: Layer {
  private let convs: [Layer]
  private let project: ConvolutionUnit
  private let dropout: Dropout

  /// - Parameters:
  ///   - width: Channels of each branch and of the result.
  ///   - rates: Dilations of the 3×3 branches.
  ///   - dropout: What follows the joining convolution.
  init(_ inputs: Int, width: Int, rates: [Int], dropout: Dropout, in parts: HeadParts) {
    convs =
      [parts.whole(inputs, width, kernel: 1)]
      + rates.map { parts.unit(inputs, width, kernel: 3, dilation: $0) }
      + [PooledBranch(inputs, width, bins: 1, key: 1, in: parts)]
    project = parts.whole((rates.count + 2) * width, width, kernel: 1)
    self.dropout = dropout
  }

  /// [N, inputs, h, w] to [N, width, h, w].
  override func callAsFunction(_ map: Tensor) -> Tensor {
    dropout(project(concatenate(convs.map { $0(map) }, axis: 1)))
  }
}

/// Means over a grid of bins × bins windows of a map, a 1×1 convolution, a norm and a ReLU, resized to the map's size.
/// Windows are those of PyTorch's adaptive pooling.
final class PooledBranch: Layer {
  private let unit: ConvolutionUnit
  private let bins: Int
  private let alignsCorners: Bool

  init(_ inputs: Int, _ outputs: Int, bins: Int, alignCorners: Bool = false, key: Int = 0, in parts: HeadParts) {
    unit = parts.whole(inputs, outputs, kernel: 1, key: key)
    self.bins = bins
    alignsCorners = alignCorners
  }

  override func registeredMembers() -> [(name: String, member: Member)] { unit.registeredMembers() }

  override func callAsFunction(_ map: Tensor) -> Tensor {
    let (height, width) = (map.size(2), map.size(3))
    guard bins > 1 else {
      // One element, resized, is itself everywhere.
      let pooled = unit(map.mean(2, 3, keepingAxes: true))
      return pooled.expanded([-1, -1, height, width])
    }
    let pooled = unit(map.averagePooled(toHeight: bins, width: bins))
    return pooled.resizedBilinear(height: height, width: width, alignCorners: alignsCorners)
  }
}
