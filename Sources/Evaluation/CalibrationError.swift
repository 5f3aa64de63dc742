/// The expected calibration error: how far probabilities are from how often they are right.
///
/// Source: Guo et al., ICML 2017, section 2: 15 bins of even width over the probability of the predicted class; the mean over all
/// predictions of the distance between their bin's mean probability and its share of right ones.
public struct CalibrationError: Sendable, Equatable {
  /// Bins over 0…1.
  public static let bins = 15

  private var counts = [Int](repeating: 0, count: bins)
  private var right = [Int](repeating: 0, count: bins)
  private var sums = [Double](repeating: 0, count: bins)

  /// Nothing counted yet.
  public init() {}

  /// Counts the pixels of an image.
  ///
  /// - Parameters:
  ///   - truth: The class of each pixel, row by row.
  ///   - prediction: The predicted one.
  ///   - probability: That of the predicted one, 0…1.
  ///   - ignored: The number in `truth` of pixels that do not count.
  public mutating func add(truth: [UInt8], prediction: [UInt8], probability: [Float], ignored: UInt8 = 255) {
    precondition(
      truth.count == prediction.count && truth.count == probability.count,
      "CalibrationError: expected as many pixels each, got \(truth.count), \(prediction.count), \(probability.count)")
    for place in truth.indices where truth[place] != ignored {
      let bin = Self.bin(Double(probability[place] * Float(Self.bins)))
      counts[bin] += 1
      sums[bin] += Double(probability[place])
      right[bin] += truth[place] == prediction[place] ? 1 : 0
    }
  }

  /// Counts one prediction of a probability in 0…1, such as a detection with its score.
  public mutating func add(probability: Double, isRight: Bool) {
    let bin = Self.bin(probability * Double(Self.bins))
    counts[bin] += 1
    sums[bin] += probability
    right[bin] += isRight ? 1 : 0
  }

  /// The bin of a probability times their number; what is below 0 or above 1 lies in the first or last, however far.
  private static func bin(_ scaled: Double) -> Int { Int(min(Double(bins - 1), max(0, scaled))) }

  /// What lies in each bin: how many predictions, their mean probability and the share of right ones; -1 in empty bins.
  public var reliability: [(count: Int, probability: Double, right: Double)] {
    counts.indices.map { bin in
      let count = Double(counts[bin])
      return counts[bin] == 0 ? (0, -1, -1) : (counts[bin], sums[bin] / count, Double(right[bin]) / count)
    }
  }

  /// The predictions that were counted.
  public var count: Int { counts.reduce(0, +) }

  /// The error, 0…1; NaN where nothing was counted.
  public var value: Double {
    let all = counts.reduce(0, +)
    guard all > 0 else { return .nan }
    return counts.indices.reduce(0) { $0 + abs(sums[$1] - Double(right[$1])) } / Double(all)
  }
}
