import Randomness

/// One random decision about a view, made before its image is decoded.
public protocol Augmentation: Sendable {
  /// Changes the plan; all randomness comes from the generator.
  func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator)
  /// The part as it draws once so much has been learnt of probes; itself, where what is drawn does not change as training goes.
  func following(_ rates: CTAugmentRates) -> any Augmentation
}

extension Augmentation {
  /// Itself.
  public func following(_ rates: CTAugmentRates) -> any Augmentation { self }
}

/// Resizes to a random shorter side.
public struct RandomResize: Augmentation {
  /// The shorter sides, all equally likely.
  public let shortSides: ClosedRange<Int>
  /// The longer side is at most this.
  public let longSide: Int

  /// Whole numbers of pixels above 0.
  public init(shortSides: ClosedRange<Int>, longSide: Int) {
    precondition(shortSides.lowerBound >= 1 && longSide >= 1, "RandomResize: expected sides of 1 or more")
    self.shortSides = shortSides
    self.longSide = longSide
  }

  /// Resizes.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    let side = shortSides.lowerBound + generator.integer(below: shortSides.count)
    plan.geometry.resize(shortSide: side, longSide: longSide)
  }
}

/// Mirrors with a probability.
public struct RandomMirror: Augmentation {
  /// How likely.
  public let probability: Double

  /// A probability in 0...1.
  public init(probability: Double = 0.5) {
    precondition((0...1).contains(probability), "RandomMirror: expected a probability, got \(probability)")
    self.probability = probability
  }

  /// Mirrors, or not.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    if generator.chance(probability) { plan.geometry.mirror() }
  }
}
