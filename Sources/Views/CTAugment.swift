// CTAugment (Berthelot et al., ReMixMatch, ICLR 2020) as FixMatch uses it: operations drawn evenly, their levels from ranges of which a
// model can still tell what it sees.
//
// The idea: the levels of each operation are divided into bins, and each bin has a rate: how well the model predicts the labels of labelled
// images that were changed so. Those images are probes, whose levels are drawn evenly. Strong views draw from the bins whose rate is not
// far below the operation's best.
//
// Source: ReMixMatch, section 3.2; the release's numbers (github.com/google-research/fixmatch,
// `libml/ctaugment.py`): depth 2, threshold 0.8, decay 0.99, 17 bins, 8 of posterize.
//
// Differences from the source: those of `PolicyOperation`; views are drawn by rates of some batches before (`PolicyHistory` of `Samples`).

import Randomness

/// A few of nineteen operations, all equally likely and with replacement, each at a level of a bin that its rate allows.
public struct CTAugment: Augmentation {
  /// One operation of a view with its level.
  public struct Draw: Sendable, Equatable {
    /// The operation's place in the list.
    public let operation: Int
    /// 0…1.
    public let level: Double

    /// A draw.
    public init(operation: Int, level: Double) {
      self.operation = operation
      self.level = level
    }
  }

  /// What is set.
  public let settings: CTAugmentSettings
  /// What is drawn from.
  public let operations: [PolicyOperation]
  /// What has been learnt.
  public let rates: CTAugmentRates

  /// Operations of which nothing has been learnt.
  public init(_ settings: CTAugmentSettings = CTAugmentSettings()) {
    let operations = PolicyOperation.ctAugment(fill: UInt8(clamping: settings.fill))
    self.init(settings, operations, CTAugmentRates(operations))
  }

  private init(_ settings: CTAugmentSettings, _ operations: [PolicyOperation], _ rates: CTAugmentRates) {
    self.settings = settings
    self.operations = operations
    self.rates = rates
  }

  /// The same operations after so much has been learnt.
  public func following(_ rates: CTAugmentRates) -> any Augmentation { CTAugment(settings, operations, rates) }

  /// Adds operations by the rates.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    append(draws(using: &generator), to: &plan, using: &generator)
  }

  /// Operations and levels of a strong view: a bin as likely as its weight, in it a level drawn evenly.
  public func draws(using generator: inout SeededGenerator) -> [Draw] {
    (0..<settings.depth).map { _ in
      let operation = generator.integer(below: operations.count)
      let weights = rates.weights(of: operation, decay: settings.decay, threshold: settings.threshold)
      let bin = Self.bin(at: generator.uniform(), of: weights)
      return Draw(operation: operation, level: (Double(bin) + generator.uniform()) / Double(weights.count))
    }
  }

  /// Operations and levels of a probe, whatever the rates are: a function of the generator alone, not of the image.
  public func probeDraws(using generator: inout SeededGenerator) -> [Draw] {
    (0..<settings.depth).map { _ in
      let operation = generator.integer(below: operations.count)
      return Draw(operation: operation, level: generator.uniform())
    }
  }

  /// What makes a labelled image a probe.
  public var probe: any Augmentation { Probe(policy: self) }

  fileprivate func append(_ draws: [Draw], to plan: inout ViewPlan, using generator: inout SeededGenerator) {
    for draw in draws { operations[draw.operation].append(at: draw.level, to: &plan, using: &generator) }
  }

  /// The bin in which a share of the sum of all weights is reached; never one without weight.
  private static func bin(at share: Double, of weights: [Double]) -> Int {
    let wanted = share * weights.reduce(0, +)
    var sum = 0.0
    for (bin, weight) in weights.enumerated() where weight > 0 {
      sum += weight
      if wanted < sum { return bin }
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }

  private struct Probe: Augmentation {
    let policy: CTAugment

    func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
      policy.append(policy.probeDraws(using: &generator), to: &plan, using: &generator)
    }
  }
}
