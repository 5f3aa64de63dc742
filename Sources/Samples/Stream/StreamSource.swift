import Views

/// Where a stream's images come from and how its views are made.
public struct StreamSource: Sendable {
  /// The images.
  public var pool: ImagePool
  /// For weak views.
  public var weak: [any Augmentation]
  /// For strong views.
  public var strong: [any Augmentation]
  /// Whether a strong view goes on from the weak view of the same number, in place of the image; of two weak and four strong views the
  /// third strong one from the first weak one.
  public var continuesWeak: Bool
  /// What views say about their pixels.
  public var pixelLabels: PixelLabels
  /// The share of the images of every step that are drawn from those with tags, in an order of their own; 0 where all are in one order.
  /// Images are not grouped by orientation then.
  public var taggedShare: Double

  /// Images with their augmentations.
  public init(
    pool: ImagePool, weak: [any Augmentation], strong: [any Augmentation] = [], continuesWeak: Bool = false,
    pixelLabels: PixelLabels = .none, taggedShare: Double = 0
  ) {
    self.pool = pool
    self.weak = weak
    self.strong = strong
    self.continuesWeak = continuesWeak
    self.pixelLabels = pixelLabels
    self.taggedShare = taggedShare
  }
}
