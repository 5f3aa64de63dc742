/// One true object of one image, as box evaluation sees it: no file, no identity, only numbers.
///
/// Boxes are `x, y, width, height` in pixels of the original image, with the corner at the upper left. The width and
/// height are kept as they were written (not as a second corner) because the overlap is computed from them in the
/// order of operations of the reference, and a detour by corners changes last bits.
public struct TruthBox: Sendable, Equatable, JudgedTruth {
  /// The identifier of the image.
  public var image: Int
  /// The identifier of the category.
  public var category: Int
  /// The left edge.
  public var x: Double
  /// The upper edge.
  public var y: Double
  /// The width, at least 0.
  public var width: Double
  /// The height, at least 0.
  public var height: Double
  /// The area that decides whether the object is small, medium or large; in COCO that of the mask, not of the box.
  public var area: Double
  /// A region of many objects: takes any number of detections, by the share of the detection inside it.
  public var isCrowd: Bool
  /// An object that is neither wanted nor held against a detector (VOC's `difficult`); not with strict parity.
  public var isIgnored: Bool
  /// Its identifier in the file is 0: with strict parity it is never found.
  public var hasIDZero: Bool

  /// An object; without an area, that of its box is used.
  public init(
    image: Int, category: Int, x: Double, y: Double, width: Double, height: Double, area: Double? = nil,
    isCrowd: Bool = false, isIgnored: Bool = false, hasIDZero: Bool = false
  ) {
    self.image = image
    self.category = category
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.area = area ?? width * height
    self.isCrowd = isCrowd
    self.isIgnored = isIgnored
    self.hasIDZero = hasIDZero
  }
}

/// One detection of one image: a box as in ``TruthBox`` and how sure the detector is of it.
public struct DetectedBox: Sendable, Equatable, JudgedDetection {
  /// The identifier of the image.
  public var image: Int
  /// The identifier of the category.
  public var category: Int
  /// The left edge.
  public var x: Double
  /// The upper edge.
  public var y: Double
  /// The width, at least 0.
  public var width: Double
  /// The height, at least 0.
  public var height: Double
  /// The area that decides in which ranges of area a wrong detection counts; usually that of the box.
  public var area: Double
  /// The confidence, any finite number; only the order counts.
  public var score: Double

  /// A detection from its corner and size; without an area, that of its box is used.
  public init(
    image: Int, category: Int, x: Double, y: Double, width: Double, height: Double, area: Double? = nil, score: Double
  ) {
    self.image = image
    self.category = category
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.area = area ?? width * height
    self.score = score
  }
}

/// A class of objects that is evaluated: its identifier in the boxes and its name in the report.
public struct EvaluatedCategory: Sendable, Equatable {
  /// The identifier that boxes carry.
  public var id: Int
  /// The name shown.
  public var name: String

  /// A class by identifier and name.
  public init(id: Int, name: String) {
    self.id = id
    self.name = name
  }
}
