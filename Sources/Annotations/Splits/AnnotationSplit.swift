import Randomness

/// Which images of a source count as labelled.
public struct AnnotationSplit: Sendable, Equatable {
  /// How images are drawn.
  public enum Mode: String, Sendable, CaseIterable {
    /// Uniformly over the images.
    case byImage = "by-image"
    /// So that each class keeps its share; of label maps by pixels (``AnnotationSplit/byPixels(_:fraction:folds:seed:)``).
    case byClass = "by-class"
    /// Evenly over the sorted names, for frames of videos.
    case bySpread = "by-spread"
    /// As STAC's and MMDetection's lists of COCO.
    case stac
    /// As Soft Teacher's lists of COCO.
    case withoutReplacement = "without-replacement"
    /// As a file of indices says, such as Unbiased Teacher's.
    case indexFile = "index-file"
  }

  /// What it was drawn with: the seed of all folds, or this fold's own where the mode is a published one.
  public let seed: UInt64
  /// The places of the labelled images in the source's order, ascending.
  public let labeled: [Int]
  /// The places of all others that take part, ascending.
  public let unlabeled: [Int]
  /// How often an image was drawn; more than the labelled images where some were drawn twice.
  public let draws: Int

  /// A split of the images at the places of `population`.
  init(_ drawn: [Int], of population: some Sequence<Int>, seed: UInt64) {
    let chosen = Set(drawn)
    self.seed = seed
    labeled = chosen.sorted()
    unlabeled = population.filter { !chosen.contains($0) }.sorted()
    draws = drawn.count
  }

  /// Draws uniformly over `count` images by the package's own generator: the same images on every machine. The labelled
  /// parts of folds do not overlap as long as there are images enough.
  ///
  /// - Parameters:
  ///   - fraction: the labelled part, in (0, 1]; the number of images is rounded, at least one.
  ///   - seed: decides all folds.
  public static func byImage(count: Int, fraction: Double, folds: Int, seed: UInt64) -> [AnnotationSplit] {
    let part = labeledCount(of: count, fraction, folds)
    var order: [Int] = []
    var round: UInt64 = 0
    return (0..<folds).map { _ in
      if order.count < part {
        // A new permutation once the images of the last one are used up.
        var generator = imageGenerator(seed: seed, round: round)
        order = generator.permutation(count)
        round += 1
      }
      defer { order.removeFirst(part) }
      return AnnotationSplit(Array(order.prefix(part)), of: 0..<count, seed: seed)
    }
  }

  /// Draws as many images as ``byImage(count:fraction:folds:seed:)``, stratified: each class keeps its share of images
  /// as nearly as possible, and none is absent where the number of labelled images allows it (`ClassStratification`).
  /// Crowds do not count, but for a class that no image shows otherwise. Every fold is drawn for itself, so that a class of
  /// a single image is in each.
  public static func byClass(
    _ set: AnnotationSet, fraction: Double, folds: Int, seed: UInt64
  ) -> [AnnotationSplit] {
    let count = set.images.count
    let part = labeledCount(of: count, fraction, folds)
    return (0..<folds).map { fold in
      var strata = classDraw(set, labeledCount: part, seed: seed, fold: fold)
      return AnnotationSplit(strata.draw(), of: 0..<count, seed: seed)
    }
  }

  /// What decides the order of the images in a round of folds.
  static func imageGenerator(seed: UInt64, round: UInt64) -> SeededGenerator {
    SeededGenerator(seed: seed, stream: 0x5350_4C49_54, round)
  }

  /// The stratified draw of a fold.
  static func classDraw(_ set: AnnotationSet, labeledCount: Int, seed: UInt64, fold: Int) -> ClassStratification {
    ClassStratification(
      classes: set.shownClasses, classCount: set.categories.count, labeledCount: labeledCount,
      generator: SeededGenerator(seed: seed, stream: 0x434C_4153_53, UInt64(fold)))
  }

  /// For each fold the place of the first one before it with the same labelled images; nil where there is none.
  public static func repeated(_ splits: [AnnotationSplit]) -> [Int?] {
    var first: [[Int]: Int] = [:]
    return splits.enumerated().map { place, split in
      if let twin = first[split.labeled] { return twin }
      first[split.labeled] = place
      return nil
    }
  }

  static func labeledCount(of count: Int, _ fraction: Double, _ folds: Int) -> Int {
    require(count, fraction, folds)
    return max(1, Int((fraction * Double(count)).rounded()))
  }

  static func require(_ count: Int, _ fraction: Double, _ folds: Int) {
    precondition(fraction > 0 && fraction <= 1, "the labelled fraction is \(fraction), not in (0, 1]")
    precondition(count > 0 && folds > 0, "a split needs images and folds, got \(count) and \(folds)")
  }
}
