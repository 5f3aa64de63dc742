import Torch

/// Stochastic gradient descent with momentum, as PyTorch's: g += weightDecay · p; v = momentum · v + g (v = g at first);
/// p −= rate · v, or p −= rate · (g + momentum · v) with Nesterov's form.
public final class SGD: Optimizer {
  /// What it moves, and how.
  public let groups: [ParameterGroup]
  private let momentum: Double
  private let nesterov: Bool
  private var velocities = PerParameterTensors(kind: "momentum")
  private var steps = 0

  /// An optimizer of these groups.
  public init(_ groups: [ParameterGroup], momentum: Double = 0.9, nesterov: Bool = false) {
    self.groups = groups
    self.momentum = momentum
    self.nesterov = nesterov
  }

  /// Takes the memory of the velocities.
  public func reserve() {
    if momentum != 0 { parameters.forEach { _ = velocities.tensor(for: $0) } }
  }

  /// Moves every parameter that has a gradient.
  public func step(learningRate: Double) {
    steps += 1
    withoutGradients {
      for group in groups {
        var values: [Tensor] = []
        var gradients: [Tensor] = []
        var entries: [NamedParameter] = []
        for entry in group.parameters {
          guard let gradient = entry.parameter.value.gradient else { continue }
          values.append(entry.parameter.value)
          gradients.append(gradient)
          entries.append(entry)
        }
        if group.weightDecay != 0 { TensorList.addInPlace(gradients, values, scale: group.weightDecay) }
        let rate = learningRate * group.learningRateFactor
        guard momentum != 0 else {
          TensorList.addInPlace(values, gradients, scale: -rate)
          continue
        }
        // A velocity starts at 0, so the first one is the gradient itself.
        let moving = entries.map { velocities.tensor(for: $0) }
        TensorList.multiplyInPlace(moving, by: momentum)
        TensorList.addInPlace(moving, gradients)
        if nesterov {
          TensorList.addInPlace(values, gradients, scale: -rate)
          TensorList.addInPlace(values, moving, scale: -rate * momentum)
        } else {
          TensorList.addInPlace(values, moving, scale: -rate)
        }
      }
    }
  }

  /// What it remembers between steps.
  public var state: OptimizerState {
    OptimizerState(tensors: StateDict(velocities.saved(in: parameters)), step: steps)
  }

  /// Goes on from a saved state; it must be of the same parameters.
  public func restore(_ state: OptimizerState) throws(OptimizerStateError) {
    try velocities.restore(state, for: parameters)
    steps = state.step
  }
}
