import Layers
import Torch

/// A network over a grid of vectors in which no element knows anything of the rows below its own: residual blocks of masked convolutions.
///
/// N images, D channels, R × C elements. Source: the PixelCNN of CPC v2 (Hénaff et al. 2019, arXiv 1905.09272, appendix), whose blocks
/// narrow to the block's width, look at the row and the one above, and widen again.
public final class ContextNetwork: Layer {
  private let blocks: [ContextBlock]

  /// - Parameters:
  ///   - channels: D of what comes in and goes out.
  ///   - width: Channels within a block.
  ///   - count: Blocks: each sees one row more, upwards.
  public init(channels: Int, width: Int, count: Int, using generator: Generator) {
    precondition(count >= 1, "ContextNetwork: expected blocks, got \(count)")
    blocks = (0..<count).map { _ in ContextBlock(channels, width: width, using: generator) }
  }

  /// The contexts [N, D, R, C] of vectors [N, D, R, C]: that of an element is a function of its row and of those above.
  public override func callAsFunction(_ input: Tensor) -> Tensor { blocks.reduce(input) { $1($0) }.relu() }
}

/// x + a narrow look at the row and the one above.
final class ContextBlock: Layer {
  private let narrowing: Convolution
  private let masked: RowMaskedConvolution
  private let widening: Convolution

  init(_ channels: Int, width: Int, using generator: Generator) {
    narrowing = Convolution(channels, width, kernel: 1, biasInitial: .constant(0), using: generator)
    masked = RowMaskedConvolution(width, using: generator)
    widening = Convolution(width, channels, kernel: 1, biasInitial: .constant(0), using: generator)
  }

  override func callAsFunction(_ input: Tensor) -> Tensor {
    input + widening(masked(narrowing(input).relu()).relu())
  }
}

/// A 3×3 convolution without its last row: an element sees its neighbours in its row and in the one above, and nothing below.
///
/// `weight` [O, C, 2, 3], `bias` [O]; zeros stand around the map.
public final class RowMaskedConvolution: Layer {
  /// [O, C, 2, 3]: the row above, then the element's own.
  public let weight: Parameter
  /// [O].
  public let bias: Parameter

  /// As many channels go out as come in.
  public init(_ channels: Int, using generator: Generator) {
    weight = Parameter(Initialization.uniformFanIn.tensor([channels, channels, 2, 3], using: generator))
    bias = Parameter(.zeros([channels]))
  }

  /// [N, C, H, W] of [N, C, H, W].
  public override func callAsFunction(_ input: Tensor) -> Tensor {
    input.padded([1, 1, 1, 0]).convolved(weight.value, bias: bias.value)
  }
}
