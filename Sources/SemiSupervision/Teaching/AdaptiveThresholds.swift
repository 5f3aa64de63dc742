// Class-wise score thresholds from the teacher's own scores.
//
// The idea: the scores a teacher gives to boxes of one class fall into two heaps, mistakes and objects. Where the upper heap
// lies depends on the class, on the set and on how far the training is; a fixed threshold of 0.9 starves a class whose
// objects are found with 0.6. So two normal distributions are fitted to the latest scores of each class, and the mean of the
// upper one, where that heap is densest, is the class's threshold: never above the fixed one, never below a floor.
//
// Source: Consistent-Teacher (Wang et al., CVPR 2023), section 3.3: a mixture of two normal distributions over the last
// scores of each class, fitted by expectation maximization. There the threshold is the score at which the upper component is
// densest among those that were seen; here it is the component's mean, which does not jump with single scores, and it is
// kept between a floor and the fixed threshold.

import Detection
import Documents
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The latest scores of each class, and the thresholds they lead to.
public struct AdaptiveThresholds: Sendable, Equatable {
  /// What decides them.
  public struct Settings: Training.Settings {
    /// The latest scores of a class that are looked at.
    public var rememberedScores = 200
    /// Scores of a class below which its threshold stays the fixed one.
    public var leastScores = 20
    /// No threshold is below this.
    public var lowestScore = 0.4

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("remembered_scores", rememberedScores >= 2, "2 or more"),
        SettingsRule("least_scores", (2...max(2, rememberedScores)).contains(leastScores), "2 to remembered_scores"),
        SettingsRule("lowest_score", (0...1).contains(lowestScore), "between 0 and 1"),
      ]
    }
  }

  private let settings: Settings
  /// By class from label 1, the oldest first.
  private(set) var scores: [[Double]]
  /// By class from label 1; 1, which lowers no fixed threshold, while there are too few scores.
  public private(set) var classScores: [Double]

  /// Without scores.
  public init(_ settings: Settings, classCount: Int) {
    self.settings = settings
    scores = Array(repeating: [], count: classCount)
    classScores = Array(repeating: 1, count: classCount)
  }

  /// Remembers what a teacher has found, whatever its score, and moves the thresholds of the classes found.
  public mutating func observe(_ found: [Detections]) {
    observe(found.flatMap { Array(zip($0.scores.doubles, $0.labels.integers)) })
  }

  /// Remembers scores with their labels, counted from 1.
  mutating func observe(_ found: [(score: Double, label: Int)]) {
    var touched: Set<Int> = []
    for (score, label) in found where score.isFinite {
      scores[label - 1].append(score)
      touched.insert(label - 1)
    }
    for index in touched {
      scores[index].removeFirst(max(0, scores[index].count - settings.rememberedScores))
      guard scores[index].count >= settings.leastScores else { continue }
      classScores[index] = max(settings.lowestScore, Self.upperMean(scores[index]))
    }
  }

  /// The mean of the upper of two normal distributions fitted to values; the mean of all where they are one heap.
  ///
  /// Expectation maximization from the extremes; deterministic.
  static func upperMean(_ values: [Double]) -> Double {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    guard high - low > 1e-6 else { return high }
    // Narrower than this a component would sit on a single value.
    let least = 1e-4
    let start = max(least, (high - low) * (high - low) / 16)
    var (lower, upper) = (Component(0.5, low, start), Component(0.5, high, start))
    for _ in 0..<30 {
      var (weight, sum, squares) = (0.0, 0.0, 0.0)
      var (all, allSquares) = (0.0, 0.0)
      for value in values {
        let (a, b) = (lower.logDensity(value), upper.logDensity(value))
        let share = 1 / (1 + exp(a - b))  // of the upper one
        weight += share
        sum += share * value
        squares += share * value * value
        all += value
        allSquares += value * value
      }
      let rest = Double(values.count) - weight
      guard weight > 1e-3, rest > 1e-3 else { break }
      func component(_ weight: Double, _ sum: Double, _ squares: Double) -> Component {
        let mean = sum / weight
        return Component(weight / Double(values.count), mean, max(least, squares / weight - mean * mean))
      }
      (lower, upper) = (component(rest, all - sum, allSquares - squares), component(weight, sum, squares))
    }
    return max(lower.mean, upper.mean)
  }

  /// A weighted normal distribution.
  private struct Component {
    let weight: Double
    let mean: Double
    let variance: Double

    init(_ weight: Double, _ mean: Double, _ variance: Double) {
      self.weight = weight
      self.mean = mean
      self.variance = variance
    }

    /// Up to a constant.
    func logDensity(_ value: Double) -> Double {
      log(weight) - 0.5 * log(variance) - (value - mean) * (value - mean) / (2 * variance)
    }
  }

  // MARK: Saved with a run

  /// The scores of each class.
  public var state: JSON { .array(scores.map { .array($0.map { JSON($0) }) }) }

  /// Goes on from a saved state; nil for one of other classes.
  public mutating func restore(_ state: JSON) -> Bool {
    guard let saved = state.array, saved.count == scores.count else { return false }
    for (index, entry) in saved.enumerated() {
      guard let values = entry.array?.compactMap(\.double), values.count == entry.array?.count else { return false }
      scores[index] = values
      classScores[index] =
        values.count >= settings.leastScores ? max(settings.lowestScore, Self.upperMean(values)) : 1
    }
    return true
  }
}
