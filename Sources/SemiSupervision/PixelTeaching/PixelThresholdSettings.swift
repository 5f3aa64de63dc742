import Training

/// From which probability on a pixel is sure, and whether that changes as training goes on.
public struct PixelThresholdSettings: Settings {
  /// Whether the threshold moves.
  public var policy = Policy.fixed
  /// Images seen over which a policy that moves remembers what pixels were like.
  public var memoryImages = 16_000

  /// Whether the threshold moves.
  public enum Policy: String, Codable, CaseIterable, Sendable {
    /// The method's `threshold`, whatever happens.
    case fixed
    /// The mean over the classes that occur of the best probability in each, remembered from 0.85 on (CorrMatch, Sun et al. 2024).
    case adaptive
    /// The mean probability of pixels, times each class's mean probability over the greatest of them (FreeMatch, Wang et al. 2023).
    case classWise = "class_wise"
    /// No limit: a pixel below the mean probability counts less, by a Gaussian of half their deviation (SoftMatch, Chen et al. 2023).
    case soft
  }

  /// Fixed.
  public init() {}

  /// Ranges of the numbers.
  public var rules: [SettingsRule] { [SettingsRule("memory_images", memoryImages >= 1, "1 or more")] }

  /// Which pixels are learnt, in words.
  func plan(threshold: Double, for length: RunLength) -> String {
    let memory = "; remembers \(length.images(memoryImages)) images"
    switch policy {
    case .fixed: return "pixels of a probability of \(threshold) or more"
    case .adaptive: return "pixels as probable as the mean of the classes' best ones" + memory
    case .classWise: return "pixels as probable as the mean pixel, less for classes that are less probable" + memory
    case .soft: return "all pixels, those less probable than the mean one by a Gaussian less" + memory
    }
  }
}
