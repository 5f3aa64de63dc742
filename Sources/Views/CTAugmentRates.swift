/// How well the labels of probes were predicted, by operation and bin of its level: a moving average that begins with 1.
public struct CTAugmentRates: Sendable, Equatable {
  /// A rate of 0…1 for each bin of each operation.
  public private(set) var values: [[Double]]

  /// 1 everywhere.
  public init(_ operations: [PolicyOperation]) {
    values = operations.map { [Double](repeating: 1, count: $0.bins) }
  }

  /// Rates as saved.
  public init(_ values: [[Double]]) { self.values = values }

  /// How likely each bin of an operation is drawn, beside the others: its rate over the best one, both a little raised; 0 below the
  /// threshold.
  ///
  /// - Parameter decay: What it takes from 1 is what rates are raised by, so that they may all be 0.
  public func weights(of operation: Int, decay: Double, threshold: Double) -> [Double] {
    let raised = values[operation].map { $0 + (1 - decay) }
    let most = raised.max() ?? 1
    return raised.map { $0 / most < threshold ? 0 : $0 / most }
  }

  /// Moves the rates of the bins that a probe used towards how close its prediction came to the labels, one after the other.
  ///
  /// - Parameter proximity: 0…1; where it is no number, as of a probe without labels, nothing is learnt.
  public mutating func learn(_ probe: [CTAugment.Draw], proximity: Double, decay: Double) {
    guard proximity.isFinite else { return }
    for draw in probe {
      let bin = Self.bin(of: draw.level, count: values[draw.operation].count)
      values[draw.operation][bin] = decay * values[draw.operation][bin] + (1 - decay) * proximity
    }
  }

  /// The bin of a level of 0…1.
  static func bin(of level: Double, count: Int) -> Int { Int(0.999 * level * Double(count)) }
}
