import Randomness

/// One random decision about a view, made before its image is decoded.
public protocol Augmentation: Sendable {
  /// Changes the geometry; all randomness comes from the generator.
  func adjust(_ geometry: inout ViewGeometry, using generator: inout SeededGenerator)
}

/// Resizes to a random shorter side.
public struct RandomResize: Augmentation {
  /// The shorter sides, all equally likely.
  public let shortSides: ClosedRange<Int>
  /// The longer side is at most this.
  public let longSide: Int

  /// Whole numbers of pixels above 0.
  public init(shortSides: ClosedRange<Int>, longSide: Int) {
    precondition(shortSides.lowerBound >= 1 && longSide >= 1, "RandomResize: expected sides of 1 or more")
    self.shortSides = shortSides
    self.longSide = longSide
  }

  /// Resizes.
  public func adjust(_ geometry: inout ViewGeometry, using generator: inout SeededGenerator) {
    let side = shortSides.lowerBound + generator.integer(below: shortSides.count)
    geometry.resize(shortSide: side, longSide: longSide)
  }
}

/// Mirrors with a probability.
public struct RandomMirror: Augmentation {
  /// How likely.
  public let probability: Double

  /// A probability in 0...1.
  public init(probability: Double = 0.5) {
    precondition((0...1).contains(probability), "RandomMirror: expected a probability, got \(probability)")
    self.probability = probability
  }

  /// Mirrors, or not.
  public func adjust(_ geometry: inout ViewGeometry, using generator: inout SeededGenerator) {
    if generator.chance(probability) { geometry.mirror() }
  }
}

/// Sizes and augmentation of the views that a model is trained on.
public struct ViewSettings: Codable, Sendable, Equatable {
  /// Smallest shorter side in pixels.
  public var shortSideFrom = 640
  /// Largest shorter side in pixels.
  public var shortSideTo = 800
  /// The longer side is at most this many pixels.
  public var longSide = 1333
  /// How likely a view is mirrored.
  public var mirrorProbability = 0.5
  /// Sides of a batch are padded to a multiple of this many pixels.
  public var sizeDivisor = 32
  /// Decodes JPEG files at the smallest eighth of their size that is not below the view's.
  public var scaledDecoding = true
  /// Puts images of one orientation into a batch as far as their numbers allow, so that less is padded.
  public var groupByOrientation = true

  /// The defaults.
  public init() {}

  /// Resize and mirror, as for weak views.
  public var weak: [any Augmentation] {
    [
      RandomResize(shortSides: shortSideFrom...max(shortSideFrom, shortSideTo), longSide: longSide),
      RandomMirror(probability: mirrorProbability),
    ]
  }
}
