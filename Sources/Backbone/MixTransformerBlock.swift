import Layers
import Torch

/// How the layers of a Mix Transformer start: as the authors' code has it, whose normal distribution of linear layers is cut
/// off at a hundred deviations.
enum MixTransformerStart {
  static let weight = Initialization.normal(deviation: 0.02)
  static let bias = Initialization.constant(0)

  static func linear(_ inputs: Int, _ outputs: Int, using generator: Generator) -> Linear {
    Linear(inputs, outputs, initial: weight, biasInitial: bias, using: generator)
  }
}

/// Overlapping patches of a map as tokens (Xie et al. 2021): a strided convolution and a layer norm.
///
/// From [N, C, H, W] to [N, ⌈H / stride⌉, ⌈W / stride⌉, width].
final class PatchEmbedding: Layer {
  private let proj: Convolution
  private let layerNorm: LayerNorm

  init(_ inputs: Int, _ width: Int, patch: Int, stride: Int, using generator: Generator) {
    proj = Convolution(
      inputs, width, kernel: patch, stride: stride, padding: patch / 2, initial: .kaimingNormalFanOut,
      biasInitial: MixTransformerStart.bias, using: generator)
    layerNorm = LayerNorm(width, epsilon: MixTransformerForm.normEpsilon)
  }

  override func callAsFunction(_ map: Tensor) -> Tensor { layerNorm(proj(map).permuted(0, 2, 3, 1)) }
}

/// A block of a Mix Transformer: efficient self-attention, then Mix-FFN, each behind a layer norm and added to its input.
/// Tokens [N, h, w, C].
///
/// Both branches have the block's drop path, and draw apart.
final class MixTransformerBlock: Layer {
  private let attentionNorm: LayerNorm
  private let attention: ReducedAttention
  private let feedForwardNorm: LayerNorm
  private let feedForward: MixFeedForward
  private let dropPath: DropPath

  /// - Parameters:
  ///   - reduction: How many times coarser keys and values are.
  ///   - expansion: How many times wider the hidden layer is.
  init(_ width: Int, heads: Int, reduction: Int, expansion: Int, dropPath: DropPath, using generator: Generator) {
    attentionNorm = LayerNorm(width, epsilon: MixTransformerForm.normEpsilon)
    attention = ReducedAttention(width, heads: heads, reduction: reduction, using: generator)
    feedForwardNorm = LayerNorm(width, epsilon: MixTransformerForm.normEpsilon)
    feedForward = MixFeedForward(width, hidden: width * expansion, using: generator)
    self.dropPath = dropPath
  }

  override func registeredMembers() -> [(name: String, member: Member)] {
    [
      ("layer_norm_1", .module(attentionNorm)), ("attention", .module(attention)), ("drop_path", .module(dropPath)),
      ("layer_norm_2", .module(feedForwardNorm)), ("mlp", .module(feedForward)),
    ]
  }

  override func callAsFunction(_ tokens: Tensor) -> Tensor {
    let attended = tokens + dropPath(attention(attentionNorm(tokens)))
    return attended + dropPath(feedForward(feedForwardNorm(attended)))
  }
}

/// Mix-FFN (Xie et al. 2021, equation 3): a wider hidden layer whose 3×3 convolution of each channel tells tokens where they
/// are, GELU, and back.
final class MixFeedForward: Layer {
  private let dense1: Linear
  private let convolution: Convolution
  private let dense2: Linear

  init(_ width: Int, hidden: Int, using generator: Generator) {
    dense1 = MixTransformerStart.linear(width, hidden, using: generator)
    // The fan out of a depthwise convolution is that of one channel.
    convolution = Convolution(
      hidden, hidden, kernel: 3, groups: hidden, initial: .normal(deviation: (2.0 / 9).squareRoot()),
      biasInitial: MixTransformerStart.bias, using: generator)
    dense2 = MixTransformerStart.linear(hidden, width, using: generator)
  }

  override func registeredMembers() -> [(name: String, member: Member)] {
    [("dense1", .module(dense1)), ("dwconv.dwconv", .module(convolution)), ("dense2", .module(dense2))]
  }

  /// [N, h, w, width] to the same.
  override func callAsFunction(_ tokens: Tensor) -> Tensor {
    let (count, height, width, channels) = (tokens.size(0), tokens.size(1), tokens.size(2), tokens.size(3))
    let hidden = dense1(tokens.reshaped(-1, channels)).reshaped(count, height, width, -1).permuted(0, 3, 1, 2)
    let active = convolution(hidden).gelu().permuted(0, 2, 3, 1)
    return dense2(active.reshaped(-1, active.size(3))).reshaped(count, height, width, channels)
  }
}
