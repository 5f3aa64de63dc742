import CImageKernels

/// A Gaussian's blur by boxes: what each of three passes along an axis takes of a pixel's neighbours.
///
/// The box is as wide as a fraction of a pixel: whole parts within ``radius`` pixels to either side, and less of the two beyond.
///
/// Source: Gwosdek, Grewenig, Bruhn, Weickert, "Theoretical Foundations of Gaussian Convolution by Extended Box Filtering", SSVM 2011,
/// as Pillow's `GaussianBlur` does it, whose bytes these are (release 9.4).
public struct BlurBox: Sendable, Hashable {
  /// Standard deviations in pixels that a box is made for.
  static let deviations = 0.0...1000.0
  /// Passes along each axis.
  public static let passes = 3
  /// Pixels to either side that count in full.
  public let radius: Int
  /// What a pixel counts that does so in full, in units of 2⁻²⁴.
  public let weight: UInt32
  /// What the two pixels beyond count, in units of 2⁻²⁴.
  public let edgeWeight: UInt32

  /// The box of a Gaussian with this standard deviation in pixels.
  ///
  /// - Precondition: 0 to 1000 pixels.
  public init(deviation: Double) {
    precondition(
      Self.deviations.contains(deviation), "BlurBox: expected a deviation of 0 to 1000 pixels, got \(deviation)")
    // Numbers are as wide as in Pillow's C.
    let variance = Float(deviation) * Float(deviation) / Float(Self.passes)
    let length = Float((12 * Double(variance) + 1).squareRoot())
    let whole = Float(((Double(length) - 1) / 2).rounded(.down))
    var part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance)
    part /= 6 * (variance - (whole + 1) * (whole + 1))
    let box = whole + part
    radius = Int(box)
    weight = UInt32(Float(1 << 24) / (box * 2 + 1))
    edgeWeight = (UInt32(1 << 24) - UInt32(2 * radius + 1) * weight) / 2
  }
}

extension Image {
  /// Blurs by a Gaussian with this standard deviation in pixels; the image goes on beyond its edges with the pixels there.
  ///
  /// - Precondition: the image is RGB; the deviation is 0 to 1000.
  public mutating func blur(deviation: Double) {
    precondition(channels == 3, "Image.blur: expected 3 channels, got \(channels)")
    let (box, height, row) = (BlurBox(deviation: deviation), height, 3 * width)
    pixels.withUnsafeMutableBufferPointer { pixels in
      guard let start = pixels.baseAddress else { return }
      for y in 0..<height { Self.blurRow(start + y * row, count: row, box) }
    }
    var other = [UInt8](repeating: 0, count: pixels.count)
    for _ in 0..<BlurBox.passes {
      pixels.withUnsafeBufferPointer { source in
        other.withUnsafeMutableBufferPointer { target in
          guard let from = source.baseAddress, let to = target.baseAddress else { return }
          let reach = box.radius + 1
          withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: 2 * reach + 1) { taps in
            for y in 0..<height {
              for tap in 0...2 * reach { taps[tap] = from + min(max(y + tap - reach, 0), height - 1) * row }
              ik_box_blur(taps.baseAddress, 2 * reach + 1, box.weight, box.edgeWeight, row, to + y * row)
            }
          }
        }
      }
      swap(&pixels, &other)
    }
  }

  /// All passes along one row of `count` bytes.
  private static func blurRow(_ row: UnsafeMutablePointer<UInt8>, count: Int, _ box: BlurBox) {
    let reach = box.radius + 1
    let margin = 3 * reach
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 2 * margin) { room in
      withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: 2 * reach + 1) { taps in
        guard let padded = room.baseAddress else { return }
        for tap in 0...2 * reach { taps[tap] = UnsafePointer(padded + 3 * tap) }
        for _ in 0..<BlurBox.passes {
          (padded + margin).update(from: row, count: count)
          for place in stride(from: 0, to: margin, by: 3) {
            (padded + place).update(from: row, count: 3)
            (padded + margin + count + place).update(from: row + count - 3, count: 3)
          }
          ik_box_blur(taps.baseAddress, 2 * reach + 1, box.weight, box.edgeWeight, count, row)
        }
      }
    }
  }
}
