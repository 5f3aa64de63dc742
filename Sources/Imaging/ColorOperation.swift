import CImageKernels

/// A change of an RGB image's colours that looks at no coordinates but, for sharpness and blur, the neighbouring pixels.
///
/// Each gives the bytes that Pillow gives (`ImageOps`, `ImageEnhance`, `ImageFilter` and `Image.blend` of release 9.4), and torchvision's
/// `adjust_hue` of a Pillow image. Pillow's `ImageOps.invert` is `solarize(threshold: 0)`, its `ImageFilter.SMOOTH` is
/// `sharpness(factor: 0)`.
public indirect enum ColorOperation: Sendable, Hashable {
  /// Changes nothing.
  case identity
  /// Stretches each channel so that its darkest value becomes 0 and its brightest 255.
  case autoContrast
  /// Spreads each channel so that its values become about equally frequent.
  case equalize
  /// Inverts the values from the threshold on, 0...256; 256 inverts none.
  case solarize(threshold: Int)
  /// Keeps the upper bits of each value, 0...8 of them; 0 gives black.
  case posterize(bits: Int)
  /// Mixes with the grey image: 0 grey, 1 unchanged, above 1 more colourful.
  case color(factor: Double)
  /// Mixes with the image's mean grey: 0 flat, 1 unchanged, above 1 more contrast.
  case contrast(factor: Double)
  /// Mixes with black: 0 black, 1 unchanged, above 1 brighter.
  case brightness(factor: Double)
  /// Mixes with the smoothed image: 0 smooth, 1 unchanged, above 1 sharper.
  case sharpness(factor: Double)
  /// Turns the hue by a share of the colour circle, −0.5...0.5, cut off to one of 255 parts; by way of an HSV of 8 bits, so
  /// that 0, too, changes pixels a little.
  case hue(turn: Double)
  /// Makes each pixel the mean of the 16 at a distance of two; the two outermost rows and columns stay as they are (`ImageFilter.BLUR`).
  case ringBlur
  /// Mixes with what an operation makes of the image: 0 unchanged, 1 all of it.
  case mixed(ColorOperation, share: Double)

  /// Applies the operation to an image in place.
  ///
  /// - Precondition: the image is RGB; the parameters lie in their ranges, factors are finite and not negative.
  public func apply(to image: inout Image) {
    precondition(image.channels == 3, "ColorOperation: expected 3 channels, got \(image.channels)")
    checkParameters()
    switch self {
    case .ringBlur: return image.blurByRing()
    case .mixed(let operation, let share): return Self.mix(&image, with: operation, Mix(share))
    default: break
    }
    let (height, width) = (image.height, image.width)
    image.pixels.withUnsafeMutableBufferPointer { apply(to: $0, height: height, width: width) }
  }

  /// Ends the program where a parameter lies outside its range.
  public func checkParameters() {
    switch self {
    case .identity, .autoContrast, .equalize, .ringBlur: break
    case .mixed(let operation, let share):
      precondition((0...1).contains(share), "ColorOperation.mixed: expected a share of 0 to 1, got \(share)")
      operation.checkParameters()
    case .solarize(let threshold):
      precondition((0...256).contains(threshold), "solarize: expected a threshold in 0...256, got \(threshold)")
    case .posterize(let bits):
      precondition((0...8).contains(bits), "posterize: expected 0 to 8 bits, got \(bits)")
    case .color(let factor), .contrast(let factor), .brightness(let factor), .sharpness(let factor):
      precondition(factor.isFinite && factor >= 0, "ColorOperation: expected a factor of 0 or more, got \(factor)")
    case .hue(let turn):
      precondition((-0.5...0.5).contains(turn), "hue: expected a turn of -0.5 to 0.5, got \(turn)")
    }
  }

  private func apply(to pixels: UnsafeMutableBufferPointer<UInt8>, height: Int, width: Int) {
    switch self {
    // The last two change whole images.
    case .identity, .ringBlur, .mixed: break
    case .autoContrast: ByteTables(autoContrast: PixelHistogram(of: pixels)).apply(to: pixels)
    case .equalize: ByteTables(equalizing: PixelHistogram(of: pixels)).apply(to: pixels)
    case .solarize(let threshold):
      ByteTables { $0 < threshold ? UInt8($0) : UInt8(255 - $0) }.apply(to: pixels)
    case .posterize(let bits):
      let mask = ~UInt8(0) << UInt8(8 - bits)
      ByteTables { UInt8($0) & mask }.apply(to: pixels)
    case .brightness(let factor):
      let mix = Mix(factor)
      ByteTables { mix.byte(from: 0, to: Float($0)) }.apply(to: pixels)
    case .contrast(let factor):
      let (mix, mean) = (Mix(factor), Float(Self.meanGrey(pixels)))
      ByteTables { mix.byte(from: mean, to: Float($0)) }.apply(to: pixels)
    case .color(let factor): Self.mixWithGrey(pixels, Mix(factor))
    case .sharpness(let factor): Self.mixWithSmooth(pixels, height: height, width: width, Mix(factor))
    case .hue(let turn):
      guard let start = pixels.baseAddress else { return }
      ik_turn_hue(start, pixels.count / 3, Self.hueShift(turn))
    }
  }

  /// A turn of the hue in 255 parts of the circle, 0...255 for all the way around.
  public static func hueShift(_ turn: Double) -> UInt8 { UInt8(truncatingIfNeeded: Int(turn * 255)) }

  /// The step from a degenerate value to the image's own, as `Image.blend` of Pillow does it: in single precision, cut
  /// off towards 0.
  private struct Mix {
    let factor: Float

    init(_ factor: Double) { self.factor = Float(factor) }

    @inline(__always) func byte(from degenerate: Float, to value: Float) -> UInt8 {
      (degenerate + factor * (value - degenerate)).truncatedByte
    }
  }

  /// Grey of ITU-R 601 in 16-bit fixed point, as Pillow's `convert("L")`.
  @inline(__always) private static func grey(_ r: UInt8, _ g: UInt8, _ b: UInt8) -> Int32 {
    (Int32(r) &* 19595 &+ Int32(g) &* 38470 &+ Int32(b) &* 7471 &+ 32768) >> 16
  }

  private static func meanGrey(_ pixels: UnsafeMutableBufferPointer<UInt8>) -> Int {
    guard let start = pixels.baseAddress, pixels.count >= 3 else { return 0 }
    var sum = 0
    for place in stride(from: 0, to: pixels.count - 2, by: 3) {
      sum &+= Int(grey(start[place], start[place + 1], start[place + 2]))
    }
    return Int(Double(sum) / Double(pixels.count / 3) + 0.5)
  }

  private static func mix(_ image: inout Image, with operation: ColorOperation, _ mix: Mix) {
    var changed = image
    operation.apply(to: &changed)
    changed.pixels.withUnsafeBufferPointer { changed in
      image.pixels.withUnsafeMutableBufferPointer { pixels in
        for place in pixels.indices {
          pixels[place] = mix.byte(from: Float(pixels[place]), to: Float(changed[place]))
        }
      }
    }
  }

  private static func mixWithGrey(_ pixels: UnsafeMutableBufferPointer<UInt8>, _ mix: Mix) {
    guard let start = pixels.baseAddress else { return }
    ik_mix_with_grey(start, pixels.count / 3, mix.factor)
  }

  /// The smoothed pixel is the mean of 3 by 3 with five parts of the middle one; the outermost pixels stay as they are.
  private static func mixWithSmooth(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, height: Int, width: Int, _ mix: Mix
  ) {
    guard let start = pixels.baseAddress, height >= 3, width >= 3 else { return }
    let row = 3 * width
    // The rows above and here as they were: they are overwritten before their lower neighbours need them.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * row) { room in
      guard var above = room.baseAddress else { return }
      var here = above + row
      above.update(from: start, count: row)
      for y in 1..<height - 1 {
        let output = start + y * row
        let below = UnsafePointer(output + row)
        here.update(from: output, count: row)
        ik_mix_with_smooth(above, here, below, width, mix.factor, output)
        swap(&above, &here)
      }
    }
  }
}
