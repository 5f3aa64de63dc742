import Imaging
import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The picture while it is being painted: RGB as floats, 0 black ... 1 white, rows from the top.
struct ScenePixels {
  let height: Int
  let width: Int
  var values: [SIMD3<Float>]

  /// A black picture.
  init(height: Int, width: Int) {
    self.height = height
    self.width = width
    values = [SIMD3<Float>](repeating: .zero, count: height * width)
  }

  /// Mixes a colour over a pixel.
  mutating func blend(_ index: Int, _ color: SIMD3<Float>, _ opacity: Float) {
    values[index] += (color - values[index]) * opacity
  }

  /// Blurs with a Gaussian of `sigma` pixels; pixels at the border are repeated.
  mutating func blur(sigma: Float) {
    guard sigma > 0.05 else { return }
    let radius = Int((2.5 * sigma).rounded(.up))
    let weights = (-radius...radius).map { exp(-Float($0 * $0) / (2 * sigma * sigma)) }
    let total = weights.reduce(0, +)
    let kernel = weights.map { $0 / total }
    func pass(_ source: [SIMD3<Float>], lines: Int, length: Int, lineStep: Int, step: Int) -> [SIMD3<Float>] {
      var target = source
      source.withUnsafeBufferPointer { source in
        target.withUnsafeMutableBufferPointer { target in
          for line in 0..<lines {
            for place in 0..<length {
              var sum = SIMD3<Float>.zero
              for tap in -radius...radius {
                let clamped = max(0, min(length - 1, place + tap))
                sum += source[line * lineStep + clamped * step] * kernel[tap + radius]
              }
              target[line * lineStep + place * step] = sum
            }
          }
        }
      }
      return target
    }
    values = pass(values, lines: height, length: width, lineStep: width, step: 1)
    values = pass(values, lines: width, length: height, lineStep: 1, step: width)
  }

  /// Changes contrast (around middle grey) and brightness.
  mutating func expose(contrast: Float, brightness: Float) {
    let offset = SIMD3<Float>(repeating: 0.5 + brightness - 0.5 * contrast)
    for index in values.indices { values[index] = values[index] * contrast + offset }
  }

  /// Adds noise of a standard deviation to each value: the sum of two uniform numbers, near enough to normal.
  mutating func addNoise(deviation: Float, using random: inout SeededGenerator) {
    guard deviation > 0 else { return }
    // Two numbers of 0...1023 have variance 2 * (1024² - 1) / 12.
    let scale = deviation / 418.0
    for index in values.indices {
      let bits = random.next()
      func sum(_ shift: UInt64) -> Float { Float(Int(bits >> shift & 1023) + Int(bits >> (shift + 10) & 1023) - 1023) }
      values[index] += SIMD3(sum(0), sum(20), sum(40)) * scale
    }
  }

  /// The picture in 8 bits.
  var image: Image {
    let pixels = [UInt8](unsafeUninitializedCapacity: values.count * 3) { buffer, count in
      for (index, value) in values.enumerated() {
        let level = (value * 255 + 0.5).clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
        buffer[3 * index] = UInt8(level.x)
        buffer[3 * index + 1] = UInt8(level.y)
        buffer[3 * index + 2] = UInt8(level.z)
      }
      count = values.count * 3
    }
    return Image(height: height, width: width, channels: 3, pixels: pixels)
  }
}
