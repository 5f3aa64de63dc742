import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rise of a weight from nearly 0 to 1 over the first images of a run: exp(−5 (1 − t)²) with t from 0 to 1.
///
/// Source: Temporal Ensembling (Laine and Aila 2017), section 2.3; there over 80 epochs.
struct RampUp {
  /// Images seen at which it ends, as the run has it; 0 for 1 throughout.
  let images: Int

  /// The factor of a step.
  func factor(at step: Step) -> Double {
    guard images > 0, step.imagesSeen < images else { return 1 }
    let left = 1 - Double(step.imagesSeen) / Double(images)
    return exp(-5 * left * left)
  }

  /// What it does, in words; nothing without one.
  static func plan(_ recipeImages: Int, for length: RunLength) -> String {
    let images = length.images(recipeImages)
    return images > 0 ? ", rising over the first \(images) images" : ""
  }
}
