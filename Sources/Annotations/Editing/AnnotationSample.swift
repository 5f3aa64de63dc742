import Randomness

/// A part of the images of a set, drawn by seed.
public enum AnnotationSample {
  /// How images are drawn.
  public enum Strata: Sendable {
    /// Uniformly.
    case byImage
    /// So that each class keeps its share of images as nearly as possible, and none is absent where the number allows it.
    case byClass
  }

  /// How many images a fraction in (0, 1] of `count` is: rounded, at least one.
  public static func count(of count: Int, fraction: Double) -> Int {
    AnnotationSplit.labeledCount(of: count, fraction, 1)
  }

  /// `count` images with their objects, in the set's order: those of the labelled part of the first fold that
  /// ``AnnotationSplit`` draws with the same number and seed.
  ///
  /// - Precondition: `count` is 1 to the number of images.
  public static func draw(_ set: AnnotationSet, count: Int, strata: Strata, seed: UInt64) -> AnnotationSet {
    precondition((1...set.images.count).contains(count), "a sample of \(count) of \(set.images.count) images")
    let drawn: [Int]
    switch strata {
    case .byImage:
      var generator = AnnotationSplit.imageGenerator(seed: seed, round: 0)
      drawn = Array(generator.permutation(set.images.count).prefix(count))
    case .byClass:
      var draw = AnnotationSplit.classDraw(set, labeledCount: count, seed: seed, fold: 0)
      drawn = draw.draw()
    }
    let ids = Set(drawn.map { set.images[$0].id })
    return set.subset { ids.contains($0.id) }.withoutUnlistedClasses()
  }
}
