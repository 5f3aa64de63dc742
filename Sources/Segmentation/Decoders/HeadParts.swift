import Layers
import Torch

/// What all parts of one decoder share.
struct HeadParts {
  let initialization: HeadInitialization
  /// Whether 3×3 convolutions are split into one per channel and a 1×1.
  let isSeparable: Bool
  let generator: Generator

  init(_ settings: SegmentationNetworkSettings, using generator: Generator) {
    initialization = settings.initialization
    isSeparable = settings.separable
    self.generator = generator
  }

  /// A convolution without bias, a norm and a ReLU; one larger than 1×1 is split where the decoder is separable.
  func unit(_ inputs: Int, _ outputs: Int, kernel: Int, dilation: Int = 1) -> Layer {
    isSeparable && kernel > 1
      ? SeparableUnit(inputs, outputs, kernel: kernel, dilation: dilation, in: self)
      : whole(inputs, outputs, kernel: kernel, dilation: dilation)
  }

  /// The same, never split.
  ///
  /// - Parameter key: The number of the convolution among the keys; the norm has the next one.
  func whole(_ inputs: Int, _ outputs: Int, kernel: Int, dilation: Int = 1, key: Int = 0) -> ConvolutionUnit {
    ConvolutionUnit(convolution(inputs, outputs, kernel: kernel, dilation: dilation), BatchNorm(outputs), key: key)
  }

  func convolution(_ inputs: Int, _ outputs: Int, kernel: Int, dilation: Int = 1, groups: Int = 1) -> Convolution {
    Convolution(
      inputs, outputs, kernel: kernel, dilation: dilation, groups: groups, initial: initialization.weights,
      using: generator)
  }

  /// A convolution with bias that gives logits.
  func predictor(_ inputs: Int, classes: Int, kernel: Int = 1, dilation: Int = 1) -> Convolution {
    Convolution(
      inputs, classes, kernel: kernel, dilation: dilation, initial: initialization.weights,
      biasInitial: .uniformFanIn, using: generator)
  }
}

/// A convolution, the norm behind it and a ReLU, with consecutive numbers as keys.
final class ConvolutionUnit: Layer {
  private let convolution: Convolution
  private let norm: BatchNorm
  private let key: Int

  init(_ convolution: Convolution, _ norm: BatchNorm, key: Int = 0) {
    self.convolution = convolution
    self.norm = norm
    self.key = key
  }

  override func registeredMembers() -> [(name: String, member: Member)] {
    [("\(key)", .module(convolution)), ("\(key + 1)", .module(norm))]
  }

  override func callAsFunction(_ input: Tensor) -> Tensor { convolve(input, convolution, norm, .relu) }
}

/// A convolution of each channel by itself and a 1×1 across them, a norm and a ReLU behind both (Chollet 2017; as
/// DeepLabv3+ and mmsegmentation place them).
final class SeparableUnit: Layer {
  private let depthwise: ConvolutionUnit
  private let pointwise: ConvolutionUnit

  init(_ inputs: Int, _ outputs: Int, kernel: Int, dilation: Int, in parts: HeadParts) {
    depthwise = ConvolutionUnit(
      parts.convolution(inputs, inputs, kernel: kernel, dilation: dilation, groups: inputs), BatchNorm(inputs))
    pointwise = parts.whole(inputs, outputs, kernel: 1)
  }

  override func callAsFunction(_ input: Tensor) -> Tensor { pointwise(depthwise(input)) }
}
