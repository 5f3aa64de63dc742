import Layers
import Torch

/// SegFormer's efficient self-attention (Xie et al. 2021, section 3.1; the spatial reduction of Wang et al. 2021): every token
/// looks at a coarser map, whose tokens are non-overlapping windows of the own one through a convolution and a norm.
///
/// With a reduction of R, attention takes 1 / R² of the time and memory. Tokens [N, h, w, C].
final class ReducedAttention: Layer {
  private let query: Linear
  private let key: Linear
  private let value: Linear
  private let reduction: Convolution?
  private let norm: LayerNorm?
  private let output: Linear
  private let heads: Int

  init(_ width: Int, heads: Int, reduction: Int, using generator: Generator) {
    query = MixTransformerStart.linear(width, width, using: generator)
    key = MixTransformerStart.linear(width, width, using: generator)
    value = MixTransformerStart.linear(width, width, using: generator)
    self.reduction =
      reduction > 1
      ? Convolution(
        width, width, kernel: reduction, stride: reduction, padding: 0, initial: .kaimingNormalFanOut,
        biasInitial: MixTransformerStart.bias, using: generator) : nil
    norm = reduction > 1 ? LayerNorm(width, epsilon: MixTransformerForm.normEpsilon) : nil
    output = MixTransformerStart.linear(width, width, using: generator)
    self.heads = heads
  }

  override func registeredMembers() -> [(name: String, member: Member)] {
    [("self.query", .module(query)), ("self.key", .module(key)), ("self.value", .module(value))]
      + (reduction.map { [("self.sr", .module($0))] } ?? [])
      + (norm.map { [("self.layer_norm", .module($0))] } ?? []) + [("output.dense", .module(output))]
  }

  override func callAsFunction(_ tokens: Tensor) -> Tensor {
    let (count, channels) = (tokens.size(0), tokens.size(3))
    let rows = tokens.reshaped(-1, channels)
    let seen = reduced(tokens).reshaped(-1, channels)
    /// [N, heads, tokens, C / heads].
    func parts(_ rows: Tensor) -> Tensor {
      rows.reshaped(count, -1, heads, channels / heads).permuted(0, 2, 1, 3)
    }
    let scale = 1 / (Double(channels) / Double(heads)).squareRoot()
    let scores = parts(query(rows) * scale).matrixProduct(parts(key(seen)).transposed(2, 3))
    let mixed = scores.softmax(3).matrixProduct(parts(value(seen)))
    return output(mixed.permuted(0, 2, 1, 3).reshaped(-1, channels)).reshaped(tokens.shape)
  }

  /// The tokens that are looked at, [N, ⌊h / R⌋, ⌊w / R⌋, C], as in the authors' code without the rest of a map that R does not
  /// divide. A map smaller than a window is filled up with zeros; there the authors' code ends with an error.
  private func reduced(_ tokens: Tensor) -> Tensor {
    guard let reduction, let norm else { return tokens }
    let side = reduction.geometry.stride
    var map = tokens.permuted(0, 3, 1, 2)
    if map.size(2) < side || map.size(3) < side {
      map = map.padded([0, max(0, side - map.size(3)), 0, max(0, side - map.size(2))])
    }
    return norm(reduction(map).permuted(0, 2, 3, 1))
  }
}
