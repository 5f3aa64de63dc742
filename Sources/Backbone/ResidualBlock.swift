import Layers
import Torch

/// What all blocks of one stage share.
struct ResidualStage {
  let norm: NormOptions
  let isFrozen: Bool
  let generator: Generator

  func convolution(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, dilation: Int = 1) -> Convolution {
    Convolution(
      inputs, outputs, kernel: kernel, stride: stride, dilation: dilation, initial: .kaimingNormalFanOut,
      using: generator)
  }

  func norm(_ channels: Int) -> BatchNorm { norm.norm(channels, isFrozen: isFrozen) }

  /// A projection where a block changes the map's form; nil where the input can be added as it is.
  func shortcut(_ inputs: Int, _ outputs: Int, stride: Int) -> Shortcut? {
    guard stride != 1 || inputs != outputs else { return nil }
    return Shortcut(convolution(inputs, outputs, kernel: 1, stride: stride), norm(outputs))
  }
}

/// The projection beside a residual block: a convolution and its norm, with the keys 0 and 1.
final class Shortcut: Layer {
  private let convolution: Convolution
  private let norm: BatchNorm

  init(_ convolution: Convolution, _ norm: BatchNorm) {
    self.convolution = convolution
    self.norm = norm
  }

  override func registeredMembers() -> [(name: String, member: Member)] {
    [("0", .module(convolution)), ("1", .module(norm))]
  }

  override func callAsFunction(_ input: Tensor) -> Tensor { convolve(input, convolution, norm) }
}

/// Two 3×3 convolutions and the input added (He et al. 2016): the block of ResNet-18 and -34.
final class BasicBlock: Layer {
  private let conv1: Convolution
  private let bn1: BatchNorm
  private let conv2: Convolution
  private let bn2: BatchNorm
  private let downsample: Shortcut?
  private let dropPath: DropPath

  init(_ inputs: Int, width: Int, step: DilatedStep, dropPath: DropPath, in stage: ResidualStage) {
    self.dropPath = dropPath
    conv1 = stage.convolution(inputs, width, kernel: 3, stride: step.stride, dilation: step.before)
    bn1 = stage.norm(width)
    conv2 = stage.convolution(width, width, kernel: 3, dilation: step.after)
    bn2 = stage.norm(width)
    downsample = stage.shortcut(inputs, width, stride: step.stride)
  }

  override func callAsFunction(_ input: Tensor) -> Tensor {
    // No convolution, norm or drop path keeps its output for the gradient, so what follows one may be written over it.
    let inner = convolve(input, conv1, bn1, .relu)
    return dropPath(convolve(inner, conv2, bn2)).addedInPlace(downsample?(input) ?? input).reluInPlace()
  }
}

/// 1×1, 3×3 and 1×1 convolutions and the input added: the block of ResNet-50 and -101. Its style says in which of the
/// first two the stride lies.
final class Bottleneck: Layer {
  static let expansion = 4
  private let conv1: Convolution
  private let bn1: BatchNorm
  private let conv2: Convolution
  private let bn2: BatchNorm
  private let conv3: Convolution
  private let bn3: BatchNorm
  private let downsample: Shortcut?
  private let dropPath: DropPath

  init(
    _ inputs: Int, width: Int, step: DilatedStep, style: BackboneStyle, dropPath: DropPath, in stage: ResidualStage
  ) {
    self.dropPath = dropPath
    let outputs = width * Self.expansion
    conv1 = stage.convolution(inputs, width, kernel: 1, stride: style == .caffe ? step.stride : 1)
    bn1 = stage.norm(width)
    conv2 =
      style == .caffe
      ? stage.convolution(width, width, kernel: 3, dilation: step.after)
      : stage.convolution(width, width, kernel: 3, stride: step.stride, dilation: step.before)
    bn2 = stage.norm(width)
    conv3 = stage.convolution(width, outputs, kernel: 1)
    bn3 = stage.norm(outputs)
    downsample = stage.shortcut(inputs, outputs, stride: step.stride)
  }

  override func callAsFunction(_ input: Tensor) -> Tensor {
    let narrow = convolve(input, conv1, bn1, .relu)
    let inner = convolve(narrow, conv2, bn2, .relu)
    return dropPath(convolve(inner, conv3, bn3)).addedInPlace(downsample?(input) ?? input).reluInPlace()
  }
}
