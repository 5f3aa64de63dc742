import Documents

/// The factor that lifts a loss so far that its gradients are not lost to float16, whose smallest numbers are 6e-8: gradients
/// are divided by it before anything looks at them.
///
/// Source: Micikevicius et al., Mixed Precision Training (ICLR 2018), section 3.2, with the rule and the numbers of PyTorch's
/// `GradScaler`: it is halved, and the step left out, when a gradient overflows, and doubled after 2000 steps without. All
/// factors are powers of 2, so they change no digit of a gradient that both scales can hold.
public struct LossScale: Sendable, Equatable {
  /// The factor.
  public private(set) var value: Double
  /// Steps since it was last changed.
  private var steadySteps = 0

  private static let growthInterval = 2000

  /// A scale at its beginning.
  public init(_ value: Double = 65_536) {
    precondition(value >= 1 && value.isFinite, "LossScale: expected a finite factor of 1 or more, got \(value)")
    self.value = value
  }

  /// After a step whose gradients were finite.
  mutating func hold() {
    steadySteps += 1
    guard steadySteps == Self.growthInterval else { return }
    (value, steadySteps) = (2 * value, 0)
  }

  /// After a step with a gradient that was not finite.
  ///
  /// - Returns: Whether there was room to halve it: at 1 the scale is not what is wrong.
  mutating func back() -> Bool {
    guard value > 1 else { return false }
    (value, steadySteps) = (max(1, value / 2), 0)
    return true
  }

  /// For a checkpoint.
  var state: JSON { ["value": JSON(value), "steadySteps": JSON(steadySteps)] }

  /// From a checkpoint; nil where it says nothing of a scale.
  init?(_ state: JSON?) {
    guard let value = state?["value"]?.double, let steps = state?["steadySteps"]?.int, value >= 1 else { return nil }
    self.value = value
    steadySteps = steps
  }
}
