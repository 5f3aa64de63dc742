import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The outline of one shape in the image: how far a point lies outside of it, in pixels.
struct ShapeOutline {
  private enum Form {
    /// An ellipse; `hole` is the size of its hole as a part of the whole, 0 for none.
    case ellipse(axes: SIMD2<Float>, hole: Float)
    /// Corners relative to the centre, in order.
    case polygon([SIMD2<Float>])
  }

  private let form: Form
  /// The middle of the shape, (x, y) in pixels.
  let center: SIMD2<Float>
  /// No point of the shape is farther from the centre, in pixels.
  let reach: Float
  private let cosine: Float
  private let sine: Float

  /// Draws the details of a shape: rotation, stretch, and what its class leaves open.
  ///
  /// - Parameter size: about the side of its box, in pixels.
  init(_ shape: SyntheticClass, center: SIMD2<Float>, size: Float, using random: inout SeededGenerator) {
    let angle = Float(random.uniform(0...(2 * Double.pi)))
    let stretch = Float(exp(random.uniform(-0.2...0.2)))
    let axes = SIMD2<Float>(stretch, 1 / stretch) * (size / 2)
    let detail = Float(random.uniform())
    let corners: [SIMD2<Float>]
    switch shape {
    case .disc: corners = []
    case .ring: corners = []
    case .square:
      corners = [SIMD2(-0.84, -0.84), SIMD2(0.84, -0.84), SIMD2(0.84, 0.84), SIMD2(-0.84, 0.84)]
    case .triangle:
      corners = ShapeOutline.corners(3, radii: [1.12])
    case .star:
      corners = ShapeOutline.corners(10, radii: [1.1, 0.4 + 0.18 * detail])
    case .cross:
      let arm = 0.24 + 0.2 * detail
      corners = [
        SIMD2(-arm, -1), SIMD2(arm, -1), SIMD2(arm, -arm), SIMD2(1, -arm), SIMD2(1, arm), SIMD2(arm, arm),
        SIMD2(arm, 1), SIMD2(-arm, 1), SIMD2(-arm, arm), SIMD2(-1, arm), SIMD2(-1, -arm), SIMD2(-arm, -arm),
      ]
    }
    self.center = center
    cosine = cos(angle)
    sine = sin(angle)
    if corners.isEmpty {
      form = .ellipse(axes: axes, hole: shape == .ring ? 0.35 + 0.33 * detail : 0)
      reach = axes.max()
    } else {
      // Corners move a little, so that no two shapes are quite alike.
      let moved = corners.map { corner in
        (corner + 0.05 * SIMD2(Float(random.uniform(-1...1)), Float(random.uniform(-1...1)))) * axes
      }
      form = .polygon(moved)
      reach = moved.map { ($0 * $0).sum().squareRoot() }.max() ?? 0
    }
  }

  /// Corners evenly around the centre at radii that repeat.
  private static func corners(_ count: Int, radii: [Float]) -> [SIMD2<Float>] {
    (0..<count).map { index in
      let angle = 2 * Float.pi * Float(index) / Float(count)
      return SIMD2(sin(angle), -cos(angle)) * radii[index % radii.count]
    }
  }

  /// A point of the image in the shape's own axes, relative to its centre, in pixels.
  func local(_ x: Float, _ y: Float) -> SIMD2<Float> {
    let (dx, dy) = (x - center.x, y - center.y)
    return SIMD2(cosine * dx + sine * dy, cosine * dy - sine * dx)
  }

  /// The distance of a point (in the shape's own axes) to the outline in pixels, negative inside.
  func signedDistance(_ point: SIMD2<Float>) -> Float {
    switch form {
    case .ellipse(let axes, let hole):
      let outer = ShapeOutline.ellipse(point, axes)
      return hole > 0 ? max(outer, -ShapeOutline.ellipse(point, axes * hole)) : outer
    case .polygon(let corners):
      return corners.withUnsafeBufferPointer { ShapeOutline.polygon(point, $0) }
    }
  }

  /// To first order: the implicit function over the length of its gradient.
  private static func ellipse(_ point: SIMD2<Float>, _ axes: SIMD2<Float>) -> Float {
    let scaled = point / axes
    let level = (scaled * scaled).sum().squareRoot()
    let slope = ((scaled / axes) * (scaled / axes)).sum().squareRoot()
    return slope > 1e-6 ? level * (level - 1) / slope : -axes.min()
  }

  private static func polygon(_ point: SIMD2<Float>, _ corners: UnsafeBufferPointer<SIMD2<Float>>) -> Float {
    var squared = Float.infinity
    var isInside = false
    var last = corners[corners.count - 1]
    for corner in corners {
      let edge = corner - last
      let offset = point - last
      let along = max(0, min(1, (offset * edge).sum() / (edge * edge).sum()))
      let nearest = offset - along * edge
      squared = min(squared, (nearest * nearest).sum())
      if (last.y <= point.y) != (corner.y <= point.y),
        point.x < last.x + (point.y - last.y) / edge.y * edge.x
      {
        isInside.toggle()
      }
      last = corner
    }
    return isInside ? -squared.squareRoot() : squared.squareRoot()
  }
}
