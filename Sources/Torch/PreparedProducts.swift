import CTorch

/// Convolutions and linear layers that compute in their input's type with weights that are kept in float32, where a gradient
/// will be wanted: the weights are prepared anew in the backward pass, so no second copy of them waits for it.
extension Tensor {
  /// Convolution of one group with a weight [O, C, k, k] that is multiplied by a fixed `scale` [O] and brought to this map's type.
  ///
  /// - Parameters:
  ///   - scale: Of a batch norm that is folded in, without a gradient; nil for none.
  ///   - bias: [O], of this map's type.
  public func convolved(
    preparing weight: Tensor, scale: Tensor?, bias: Tensor?, stride: Int, padding: Int, dilation: Int
  ) -> Tensor {
    var result: ct_tensor?
    Engine.check(
      ct_prepared_convolution(
        handle, weight.handle, scale?.handle, bias?.handle, Int64(stride), Int64(padding), Int64(dilation), &result),
      "convolution of \(self) with \(weight)")
    return withExtendedLifetime((scale, bias)) { Tensor(owning: result, from: "convolution") }
  }

  /// Rows [R, I] times a weight [O, I], which is brought to their type, transposed, plus a bias [O] of their type.
  public func linear(preparing weight: Tensor, bias: Tensor) -> Tensor {
    var result: ct_tensor?
    Engine.check(
      ct_prepared_linear(handle, weight.handle, bias.handle, &result), "linear layer of \(self) with \(weight)")
    return Tensor(owning: result, from: "linear layer")
  }
}

/// A weight to be brought to the form that its layer computes with.
public struct WeightToPrepare {
  /// Kept in float32.
  public let weight: Tensor
  /// What it is multiplied by, of its shape, without a gradient; nil: nothing.
  public let factor: Tensor?

  /// A weight with its factor.
  public init(_ weight: Tensor, factor: Tensor? = nil) {
    self.weight = weight
    self.factor = factor
  }
}

/// The weights of many layers, each times its factor, in a type: in a few operations, and with gradients that come back in a few.
///
/// - Precondition: A weight that wants a gradient has a factor or another type.
public func preparedTogether(_ weights: [WeightToPrepare], in type: ElementType) -> [Tensor] {
  var results = [ct_tensor?](repeating: nil, count: weights.count)
  let handles: [ct_tensor?] = weights.map(\.weight.handle)
  let factors: [ct_tensor?] = weights.map { $0.factor?.handle }
  Engine.check(
    ct_prepare_weights(handles, factors, Int32(weights.count), type.engineCode, &results),
    "\(weights.count) weights in \(type)")
  return withExtendedLifetime(weights) { results.map { Tensor(owning: $0, from: "prepared weights") } }
}
