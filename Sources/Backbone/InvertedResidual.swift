import Layers
import Torch

/// What an ``InvertedResidual`` is made of.
struct InvertedResidualForm {
  let inputs: Int
  let outputs: Int
  let kernel: Int
  let stride: Int
  /// Of the depthwise convolution.
  let dilation: Int
  /// How many times wider the depthwise convolution is than the input; 1 for no expansion.
  let expansion: Int
  let padding: PaddingRule

  /// Whether the input is added to the output.
  var hasSkip: Bool { stride == 1 && inputs == outputs }
}

/// A block of MobileNet's kind (Sandler et al. 2018) without squeeze and excitation: 1×1 expansion, depthwise
/// convolution, 1×1 projection without an activation, and the input added where the form allows.
final class InvertedResidual: Layer {
  private let expandConv: Convolution?
  private let bn0: BatchNorm?
  private let depthwiseConv: Convolution
  private let bn1: BatchNorm
  private let projectConv: Convolution
  private let bn2: BatchNorm
  private let dropPath: DropPath?
  private let form: InvertedResidualForm

  init(_ form: InvertedResidualForm, dropPath: DropPath, norm: (Int) -> BatchNorm, using generator: Generator) {
    self.form = form
    self.dropPath = form.hasSkip ? dropPath : nil
    let inner = form.inputs * form.expansion
    func pointwise(_ inputs: Int, _ outputs: Int) -> Convolution {
      Convolution(inputs, outputs, kernel: 1, initial: .kaimingNormalFanOut, using: generator)
    }
    expandConv = form.expansion > 1 ? pointwise(form.inputs, inner) : nil
    bn0 = form.expansion > 1 ? norm(inner) : nil
    // The fan out of a depthwise convolution is that of one channel.
    let deviation = (2 / Double(form.kernel * form.kernel)).squareRoot()
    depthwiseConv = Convolution(
      inner, inner, kernel: form.kernel, stride: form.stride, padding: form.padding.ownPadding(stride: form.stride),
      dilation: form.dilation, groups: inner, initial: .normal(deviation: deviation), using: generator)
    bn1 = norm(inner)
    projectConv = pointwise(inner, form.outputs)
    bn2 = norm(form.outputs)
  }

  override func callAsFunction(_ input: Tensor) -> Tensor {
    var map = input
    if let expandConv, let bn0 { map = convolve(map, expandConv, bn0, .relu6) }
    map = form.padding.padded(map, kernel: form.kernel, stride: form.stride)
    map = convolve(map, depthwiseConv, bn1, .relu6)
    map = convolve(map, projectConv, bn2)
    return dropPath.map { $0(map).addedInPlace(input) } ?? map
  }
}
