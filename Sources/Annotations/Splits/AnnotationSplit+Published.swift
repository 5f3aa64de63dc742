import Randomness

// How the labelled parts of COCO in published work were drawn.
//
// Sources: STAC (Sohn et al., "A Simple Semi-Supervised Learning Framework for Object Detection", 2020), whose lists
// MMDetection draws too; the script released with Soft Teacher (Xu et al., 2021); the lists released with Unbiased
// Teacher (Liu et al., 2021) are read by `SplitIndexFile`.

extension AnnotationSplit {
  /// Draws as STAC and MMDetection: of all images in the file's order, **with replacement**, so that images drawn twice
  /// make the labelled part smaller than asked (11 285 of 11 828 draws for the first 10 % of train2017).
  ///
  /// - Parameters:
  ///   - fraction: the labelled part, in (0, 1]; the number of draws is rounded down, at least one.
  ///   - seed: of NumPy's legacy generator for the first fold, the next for each further one: the published folds are
  ///     1 to 5. At most 2³² − `folds`.
  public static func stac(count: Int, fraction: Double, folds: Int, seed: UInt64) -> [AnnotationSplit] {
    drawnByNumPy(count: count, fraction: fraction, folds: folds, seed: seed, replacing: true)
  }

  /// Draws as the script released with Soft Teacher: the same with each image at most once.
  public static func withoutReplacement(
    count: Int, fraction: Double, folds: Int, seed: UInt64
  ) -> [AnnotationSplit] {
    drawnByNumPy(count: count, fraction: fraction, folds: folds, seed: seed, replacing: false)
  }

  private static func drawnByNumPy(
    count: Int, fraction: Double, folds: Int, seed: UInt64, replacing: Bool
  ) -> [AnnotationSplit] {
    require(count, fraction, folds)
    // `int(percent / 100 * n)` in the scripts; percent / 100 is the fraction's own double.
    let draws = max(1, Int(fraction * Double(count)))
    return (0..<folds).map { fold in
      let own = seed + UInt64(fold)
      guard let word = UInt32(exactly: own) else { preconditionFailure("NumPy's seeds have 32 bits, got \(own)") }
      var generator = NumPyLegacyGenerator(seed: word)
      let drawn = generator.choice(count, count: draws, replacing: replacing)
      return AnnotationSplit(drawn, of: 0..<count, seed: own)
    }
  }
}

extension AnnotationSplit.Mode {
  /// Whether folds are numbered by NumPy's seeds and files named as the published ones.
  public var hasPublishedNames: Bool { self == .stac || self == .withoutReplacement }

  /// The fraction in percent as published names have it, such as `10` or `0.5`.
  public static func percent(of fraction: Double) -> Double { (fraction * 1e11).rounded() / 1e9 }
}
