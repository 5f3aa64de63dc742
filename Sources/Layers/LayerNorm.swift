import Torch

/// Normalisation of each element's channels by their own mean and variance (Ba et al. 2016): [..., C].
///
/// Statistics do not depend on other elements, images or the mode. They are taken in float32 at least, whatever the
/// input's type, which the result has again.
public final class LayerNorm: Layer {
  /// The scale, [C].
  public let weight: Parameter
  /// The shift, [C].
  public let bias: Parameter
  /// Added to the variance. Weight files do not carry it.
  public let epsilon: Double

  /// A norm with weight 1 and bias 0.
  public init(_ channels: Int, epsilon: Double = 1e-5) {
    weight = Parameter(.ones([channels]))
    bias = Parameter(.zeros([channels]))
    self.epsilon = epsilon
  }

  public override func callAsFunction(_ input: Tensor) -> Tensor {
    input.to(weight.value.elementType)
      .layerNormalized(weight: weight.value, bias: bias.value, epsilon: epsilon).to(input.elementType)
  }
}

extension Module {
  /// The weights and biases of all batch and layer norms.
  public func normParameters() -> Set<ObjectIdentifier> {
    let norms = modules().filter { $0 is BatchNorm || $0 is LayerNorm }
    return Set(norms.flatMap { $0.namedParameters() }.map { ObjectIdentifier($0.parameter) })
  }
}
