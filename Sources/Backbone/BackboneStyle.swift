import Layers
import Torch

/// Which of the two families of published weights a ResNet is made for: one choice of stride and of input.
public enum BackboneStyle: String, Sendable, Codable, CaseIterable {
  /// The stride of a bottleneck lies in its 3×3 convolution ("v1.5"); pixels are divided by ImageNet's deviation.
  /// torchvision's weights, and mmdetection's `style='pytorch'`.
  case pytorch
  /// The stride lies in the first 1×1 convolution, as in the paper; pixels are 0…255 less ImageNet's mean. The published
  /// weights take blue first. Detectron2's and mmdetection's `style='caffe'`.
  case caffe

  /// How images are prepared.
  public var inputNormalization: InputNormalization { self == .caffe ? .caffe : .imageNet }

  /// Published weights in the order of channels that images have here, red first.
  ///
  /// A convolution of BGR images is that of RGB images with its input channels reversed, so the order is a matter of
  /// loading; nothing that reads or shows images knows of it.
  ///
  /// - Parameter stem: The name of the first convolution's weight, [C, 3, h, w].
  public func inRGB(_ state: StateDict, stem: String) -> StateDict {
    guard self == .caffe else { return state }
    return StateDict(
      state.entries.map { entry in
        guard entry.name == stem, entry.tensor.rank == 4, entry.tensor.size(1) == 3 else { return entry }
        return (entry.name, entry.tensor.gathered(Tensor([2, 1, 0]), axis: 1))
      })
  }
}
