import Torch

/// A layer's weight and bias in the form that it computes with: of its input's type, with a batch norm folded in. Where a
/// gradient is wanted they are prepared anew in the backward pass (``Tensor/convolved(preparing:scale:bias:stride:padding:dilation:)``).
struct PreparedWeights {
  /// As the operation takes it.
  let weight: Tensor
  /// As the operation takes it; nil for none.
  let bias: Tensor?

  /// As they are.
  init(weight: Tensor, bias: Tensor?) {
    self.weight = weight
    self.bias = bias
  }

  /// In a type, which nothing is done for where they have it, the weight times a factor for each output.
  init(_ weight: Tensor, scale: Tensor? = nil, bias: Tensor?, in type: ElementType) {
    self.weight = (scale.map { weight * $0.reshaped([-1] + weight.shape.dropFirst().map { _ in 1 }) } ?? weight).to(
      type)
    self.bias = bias?.to(type)
  }
}

/// Where one layer's prepared weights are kept.
final class WeightKeeper {
  private var kept: PreparedWeights?

  /// Those that are kept, if they have the type; otherwise they are made and kept.
  func weights(in type: ElementType, _ make: () -> PreparedWeights) -> PreparedWeights {
    if let kept, kept.weight.elementType == type { return kept }
    let made = make()
    kept = made
    return made
  }
}

/// A layer that computes with prepared weights.
protocol WeightPreparing: Module {
  /// The weight that is prepared.
  var weight: Parameter { get }
  /// The bias beside it; nil for none.
  var addend: Parameter? { get }
  /// What prepares the weights of all layers of a network together; nil outside of a training pass.
  var shared: SharedPreparation? { get set }
  /// Where they are kept; nil while weights may move.
  var keeper: WeightKeeper? { get set }
}

extension Module {
  /// Runs `body`, in which no parameter or buffer of this module changes and no gradient is recorded: layers prepare their weights
  /// once, not at every call. That costs the memory of a second copy where batch norms are folded or the type is another.
  public func withSteadyWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    let layers = modules().compactMap { $0 as? any WeightPreparing }
    layers.forEach { $0.keeper = WeightKeeper() }
    defer { layers.forEach { $0.keeper = nil } }
    return try withoutGradients(body)
  }
}
