import Torch

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019), as PyTorch's.
public final class AdamW: Optimizer {
  /// What it moves, and how.
  public let groups: [ParameterGroup]
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private var means = PerParameterTensors(kind: "mean")
  private var squares = PerParameterTensors(kind: "square")
  private var steps = 0

  /// An optimizer of these groups. Bias is corrected by the number of the optimizer's steps.
  public init(_ groups: [ParameterGroup], beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    self.groups = groups
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// Takes the memory of means and squares.
  public func reserve() {
    for entry in parameters {
      _ = means.tensor(for: entry)
      _ = squares.tensor(for: entry)
    }
  }

  /// Moves every parameter that has a gradient.
  public func step(learningRate: Double) {
    steps += 1
    let corrections = (1 - power(beta1, steps), 1 - power(beta2, steps))
    withoutGradients {
      for group in groups {
        let entries = group.parameters.filter { $0.parameter.value.gradient != nil }
        let values = entries.map(\.parameter.value)
        let gradients = values.compactMap(\.gradient)
        let rate = learningRate * group.learningRateFactor
        let first = entries.map { means.tensor(for: $0) }
        let second = entries.map { squares.tensor(for: $0) }
        AdamWStep(
          learningRate: rate, weightDecay: group.weightDecay, betas: (beta1, beta2),
          corrections: corrections, epsilon: epsilon
        ).move(values, gradients: gradients, means: first, squares: second)
      }
    }
  }

  /// What it remembers between steps.
  public var state: OptimizerState {
    OptimizerState(tensors: StateDict(means.saved(in: parameters) + squares.saved(in: parameters)), step: steps)
  }

  /// Goes on from a saved state; it must be of the same parameters.
  public func restore(_ state: OptimizerState) throws(OptimizerStateError) {
    try means.restore(state, for: parameters)
    try squares.restore(state, for: parameters)
    steps = state.step
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<exponent { result *= base }
    return result
  }
}
