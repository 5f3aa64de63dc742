import Annotations

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A move of all pixels of a view on its canvas.
///
/// Continuous pixel space: the corner of the first pixel is (0, 0), its centre (0.5, 0.5). Pixels and boxes follow the same
/// map exactly; Soft Teacher's release turns and shears pixels in coordinates in which the first centre is (0, 0), and boxes
/// by the same numbers, so that there the two differ by up to half a pixel.
public enum GeometricChange: Sendable, Hashable, CustomStringConvertible {
  /// To the right by this many pixels.
  case translateX(Double)
  /// Down by this many pixels.
  case translateY(Double)
  /// About the view's centre by degrees, clockwise as seen on the screen.
  case rotate(degrees: Double)
  /// Along x by `x` times y, then along y by `y` times the new x, from the upper left corner.
  case shear(x: Double, y: Double)
  /// Enlarged about the view's centre, so that the view shows the middle part of itself.
  case zoom(factor: Double)

  /// Whether anything moves.
  public var isChange: Bool {
    switch self {
    case .translateX(let pixels), .translateY(let pixels): pixels != 0
    case .rotate(let degrees): degrees != 0
    case .shear(let x, let y): x != 0 || y != 0
    case .zoom(let factor): factor != 1
    }
  }

  /// From pixels of a view of this size before to pixels after.
  public func map(height: Int, width: Int) -> AffineMap {
    switch self {
    case .translateX(let pixels): return .translation(x: pixels, y: 0)
    case .translateY(let pixels): return .translation(x: 0, y: pixels)
    case .rotate(let degrees):
      let (x, y, angle) = (Double(width) / 2, Double(height) / 2, degrees * Double.pi / 180)
      return AffineMap.translation(x: -x, y: -y).then(.rotation(cosine: cos(angle), sine: sin(angle)))
        .then(.translation(x: x, y: y))
    case .shear(let x, let y):
      return AffineMap(a: 1, b: x, tx: 0, c: 0, d: 1, ty: 0).then(AffineMap(a: 1, b: 0, tx: 0, c: y, d: 1, ty: 0))
    case .zoom(let factor):
      let (x, y) = (Double(width) / 2, Double(height) / 2)
      return AffineMap.translation(x: -x, y: -y).then(.scale(x: factor, y: factor)).then(.translation(x: x, y: y))
    }
  }

  /// The way back, from pixels after to pixels before: where a pixel's value comes from.
  ///
  /// - Precondition: the map can be undone.
  public func inverseMap(height: Int, width: Int) -> AffineMap {
    guard let inverse = map(height: height, width: width).inverse else {
      preconditionFailure("GeometricChange: expected a map with an inverse, got \(self)")
    }
    return inverse
  }

  /// In words with rounded numbers.
  public var description: String {
    func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
    switch self {
    case .translateX(let pixels): return "translate x by \(rounded(pixels))"
    case .translateY(let pixels): return "translate y by \(rounded(pixels))"
    case .rotate(let degrees): return "rotate by \(rounded(degrees))°"
    case .shear(let x, let y): return "shear by \(rounded(x)), \(rounded(y))"
    case .zoom(let factor): return "zoom × \(rounded(factor))"
    }
  }
}
