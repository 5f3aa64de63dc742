import Torch

/// Sets elements to 0 at random in training and scales the others up, so that the mean stays (Srivastava et al. 2014);
/// in evaluation the input passes through.
///
/// Draws come from the generator of ``Module/withDropout(from:_:)``, on the CPU whatever the device: they depend on the
/// seed and the step alone. A rate of 0 draws nothing.
public final class Dropout: Layer {
  /// What is kept or dropped as one.
  public enum Unit: Sendable {
    /// Each element by itself.
    case element
    /// Each channel of each image (Tompson et al. 2015), which maps of neighbours that look alike need.
    case channel
  }

  /// The share that is dropped, in 0..<1.
  public let rate: Double
  /// What is kept or dropped as one.
  public let unit: Unit
  var generator: Generator?

  /// A layer that drops a share of its input [N, C, H, W].
  public init(rate: Double, unit: Unit = .element) {
    precondition((0..<1).contains(rate), "dropout: expected a rate in 0..<1, got \(rate)")
    self.rate = rate
    self.unit = unit
  }

  public override func callAsFunction(_ input: Tensor) -> Tensor {
    guard isTraining, rate > 0 else { return input }
    guard let generator else {
      preconditionFailure("dropout in training draws from a generator: call the network within withDropout(from:)")
    }
    let shape = unit == .channel ? Array(input.shape.prefix(2)) + [1, 1] : input.shape
    let isKept: Tensor = Tensor.uniform(shape, using: generator) .>= rate
    return input * (isKept.to(input.device).to(input.elementType) / (1 - rate))
  }
}

extension Module {
  /// Runs `body`, in which the dropouts of this module draw from `generator`, in the order in which they are called.
  public func withDropout<Result>(from generator: Generator?, _ body: () throws -> Result) rethrows -> Result {
    let dropouts = modules().compactMap { $0 as? Dropout }
    dropouts.forEach { $0.generator = generator }
    defer { dropouts.forEach { $0.generator = nil } }
    return try body()
  }
}
