import Torch

/// Parameters that share settings of an optimizer.
public struct ParameterGroup {
  /// What is trained.
  public let parameters: [NamedParameter]
  /// The group's learning rate over the optimizer's.
  public let learningRateFactor: Double
  /// The L2 penalty's (SGD) or decay's (AdamW) strength.
  public let weightDecay: Double

  /// A group; parameters that are not trained are left out.
  public init(_ parameters: [NamedParameter], learningRateFactor: Double = 1, weightDecay: Double) {
    self.parameters = parameters.filter(\.parameter.isTrained)
    self.learningRateFactor = learningRateFactor
    self.weightDecay = weightDecay
  }
}

/// A rule that moves parameters along their gradients.
public protocol Optimizer: AnyObject {
  /// What it moves.
  var groups: [ParameterGroup] { get }
  /// Takes the memory of what it will remember, before a step takes its own: what stays then lies on one side of what comes and goes,
  /// not among it.
  func reserve()
  /// Moves every parameter that has a gradient.
  func step(learningRate: Double)
  /// What it remembers, to be saved: tensors by the parameters' names, and counts.
  var state: OptimizerState { get }
  /// Goes on from a saved state.
  func restore(_ state: OptimizerState) throws(OptimizerStateError)
}

/// What an optimizer remembers between steps.
public struct OptimizerState {
  /// Tensors under `<kind>.<parameter name>`.
  public var tensors: StateDict
  /// Steps taken.
  public var step: Int

  /// A state.
  public init(tensors: StateDict, step: Int) {
    self.tensors = tensors
    self.step = step
  }
}

/// A saved optimizer state that belongs to other parameters.
public struct OptimizerStateError: Error, CustomStringConvertible {
  /// One line.
  public let description: String
}

extension Optimizer {
  /// All parameters of all groups.
  public var parameters: [NamedParameter] { groups.flatMap(\.parameters) }

  /// Forgets all gradients, and their memory.
  public func clearGradients() { parameters.forEach { $0.parameter.value.gradient = nil } }

  /// The Euclidean norm over the gradients of all parameters.
  public func gradientNorm() -> Double {
    let gradients = parameters.compactMap(\.parameter.value.gradient)
    guard !gradients.isEmpty else { return 0 }
    return stack(TensorList.norms(gradients)).norm().scalar
  }

  /// Divides all gradients by the scale of their loss, then scales them so that their norm is at most `limit`.
  ///
  /// - Returns: The norm between the two.
  @discardableResult
  public func clipGradients(toNorm limit: Double, dividedBy scale: Double = 1) -> Double {
    let norm = gradientNorm() / scale
    let factor = (norm > limit ? limit / (norm + 1e-6) : 1) / scale
    if factor != 1 {
      TensorList.multiplyInPlace(parameters.compactMap(\.parameter.value.gradient), by: factor)
    }
    return norm
  }
}

/// Tensors that an optimizer keeps for each parameter, by name; made when they are reserved or first wanted.
struct PerParameterTensors {
  let kind: String
  private(set) var tensors: [String: Tensor] = [:]

  init(kind: String) { self.kind = kind }

  /// The parameter's tensor: 0 at first.
  mutating func tensor(for entry: NamedParameter) -> Tensor {
    if let tensor = tensors[entry.name] { return tensor }
    let value = entry.parameter.value
    let tensor = withoutGradients { value.zerosLike() }
    tensors[entry.name] = tensor
    return tensor
  }

  func saved(in order: [NamedParameter]) -> [(name: String, tensor: Tensor)] {
    order.compactMap { entry in tensors[entry.name].map { ("\(kind).\(entry.name)", $0) } }
  }

  mutating func restore(_ state: OptimizerState, for parameters: [NamedParameter]) throws(OptimizerStateError) {
    var restored: [String: Tensor] = [:]
    for (name, tensor) in state.tensors.removingPrefix(kind + ".").entries {
      guard let entry = parameters.first(where: { $0.name == name }), entry.parameter.value.shape == tensor.shape else {
        throw OptimizerStateError(
          description: "the saved optimizer state has \(kind).\(name) \(tensor.shape), which fits no parameter")
      }
      let own = entry.parameter.value.detached().zerosLike()
      own.copyInPlace(from: tensor)
      restored[name] = own
    }
    tensors = restored
  }
}
