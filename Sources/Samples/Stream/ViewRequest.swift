/// How many images a step takes of each stream, and how many views of each image are made.
public struct ViewRequest: Sendable, Equatable, Codable {
  /// What is taken of one stream.
  public struct Stream: Sendable, Equatable, Codable {
    /// Images a step.
    public var images: Int
    /// Weakly augmented views of each image (resize and flip).
    public var weak: Int
    /// Strongly augmented views of each image.
    public var strong: Int
    /// Whether each image also becomes a probe: its weak view, changed as strong views may be, by which is learnt how far those may go.
    public var hasProbes: Bool

    /// A stream's request; none by default.
    public init(images: Int = 0, weak: Int = 0, strong: Int = 0, hasProbes: Bool = false) {
      precondition(images >= 0 && weak >= 0 && strong >= 0, "ViewRequest: expected counts of 0 or more")
      self.images = images
      self.weak = weak
      self.strong = strong
      self.hasProbes = hasProbes
    }
  }

  /// From the labelled images.
  public var labeled: Stream
  /// From the unlabelled images.
  public var unlabeled: Stream
  /// Whether a step takes exactly so many images of each stream, or draws their numbers.
  public var composition: BatchComposition

  /// A request; a stream that is not named gives nothing.
  public init(
    labeled: Stream = Stream(), unlabeled: Stream = Stream(), composition: BatchComposition = BatchComposition()
  ) {
    self.labeled = labeled
    self.unlabeled = unlabeled
    self.composition = composition
  }

  /// Images of both streams a step, the same in every step.
  public var imagesPerStep: Int { labeled.images + unlabeled.images }

  /// Whether strong views of either stream are asked for.
  public var hasStrongViews: Bool { labeled.strong + unlabeled.strong > 0 }

  /// The request of one of `count` equal parts of a step.
  ///
  /// - Precondition: `count` divides the images of both streams.
  public func sharedOut(among count: Int) -> ViewRequest {
    precondition(
      count >= 1 && labeled.images % count == 0 && unlabeled.images % count == 0,
      "ViewRequest: expected a number that divides \(labeled.images) and \(unlabeled.images) images, got \(count)")
    var part = self
    part.labeled.images /= count
    part.unlabeled.images /= count
    return part
  }
}
