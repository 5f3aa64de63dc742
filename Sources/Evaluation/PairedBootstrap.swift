import Dispatch
import Randomness

/// Figures that can be taken again of any choice of the images, each image counted any number of times.
public protocol ResampledFigures: Sendable {
  /// The images that are drawn from.
  var imageCount: Int { get }
  /// The names of the parts that have a figure of their own, such as classes.
  var parts: [String] { get }
  /// The figure of all parts together, then that of each; NaN where there is nothing to judge by.
  ///
  /// - Parameter weights: how often each image counts.
  func figures(_ weights: UnsafeBufferPointer<Int32>) -> [Double]
}

/// Whether one run is better than another on the same images, or whether the difference is noise of the choice of images.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 and 16: as many images as there are are drawn
/// from them with replacement, the same for both runs, and the figures are taken again from what was matched. The interval has the
/// 2.5th and 97.5th percentile of the differences as its ends. It says what other images of the same kind would
/// change; not what another seed of the training would.
///
/// A sample depends on the seed and its number alone, so the result does not depend on the number of cores.
public struct PairedBootstrap: Sendable, Equatable {
  /// The second run minus the first.
  public struct Difference: Sendable, Equatable {
    /// The part; empty for all together.
    public var part: String
    /// The figure of the first run on all images; -1 where it does not exist.
    public var first: Double
    /// The figure of the second run on all images; -1 where it does not exist.
    public var second: Double
    /// The ends of the interval that has 95 % of the differences; nil where no sample has one.
    public var interval: ClosedRange<Double>?
    /// The share of samples in which the second run is better, those without a difference counted half; 0.5 without samples.
    public var probability: Double
    /// The samples in which both figures exist.
    public var samples: Int

    /// The second figure minus the first; 0 where one does not exist.
    public var difference: Double { first < 0 || second < 0 ? 0 : second - first }

    /// What there is to say.
    public enum Verdict: String, Sendable {
      case firstIsBetter = "A is better"
      case secondIsBetter = "B is better"
      case noise
      case same = "no difference"
      case nothing = "nothing to judge by"
    }

    /// What the interval says.
    public var verdict: Verdict {
      guard let interval, first >= 0, second >= 0 else { return .nothing }
      if interval.lowerBound == 0, interval.upperBound == 0, difference == 0 { return .same }
      return interval.lowerBound > 0 ? .secondIsBetter : interval.upperBound < 0 ? .firstIsBetter : .noise
    }
  }

  /// All together.
  public let all: Difference
  /// Each part by itself. With many of them some intervals miss 0 by chance: one in twenty of those without a difference.
  public let parts: [Difference]
  /// The samples that were drawn.
  public let samples: Int
  /// The seed.
  public let seed: UInt64
  /// The images.
  public let imageCount: Int

  /// Compares the figures of two runs.
  ///
  /// - Precondition: both are of the same images and parts.
  public init(_ first: some ResampledFigures, _ second: some ResampledFigures, samples: Int = 1000, seed: UInt64 = 0) {
    precondition(
      first.imageCount == second.imageCount && first.parts == second.parts && samples > 0,
      "PairedBootstrap: \(first.imageCount) and \(second.imageCount) images, \(samples) samples")
    (self.samples, self.seed, imageCount) = (samples, seed, first.imageCount)
    let count = first.imageCount
    let width = first.parts.count + 1
    let whole = [Int32](repeating: 1, count: count)
    let (one, other) = whole.withUnsafeBufferPointer { (first.figures($0), second.figures($0)) }
    var differences = [Double](repeating: .nan, count: samples * width)
    differences.withUnsafeMutableBufferPointer { slots in
      nonisolated(unsafe) let slots = slots
      DispatchQueue.concurrentPerform(iterations: count == 0 ? 0 : samples) { sample in
        var generator = SeededGenerator(seed: seed, stream: UInt64(sample))
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { weights in
          weights.initialize(repeating: 0)
          for _ in 0..<count { weights[generator.integer(below: count)] += 1 }
          let weights = UnsafeBufferPointer(weights)
          let (first, second) = (first.figures(weights), second.figures(weights))
          // Each sample writes its own row only.
          for column in 0..<width { slots[sample * width + column] = second[column] - first[column] }
        }
      }
    }
    let found = (0..<width).map { column in
      Self.difference(
        of: column == 0 ? "" : first.parts[column - 1], one[column], other[column],
        stride(from: column, to: differences.count, by: width).map { differences[$0] }.filter { !$0.isNaN })
    }
    (all, parts) = (found[0], Array(found.dropFirst()))
  }

  private static func difference(
    of part: String, _ first: Double, _ second: Double, _ differences: [Double]
  ) -> Difference {
    let sorted = differences.sorted()
    let better = Double(sorted.count { $0 > 0 }) + Double(sorted.count { $0 == 0 }) / 2
    return Difference(
      part: part, first: first.isNaN ? -1 : first, second: second.isNaN ? -1 : second,
      interval: sorted.isEmpty ? nil : quantile(0.025, sorted)...quantile(0.975, sorted),
      probability: sorted.isEmpty ? 0.5 : better / Double(sorted.count), samples: sorted.count)
  }

  /// Between two values in a straight line, as `numpy.quantile`.
  static func quantile(_ share: Double, _ sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
  }
}
