import Documents
import Randomness

/// Draws which images count as labelled.
public struct AnnotationSplit: Sendable, Equatable {
  /// How images are drawn.
  public enum Draw: String, Sendable, CaseIterable {
    /// This project's generator: the same images on every machine; the labelled parts of folds do not overlap as long as
    /// there are images enough.
    case seeded
    /// As the published lists of STAC were drawn: NumPy's legacy generator seeded with the fold's number, with
    /// replacement, so that images drawn twice make the part a little smaller than asked.
    case stac
  }

  /// The places of the labelled images in the source's order, ascending.
  public let labeled: [Int]
  /// The places of all others, ascending.
  public let unlabeled: [Int]

  /// Draws `folds` splits of `count` images.
  ///
  /// - Parameters:
  ///   - fraction: the labelled part, in (0, 1]; the number of images is rounded, at least one.
  ///   - seed: decides all folds; for `.stac` the first fold's seed.
  public static func draw(
    count: Int, fraction: Double, folds: Int, seed: UInt64, draw: Draw = .seeded
  ) -> [AnnotationSplit] {
    precondition(fraction > 0 && fraction <= 1, "the labelled fraction is \(fraction), not in (0, 1]")
    precondition(count > 0 && folds > 0, "a split needs images and folds, got \(count) and \(folds)")
    switch draw {
    case .seeded:
      let part = max(1, Int((fraction * Double(count)).rounded()))
      var order: [Int] = []
      var round: UInt64 = 0
      return (0..<folds).map { _ in
        if order.count < part {
          // A new permutation once the images of the last one are used up.
          var generator = SeededGenerator(seed: seed, stream: 0x5350_4C49_54, round)
          order = generator.permutation(count)
          round += 1
        }
        defer { order.removeFirst(part) }
        return AnnotationSplit(Set(order.prefix(part)), of: count)
      }
    case .stac:
      let part = max(1, Int(fraction * Double(count)))
      return (0..<folds).map { fold in
        var generator = NumPyLegacyGenerator(seed: UInt32(truncatingIfNeeded: seed) &+ UInt32(fold))
        return AnnotationSplit(Set(generator.choice(count, count: part, replacing: true)), of: count)
      }
    }
  }

  private init(_ chosen: Set<Int>, of count: Int) {
    labeled = chosen.sorted()
    unlabeled = (0..<count).filter { !chosen.contains($0) }
  }
}
