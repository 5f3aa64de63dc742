import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a surface looks like: two colours and how they alternate.
struct SurfaceTexture {
  private enum Pattern: Int, CaseIterable {
    case plain, stripes, checker, noise, gradient, radial
  }

  private let pattern: Pattern
  private let first: SIMD3<Float>
  private let second: SIMD3<Float>
  /// Length of the pattern in pixels.
  private let period: Float
  private let direction: SIMD2<Float>
  private let noise: ValueNoise

  /// Draws a texture.
  ///
  /// - Parameters:
  ///   - size: about the side of the surface in pixels; patterns are made for it.
  ///   - first: the main colour; the other one is drawn near it or far from it.
  init(size: Float, color first: SIMD3<Float>, using random: inout SeededGenerator) {
    pattern = Pattern.allCases[random.integer(below: Pattern.allCases.count)]
    self.first = first
    let strength = random.uniform(0.12...0.55)
    second = SurfaceTexture.color(near: first, strength: strength, using: &random)
    period = Float(random.uniform(3...max(4, Double(size) * 0.6)))
    let angle = Float(random.uniform(0...(2 * Double.pi)))
    direction = SIMD2(cos(angle), sin(angle))
    noise = ValueNoise(using: &random)
  }

  /// A colour that differs from another by about `strength` in each channel, to either side.
  static func color(
    near color: SIMD3<Float>, strength: Double, using random: inout SeededGenerator
  ) -> SIMD3<Float> {
    let shift = Float(random.chance(0.5) ? strength : -strength)
    var result = color
    for channel in 0..<3 { result[channel] += shift + Float(random.uniform(-0.15...0.15)) }
    return result.clamped(lowerBound: SIMD3(repeating: 0.02), upperBound: SIMD3(repeating: 0.98))
  }

  /// The colour at a point given relative to the surface's centre in pixels; `reach` is the surface's radius.
  func color(at point: SIMD2<Float>, reach: Float) -> SIMD3<Float> {
    let part: Float
    switch pattern {
    case .plain: return first
    case .stripes:
      let wave = (point * direction).sum() / period
      part = ((wave - wave.rounded(.down)) - 0.5).magnitude * 8 - 1.5
    case .checker:
      let across = SIMD2(-direction.y, direction.x)
      let u = ((point * direction).sum() / period).rounded(.down)
      let v = ((point * across).sum() / period).rounded(.down)
      part = (u + v).truncatingRemainder(dividingBy: 2) == 0 ? 0 : 1
    case .noise: part = (noise.fractal(point.x / period + 16, point.y / period + 16, octaves: 3) - 0.35) * 3
    case .gradient: part = (point * direction).sum() / (2 * reach) + 0.5
    case .radial: part = 1.2 - (point * point).sum().squareRoot() / reach * 1.4
    }
    let clamped = max(0, min(1, part))
    return first * (1 - clamped) + second * clamped
  }
}
