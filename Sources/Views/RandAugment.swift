// RandAugment (Cubuk et al. 2020) as FixMatch uses it: operations drawn evenly, each at a level drawn evenly.
//
// Source: FixMatch (Sohn et al., NeurIPS 2020), section 2.3: no magnitude is tuned, one is drawn for each operation.

import Randomness

/// A few of fourteen operations, all equally likely and with replacement, each at a level of its own.
public struct RandAugment: Augmentation {
  /// How many.
  public let count: Int
  /// What is drawn from.
  public let operations: [PolicyOperation]

  /// FixMatch's operations.
  ///
  /// - Parameter fill: The value of all channels where no pixel comes from.
  /// - Precondition: one operation or more.
  public init(count: Int = 2, fill: UInt8 = 127) {
    precondition(count >= 1, "RandAugment: expected 1 operation or more, got \(count)")
    self.count = count
    operations = PolicyOperation.randAugment(fill: fill)
  }

  /// Adds them.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    for _ in 0..<count {
      let operation = operations[generator.integer(below: operations.count)]
      let level = generator.uniform()
      operation.append(at: level, to: &plan, using: &generator)
    }
  }
}
