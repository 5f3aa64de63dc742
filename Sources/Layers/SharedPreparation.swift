import Torch

/// What the layers of networks share from a forward pass to the end of its backward pass, on a GPU: their weights are brought to the
/// form that they compute with in a few operations for all, and the batches that norms have seen are counted in one.
///
/// Layer by layer, each of these small operations takes longer to be asked for than to be done. Which layers there are, in which type
/// and with which norms folded in, is known from the pass before; a layer that computes otherwise prepares its own weights, as all do on
/// the CPU, where asking costs nothing and memory is short. Where a layer is applied several times, the gradients of its weight are
/// added in the type that it computes in, as under PyTorch's autocast.
public final class SharedPreparation {
  private let layers: [any WeightPreparing]
  private let norms: [BatchNorm]
  private var plans: [ObjectIdentifier: Plan] = [:]
  private var prepared: [ObjectIdentifier: Prepared]?
  private var counted: [ObjectIdentifier: (norm: BatchNorm, times: Int)] = [:]

  /// That of networks, whose layers stay the same.
  public init(of networks: [Module]) {
    let modules = networks.flatMap { $0.modules() }
    layers = modules.compactMap { $0 as? any WeightPreparing }
    norms = modules.compactMap { $0 as? BatchNorm }
  }

  /// Runs `body`, in which no parameter changes and all of the backward pass belongs to forward passes within it.
  public func callAsFunction<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard layers.contains(where: { $0.weight.value.device != .cpu }) else { return try body() }
    layers.forEach { $0.shared = self }
    norms.forEach { $0.shared = self }
    defer {
      layers.forEach { $0.shared = nil }
      norms.forEach { $0.shared = nil }
      prepared = nil
      addCounts()
    }
    return try body()
  }

  /// How a layer has computed.
  private struct Plan {
    let type: ElementType
    let norm: BatchNorm?
    /// The norm's scale, and a factor for each element of the weight.
    var factor: (scale: Tensor, of: Tensor)?
    /// The norm's shift, and the bias that it makes.
    var bias: (shift: Tensor, of: Tensor)?

    /// The scale of each output as a factor of each element of a weight, made once.
    mutating func factor(_ scale: Tensor, like weight: Tensor) -> Tensor {
      if let factor, factor.scale === scale { return factor.of }
      let made = scale.reshaped([-1] + weight.shape.dropFirst().map { _ in 1 }).expanded(weight.shape)
        .copiedChannelsLast()
      factor = (scale, made)
      return made
    }

    /// The shift in the layer's type, made once.
    mutating func bias(_ shift: Tensor) -> Tensor {
      if let bias, bias.shift === shift { return bias.of }
      let made = shift.to(type)
      bias = (shift, made)
      return made
    }
  }

  private struct Prepared {
    let weights: PreparedWeights
    let isTrained: Bool
  }

  /// A layer's weights in a type, with a norm folded in; nil where the layer is to prepare them itself.
  func weights(of layer: any WeightPreparing, folding norm: BatchNorm?, in type: ElementType) -> PreparedWeights? {
    guard layer.weight.value.elementType == .float32 else { return nil }
    let key = ObjectIdentifier(layer)
    guard let plan = plans[key], plan.type == type, plan.norm === norm else {
      plans[key] = Plan(type: type, norm: norm)
      prepared?[key] = nil
      return nil
    }
    let all = prepared ?? prepareAll()
    prepared = all
    guard let found = all[key], found.isTrained == layer.weight.isTrained else { return nil }
    return found.weights
  }

  private func prepareAll() -> [ObjectIdentifier: Prepared] {
    var result: [ObjectIdentifier: Prepared] = [:]
    for type in Set(plans.values.map(\.type)) {
      let planned = layers.filter { plans[ObjectIdentifier($0)]?.type == type }
      // A pass without gradients may come first.
      withGradients { result.merge(prepare(planned, in: type)) { first, _ in first } }
    }
    return result
  }

  private func prepare(_ planned: [any WeightPreparing], in type: ElementType) -> [ObjectIdentifier: Prepared] {
    var weights: [WeightToPrepare] = []
    /// Where a layer's weight and bias stand in `weights`; a bias that is ready already.
    var places: [(layer: any WeightPreparing, weight: Int, bias: Int?, ready: Tensor?)] = []
    for layer in planned {
      guard var plan = plans[ObjectIdentifier(layer)] else { continue }
      var place = (layer: layer, weight: weights.count, bias: Int?.none, ready: Tensor?.none)
      if let norm = plan.norm {
        guard norm.isFixed else { continue }
        let (scale, shift) = norm.affine()
        guard !scale.requiresGradient else { continue }
        weights.append(WeightToPrepare(layer.weight.value, factor: plan.factor(scale, like: layer.weight.value)))
        place.ready = plan.bias(shift)
        plans[ObjectIdentifier(layer)] = plan
      } else {
        weights.append(WeightToPrepare(layer.weight.value))
        if let bias = layer.addend {
          place.bias = weights.count
          weights.append(WeightToPrepare(bias.value))
        }
      }
      places.append(place)
    }
    let made = preparedTogether(weights, in: type)
    return Dictionary(
      uniqueKeysWithValues: places.map { place in
        let bias = place.ready ?? place.bias.map { made[$0] }
        return (
          ObjectIdentifier(place.layer),
          Prepared(
            weights: PreparedWeights(weight: made[place.weight], bias: bias),
            isTrained: place.layer.weight.isTrained)
        )
      })
  }

  /// A norm has seen a batch.
  func count(_ norm: BatchNorm) { counted[ObjectIdentifier(norm), default: (norm, 0)].times += 1 }

  private func addCounts() {
    for times in Set(counted.values.map(\.times)) {
      let norms = counted.values.filter { $0.times == times }.map(\.norm)
      TensorList.addInPlace(norms.compactMap { $0.numBatchesTracked?.value }, times)
    }
    counted = [:]
  }
}
