import Torch

/// Sets elements to 0 at random in training and scales the others up, so that the mean stays (Srivastava et al. 2014);
/// in evaluation the input passes through.
///
/// Draws come from the generator of ``Module/withDropout(from:_:)``, on the CPU whatever the device: they depend on the
/// seed and the step alone. A rate of 0 draws nothing.
public final class Dropout: Layer, RandomLayer {
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
    let shape = unit == .channel ? Array(input.shape.prefix(2)) + [1, 1] : input.shape
    return input * mask(shape, rate: rate, for: input)
  }
}
