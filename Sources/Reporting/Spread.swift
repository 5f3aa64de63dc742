/// Mean and spread of a figure over runs that differ by their seeds.
public struct Spread: Sendable, Equatable {
  /// The mean.
  public let mean: Double
  /// The standard deviation with n − 1 in its denominator; nil for one value, which says nothing about it.
  public let deviation: Double?

  /// Of the given values; nil where there are none, and where one is no number.
  public init?(_ values: [Double]) {
    guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    deviation =
      values.count < 2
      ? nil : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
  }

  /// How a mean stands to another one: what is inside the spread is noise.
  public enum Verdict: String, Sendable {
    /// Above it by more than the larger of both deviations.
    case above
    /// Below it by more than that.
    case below
    /// Neither.
    case noise
    /// One of them has no deviation.
    case oneSeed = "one seed"
  }

  /// How this mean stands to that of a reference.
  public func verdict(against reference: Spread) -> Verdict {
    guard let spread = larger(with: reference) else { return .oneSeed }
    let difference = mean - reference.mean
    return difference > spread ? .above : difference < -spread ? .below : .noise
  }

  /// The larger of both deviations; nil where one of them is not known.
  public func larger(with other: Spread) -> Double? {
    guard let deviation, let others = other.deviation else { return nil }
    return max(deviation, others)
  }

  /// `0.512 ± 0.013` as `figure` writes each number; the mean alone where there is no deviation.
  public func text(_ figure: (Double) -> String) -> String {
    figure(mean) + (deviation.map { " ± \(figure($0))" } ?? "")
  }
}
