import Randomness

/// One of several parts, all equally likely.
public struct OneOf: Augmentation {
  /// The parts to choose from.
  public let parts: [any Augmentation]
  /// How likely any of them is taken.
  public let probability: Double

  /// A choice.
  ///
  /// - Precondition: at least one part; a probability in 0...1.
  public init(_ parts: [any Augmentation], probability: Double = 1) {
    precondition(
      !parts.isEmpty && (0...1).contains(probability), "OneOf: expected parts and a probability, got \(probability)")
    self.parts = parts
    self.probability = probability
  }

  /// Lets one part adjust the plan, or none.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    parts[generator.integer(below: parts.count)].adjust(&plan, using: &generator)
  }
}

/// All of several parts, in an order that is drawn anew for each view.
public struct InRandomOrder: Augmentation {
  /// The parts.
  public let parts: [any Augmentation]

  /// Parts without an order.
  public init(_ parts: [any Augmentation]) { self.parts = parts }

  /// Lets each part adjust the plan.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    for index in generator.permutation(parts.count) { parts[index].adjust(&plan, using: &generator) }
  }
}
