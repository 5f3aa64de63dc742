import Torch

/// How a parameter's first elements are drawn.
///
/// `fan` counts the inputs (or outputs) that one element of the result is connected to: channels × kernel area.
public enum Initialization: Sendable {
  case constant(Double)
  /// Normal with this deviation.
  case normal(deviation: Double)
  /// Normal with deviation √(2 / fan out) (He et al. 2015), as torchvision's ResNets.
  case kaimingNormalFanOut
  /// Normal with deviation √(2 / fan in) (He et al. 2015).
  case kaimingNormalFanIn
  /// Uniform within ±√(6 / ((1 + a²) · fan in)) (He et al. 2015), a being the negative slope of the activation.
  case kaimingUniform(negativeSlope: Double)
  /// Uniform within ±1 / √fan in: what PyTorch gives convolutions and linear layers and their biases.
  case uniformFanIn

  /// Draws a float32 tensor.
  ///
  /// - Parameters:
  ///   - shape: [out, in, …] for weights.
  ///   - fanIn: Given for a bias, whose own shape does not tell it.
  public func tensor(_ shape: [Int], fanIn: Int? = nil, using generator: Generator) -> Tensor {
    let receptive = shape.dropFirst(2).reduce(1, *)
    let inputs = Double(fanIn ?? (shape.count > 1 ? shape[1] * receptive : shape[0]))
    let outputs = Double(shape[0] * receptive)
    func uniform(_ bound: Double) -> Tensor { Tensor.uniform(shape, using: generator) * (2 * bound) - bound }
    switch self {
    case .constant(let value): return .full(shape, value)
    case .normal(let deviation): return Tensor.normal(shape, using: generator) * deviation
    case .kaimingNormalFanOut: return Tensor.normal(shape, using: generator) * (2 / outputs).squareRoot()
    case .kaimingNormalFanIn: return Tensor.normal(shape, using: generator) * (2 / inputs).squareRoot()
    case .kaimingUniform(let slope): return uniform((6 / ((1 + slope * slope) * inputs)).squareRoot())
    case .uniformFanIn: return uniform(1 / inputs.squareRoot())
    }
  }
}
