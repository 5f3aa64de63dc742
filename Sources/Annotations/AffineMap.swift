import Imaging

/// A map of the plane, x' = a·x + b·y + tx and y' = c·x + d·y + ty, such as the way from an image to a resized and
/// flipped view of it. Pixel space as in `Box`: the corner of the first pixel is (0, 0), its centre (0.5, 0.5).
public struct AffineMap: Sendable, Equatable, Hashable {
  /// Factor of x in x'.
  public var a: Double
  /// Factor of y in x'.
  public var b: Double
  /// Added to x'.
  public var tx: Double
  /// Factor of x in y'.
  public var c: Double
  /// Factor of y in y'.
  public var d: Double
  /// Added to y'.
  public var ty: Double

  /// A map from its two rows.
  public init(a: Double, b: Double, tx: Double, c: Double, d: Double, ty: Double) {
    self.a = a
    self.b = b
    self.tx = tx
    self.c = c
    self.d = d
    self.ty = ty
  }

  /// The map that changes nothing.
  public static let identity = AffineMap(a: 1, b: 0, tx: 0, c: 0, d: 1, ty: 0)

  /// Stretches from the origin.
  public static func scale(x: Double, y: Double) -> AffineMap { AffineMap(a: x, b: 0, tx: 0, c: 0, d: y, ty: 0) }

  /// From pixels of an image to pixels of the same image in another size.
  public static func scale(from image: Image, to resized: Image) -> AffineMap {
    .scale(
      x: Double(resized.width) / Double(image.width), y: Double(resized.height) / Double(image.height))
  }

  /// Moves.
  public static func translation(x: Double, y: Double) -> AffineMap { AffineMap(a: 1, b: 0, tx: x, c: 0, d: 1, ty: y) }

  /// Mirrors left and right within an image of this width.
  public static func horizontalFlip(width: Double) -> AffineMap { AffineMap(a: -1, b: 0, tx: width, c: 0, d: 1, ty: 0) }

  /// Mirrors up and down within an image of this height.
  public static func verticalFlip(height: Double) -> AffineMap { AffineMap(a: 1, b: 0, tx: 0, c: 0, d: -1, ty: height) }

  /// Turns about the origin by an angle in radians; positive angles go from the x axis to the y axis, so clockwise as
  /// seen on the screen. Takes the cosine and sine, so that callers choose their mathematics library.
  public static func rotation(cosine: Double, sine: Double) -> AffineMap {
    AffineMap(a: cosine, b: -sine, tx: 0, c: sine, d: cosine, ty: 0)
  }

  /// This map first, then `next`.
  public func then(_ next: AffineMap) -> AffineMap {
    AffineMap(
      a: next.a * a + next.b * c, b: next.a * b + next.b * d, tx: next.a * tx + next.b * ty + next.tx,
      c: next.c * a + next.d * c, d: next.c * b + next.d * d, ty: next.c * tx + next.d * ty + next.ty)
  }

  /// The factor by which areas grow; negative for maps that mirror.
  public var determinant: Double { a * d - b * c }

  /// The way back; nil for a map that flattens the plane.
  public var inverse: AffineMap? {
    let determinant = determinant
    guard determinant != 0, determinant.isFinite else { return nil }
    let (ia, ib, ic, id) = (d / determinant, -b / determinant, -c / determinant, a / determinant)
    return AffineMap(a: ia, b: ib, tx: -(ia * tx + ib * ty), c: ic, d: id, ty: -(ic * tx + id * ty))
  }

  /// Where a point goes.
  public func map(x: Double, y: Double) -> (x: Double, y: Double) { (a * x + b * y + tx, c * x + d * y + ty) }

  /// The smallest box around the four mapped corners.
  public func map(_ box: Box) -> Box {
    let p = map(x: box.x0, y: box.y0)
    let q = map(x: box.x1, y: box.y0)
    let r = map(x: box.x0, y: box.y1)
    let s = map(x: box.x1, y: box.y1)
    return Box(
      x0: min(p.x, q.x, r.x, s.x), y0: min(p.y, q.y, r.y, s.y), x1: max(p.x, q.x, r.x, s.x), y1: max(p.y, q.y, r.y, s.y)
    )
  }
}
