import Torch

/// An exponential moving average of one module's parameters and buffers in another of the same form: a teacher.
///
/// Floating-point tensors: average = momentum · average + (1 − momentum) · source. Integer buffers are copied.
public struct MovingAverage {
  private let averaged: [(average: Tensor, source: StateEntry)]
  private let copied: [(average: Tensor, source: StateEntry)]
  private let norms: [BatchNorm]

  /// Pairs the tensors of two modules by name.
  ///
  /// - Parameter withBuffers: Without, parameters alone follow.
  /// - Precondition: Both have the same names and shapes.
  public init(of source: Module, in average: Module, withBuffers: Bool = true) {
    let from = source.stateEntries()
    let to = average.stateEntries()
    precondition(from.map(\.name) == to.map(\.name), "a moving average between modules of different form")
    let parameters = Set(source.namedParameters().map(\.name))
    let pairs = zip(to, from).filter { withBuffers || parameters.contains($1.name) }
      .map { (average: $0.tensor.detached(), source: $1) }
    averaged = pairs.filter { $0.average.elementType.isFloatingPoint }
    copied = pairs.filter { !$0.average.elementType.isFloatingPoint }
    norms = average.modules().compactMap { $0 as? BatchNorm }
  }

  /// Takes one step towards the source; momentum 0 copies it.
  public func update(momentum: Double) {
    precondition((0...1).contains(momentum), "a moving average's momentum lies in 0...1, got \(momentum)")
    withoutGradients {
      let averages = averaged.map(\.average)
      let sources = averaged.map { $0.source.tensor.detached() }
      if momentum == 0 {
        for (average, source) in zip(averages, sources) { average.copyInPlace(from: source) }
      } else {
        TensorList.multiplyInPlace(averages, by: momentum)
        TensorList.addInPlace(averages, sources, scale: 1 - momentum)
      }
      for (average, source) in copied { average.copyInPlace(from: source.tensor) }
      norms.forEach { $0.fixedMap.forget() }
    }
  }
}
