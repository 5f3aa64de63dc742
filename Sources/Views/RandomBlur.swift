import Randomness

/// Blurs by a Gaussian whose width is drawn.
public struct RandomBlur: Augmentation {
  /// Standard deviations in pixels of the view, all equally likely.
  public let deviations: ClosedRange<Double>
  /// How likely the part acts, 0...1.
  public let probability: Double

  /// A blur.
  ///
  /// - Precondition: deviations of 0 to 1000 pixels, a probability in 0...1.
  public init(deviations: ClosedRange<Double>, probability: Double = 1) {
    precondition(
      deviations.lowerBound >= 0 && deviations.upperBound <= 1000 && (0...1).contains(probability),
      "RandomBlur: expected deviations of 0 to 1000 pixels and a probability, got \(deviations), \(probability)")
    self.deviations = deviations
    self.probability = probability
  }

  /// Blurs, or not.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    plan.append(.blur(deviation: generator.uniform(deviations)))
  }
}
