import Torch

/// A layer that draws in training.
///
/// Draws come from the generator of ``Module/withDropout(from:_:)``, on the CPU whatever the device: they depend on the
/// seed and the step alone.
protocol RandomLayer: Module {
  /// What it draws from; nil outside of ``Module/withDropout(from:_:)``.
  var generator: Generator? { get set }
}

extension RandomLayer {
  /// The generator, without which no seed would decide what is drawn.
  var source: Generator {
    guard let generator else {
      preconditionFailure(
        "\(type(of: self)) in training draws from a generator: call the network within withDropout(from:)")
    }
    return generator
  }

  /// What keeps a share of 1 − `rate` of the elements of a shape: 0 or 1 / (1 − `rate`) each, of the input's element type
  /// and on its device.
  func mask(_ shape: [Int], rate: Double, for input: Tensor) -> Tensor {
    let isKept: Tensor = Tensor.uniform(shape, using: source) .>= rate
    return isKept.to(input.device).to(input.elementType) / (1 - rate)
  }
}

extension Module {
  /// Runs `body`, in which the dropouts and drop paths of this module draw from `generator`, in the order in which they
  /// are called.
  public func withDropout<Result>(from generator: Generator?, _ body: () throws -> Result) rethrows -> Result {
    let layers = modules().compactMap { $0 as? any RandomLayer }
    let before = layers.map(\.generator)
    layers.forEach { $0.generator = generator }
    defer { zip(layers, before).forEach { $0.generator = $1 } }
    return try body()
  }
}
