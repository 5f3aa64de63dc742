import Layers
import Torch

/// Three 3×3 convolutions in place of a ResNet's first one (He et al. 2019, ResNet-C): the keys 0, 1, 3, 4 and 6, as of
/// a `Sequential` with activations in between.
final class DeepStem: Layer {
  /// Channels of its map.
  static let width = 128
  private let convolutions: [Convolution]
  private let norms: [BatchNorm]

  init(in stage: ResidualStage) {
    convolutions = [
      stage.convolution(3, 64, kernel: 3, stride: 2), stage.convolution(64, 64, kernel: 3),
      stage.convolution(64, Self.width, kernel: 3),
    ]
    norms = [stage.norm(64), stage.norm(64)]
  }

  override func registeredMembers() -> [(name: String, member: Member)] {
    let layers: [Module] = [convolutions[0], norms[0], convolutions[1], norms[1], convolutions[2]]
    return zip(["0", "1", "3", "4", "6"], layers).map { ($0, .module($1)) }
  }

  /// The map [N, 128, ⌈H / 2⌉, ⌈W / 2⌉] of images, behind the norm that follows and its activation.
  func callAsFunction(_ images: Tensor, followedBy norm: BatchNorm) -> Tensor {
    let first = convolve(images, convolutions[0], norms[0], .relu)
    return convolve(convolve(first, convolutions[1], norms[1], .relu), convolutions[2], norm, .relu)
  }
}
