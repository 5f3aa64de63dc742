import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What lies behind the shapes: clouds of two or three colours, a gradient, stripes, and clutter that is no shape.
enum SceneBackground {
  /// A random colour, neither black nor white.
  static func color(using random: inout SeededGenerator) -> SIMD3<Float> {
    SIMD3(
      Float(random.uniform(0.05...0.95)), Float(random.uniform(0.05...0.95)), Float(random.uniform(0.05...0.95)))
  }

  /// Paints the whole picture.
  static func paint(_ pixels: inout ScenePixels, using random: inout SeededGenerator) {
    let base = color(using: &random)
    let other = SurfaceTexture.color(near: base, strength: random.uniform(0.1...0.4), using: &random)
    let third = SurfaceTexture.color(near: base, strength: random.uniform(0.0...0.3), using: &random)
    let noise = ValueNoise(using: &random)
    let cell = Float(exp(random.uniform(log(8)...log(60))))
    let octaves = 2 + random.integer(below: 4)
    let sharpness = Float(random.uniform(1...3.5))
    let gradient = angled(random.uniform(0...(2 * Double.pi)))
    let gradientStrength = Float(random.uniform(0...0.8))
    let hasStripes = random.chance(0.4)
    let stripe = angled(random.uniform(0...Double.pi))
    let stripeLength = Float(random.uniform(5...32))
    let stripeStrength = hasStripes ? Float(random.uniform(0.03...0.14)) : 0
    let side = Float(max(pixels.height, pixels.width))
    for y in 0..<pixels.height {
      for x in 0..<pixels.width {
        let place = SIMD2(Float(x), Float(y))
        let cloud = (noise.fractal(place.x / cell, place.y / cell, octaves: octaves) - 0.5) * sharpness + 0.5
        let slope = ((place * gradient).sum() / side) * gradientStrength
        let mixed = max(0, min(1, cloud))
        var color = base * (1 - mixed) + other * mixed
        color += (third - color) * max(0, min(1, slope))
        if stripeStrength > 0 {
          color += sin((place * stripe).sum() / stripeLength * 2 * Float.pi) * stripeStrength
        }
        pixels.values[y * pixels.width + x] = color
      }
    }
    let clutter = max(1, pixels.height * pixels.width / 3000)
    for _ in 0..<random.integer(below: 2 * clutter) {
      stroke(
        &pixels, color: SurfaceTexture.color(near: base, strength: random.uniform(0...0.5), using: &random),
        using: &random)
    }
  }

  /// A line or a crumb: long and thin, or very small, so never like a shape of the classes.
  private static func stroke(_ pixels: inout ScenePixels, color: SIMD3<Float>, using random: inout SeededGenerator) {
    let start = SIMD2(
      Float(random.uniform(0...Double(pixels.width))), Float(random.uniform(0...Double(pixels.height))))
    let isCrumb = random.chance(0.5)
    let length = Float(random.uniform(isCrumb ? 0...2 : 15...90))
    let thickness = Float(random.uniform(isCrumb ? 1...2.5 : 0.5...2))
    let step = angled(random.uniform(0...(2 * Double.pi))) * length
    let opacity = Float(random.uniform(0.3...1))
    let end = start + step
    let reach = thickness + 1
    let rows = range(min(start.y, end.y) - reach, max(start.y, end.y) + reach, pixels.height)
    let columns = range(min(start.x, end.x) - reach, max(start.x, end.x) + reach, pixels.width)
    let squared = max(1e-6, (step * step).sum())
    for y in rows {
      for x in columns {
        let offset = SIMD2(Float(x) + 0.5, Float(y) + 0.5) - start
        let nearest = offset - max(0, min(1, (offset * step).sum() / squared)) * step
        let cover = thickness + 0.5 - (nearest * nearest).sum().squareRoot()
        if cover > 0 { pixels.blend(y * pixels.width + x, color, min(1, cover) * opacity) }
      }
    }
  }

  private static func angled(_ angle: Double) -> SIMD2<Float> { SIMD2(Float(cos(angle)), Float(sin(angle))) }

  private static func range(_ from: Float, _ to: Float, _ limit: Int) -> Range<Int> {
    let first = max(0, min(limit, Int(from)))
    return first..<max(first, min(limit, Int(to) + 1))
  }
}
