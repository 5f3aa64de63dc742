/// An axis-parallel box in pixel space: half-open corners, x to the right, y down, pixel (i, j) covers [j, j+1) × [i, i+1).
public struct Box: Sendable, Equatable, Hashable {
  /// Left edge.
  public var x0: Double
  /// Top edge.
  public var y0: Double
  /// Right edge, not part of the box.
  public var x1: Double
  /// Bottom edge, not part of the box.
  public var y1: Double

  /// A box from its corners.
  public init(x0: Double, y0: Double, x1: Double, y1: Double) {
    self.x0 = x0
    self.y0 = y0
    self.x1 = x1
    self.y1 = y1
  }

  /// A box from its top-left corner and size, as COCO writes it.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.init(x0: x, y0: y, x1: x + width, y1: y + height)
  }

  /// Horizontal extent; negative where the corners are swapped.
  public var width: Double { x1 - x0 }

  /// Vertical extent; negative where the corners are swapped.
  public var height: Double { y1 - y0 }

  /// Width times height, 0 for a box without extent.
  public var area: Double { isEmpty ? 0 : width * height }

  /// Whether nothing lies inside: no width, no height, or not a number.
  public var isEmpty: Bool { !(x1 > x0 && y1 > y0) }

  /// Whether all four numbers are finite.
  public var isFinite: Bool { x0.isFinite && y0.isFinite && x1.isFinite && y1.isFinite }

  /// The part inside an image; empty where the box lies outside.
  public func clipped(toHeight height: Double, width: Double) -> Box {
    Box(
      x0: min(max(x0, 0), width), y0: min(max(y0, 0), height), x1: min(max(x1, 0), width), y1: min(max(y1, 0), height))
  }

  /// The common part of both boxes; empty where they do not meet.
  public func intersection(with other: Box) -> Box {
    Box(x0: max(x0, other.x0), y0: max(y0, other.y0), x1: min(x1, other.x1), y1: min(y1, other.y1))
  }

  /// Area of the common part over the area of both together, in [0, 1]; 0 where both are empty.
  public func intersectionOverUnion(with other: Box) -> Double {
    let common = intersection(with: other).area
    let union = area + other.area - common
    return union > 0 ? common / union : 0
  }
}
