/// From 8-bit RGB to a network's input in one pass: bilinear resize, mirroring, and (x / 255 - mean) / deviation.
///
/// Equal to `torch.nn.functional.interpolate(normalized, size, mode="bilinear", align_corners=False)`, which is what
/// torchvision's detection transform computes (it passes `recompute_scale_factor=True`, so the ratio of the sides is
/// used). Each input row is interpolated along x once and kept for the output rows that need it.
public struct ResizeNormalize: Sendable {
  /// How the output lies in memory.
  public enum Layout: Sendable {
    /// Channel by channel (CHW), `planeStride` values from one to the next.
    case planar(planeStride: Int)
    /// Pixel by pixel (HWC, PyTorch's channels-last).
    case interleaved
  }

  /// An 8-bit value v of channel c becomes `v * factor[c] + offset[c]`.
  private let factor: SIMD4<Float>
  private let offset: SIMD4<Float>

  /// A normalization by channel, in units where white is 1.
  ///
  /// - Precondition: three values each; deviations above 0.
  public init(mean: [Float], deviation: [Float]) {
    precondition(
      mean.count == 3 && deviation.count == 3 && deviation.allSatisfy { $0 > 0 },
      "ResizeNormalize: expected 3 means and 3 deviations above 0, got \(mean) and \(deviation)")
    let mean = SIMD4(mean[0], mean[1], mean[2], 0)
    let deviation = SIMD4(deviation[0], deviation[1], deviation[2], 1)
    factor = 1 / (255 * deviation)
    offset = -mean / deviation
  }

  /// The mean and deviation of ImageNet, which torchvision's weights were trained with.
  public static let imageNet = ResizeNormalize(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

  /// Writes the image, resized to `outputHeight` by `outputWidth`, at `target`.
  ///
  /// - Parameters:
  ///   - pixels: RGB, interleaved, at least `height * width * 3` values; what lies behind them is not used.
  ///   - mirrored: mirrors left to right, exactly as if the input had been mirrored.
  ///   - target: where the output's upper left value goes, for example into a padded batch.
  ///   - rowStride: values from one output row to the next, at least `outputWidth` (planar) or three times that.
  public func write(
    _ pixels: UnsafeBufferPointer<UInt8>, height: Int, width: Int, outputHeight: Int, outputWidth: Int,
    mirrored: Bool = false, to target: UnsafeMutablePointer<Float>, rowStride: Int, layout: Layout
  ) {
    precondition(
      height > 0 && width > 0 && outputHeight > 0 && outputWidth > 0,
      "ResizeNormalize: expected sides above 0, got \(height) x \(width) to \(outputHeight) x \(outputWidth)")
    precondition(
      pixels.count >= height * width * 3,
      "ResizeNormalize: expected \(height * width * 3) values, got \(pixels.count)")
    let parts: (count: Int, length: Int, stride: Int) =
      switch layout {
      case .planar(let planeStride): (3, outputWidth, planeStride)
      case .interleaved: (1, outputWidth * 3, 0)
      }
    precondition(
      rowStride >= parts.length, "ResizeNormalize: expected a row stride of at least \(parts.length), got \(rowStride)")
    guard let source = pixels.baseAddress else { return }
    if height == outputHeight, width == outputWidth {
      return normalize(
        source, height: height, width: width, mirrored: mirrored, to: target, rowStride: rowStride, layout: layout)
    }
    let columns = BilinearTable(input: width, output: outputWidth, mirrored: mirrored, step: 3)
    let rows = BilinearTable(input: height, output: outputHeight)
    // One more value each: the row is filled by fours.
    let rowCount = outputWidth * 3 + 1
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * rowCount) { room in
      guard let start = room.baseAddress else { return }
      var (upper, lower) = (start, start + rowCount)
      var (upperIndex, lowerIndex) = (-1, -1)
      for y in 0..<outputHeight {
        let (low, high, weight) = (rows.low[y], rows.high[y], rows.weight[y])
        if low == lowerIndex {
          swap(&upper, &lower)
          swap(&upperIndex, &lowerIndex)
        }
        if low != upperIndex {
          interpolate(source, low, height, width, columns, isPlanar: parts.count == 3, into: upper)
          upperIndex = low
        }
        if weight != 0, high != lowerIndex {
          interpolate(source, high, height, width, columns, isPlanar: parts.count == 3, into: lower)
          lowerIndex = high
        }
        for part in 0..<parts.count {
          let output = target + y * rowStride + part * parts.stride
          let (above, below) = (upper + part * outputWidth, lower + part * outputWidth)
          if weight == 0 {
            output.update(from: above, count: parts.length)
          } else {
            blend(above, below, weight, parts.length, into: output)
          }
        }
      }
    }
  }

  /// Writes the image, resized, at `target`; see the form with a buffer.
  public func write(
    _ image: Image, outputHeight: Int, outputWidth: Int, mirrored: Bool = false,
    to target: UnsafeMutablePointer<Float>, rowStride: Int, layout: Layout
  ) {
    precondition(image.channels == 3, "ResizeNormalize: expected 3 channels, got \(image.channels)")
    image.pixels.withUnsafeBufferPointer {
      write(
        $0, height: image.height, width: image.width, outputHeight: outputHeight, outputWidth: outputWidth,
        mirrored: mirrored, to: target, rowStride: rowStride, layout: layout)
    }
  }

  /// The image that normalized values come from, rounded to 8 bits: the way back, for pictures of what a network sees.
  ///
  /// - Parameter values: three planes of `height` by `width` values.
  public func image(of values: [Float], height: Int, width: Int) -> Image {
    precondition(
      values.count == 3 * height * width,
      "ResizeNormalize.image: expected 3 x \(height) x \(width) values, got \(values.count)")
    let count = height * width
    let pixels = (0..<3 * count).map { place in
      let channel = place % 3
      let value = (values[channel * count + place / 3] - offset[channel]) / factor[channel]
      return max(0, min(255, value)).roundedByte
    }
    return Image(height: height, width: width, channels: 3, pixels: pixels)
  }

  /// The image in its own size: each value is what interpolation between a pixel and itself gives.
  private func normalize(
    _ source: UnsafePointer<UInt8>, height: Int, width: Int, mirrored: Bool, to target: UnsafeMutablePointer<Float>,
    rowStride: Int, layout: Layout
  ) {
    let (factor, offset) = (factor, offset)
    for y in 0..<height {
      let line = source + y * width * 3
      let output = target + y * rowStride
      for x in 0..<width {
        let from = mirrored ? width - 1 - x : x
        let isLast = y == height - 1 && from == width - 1
        let pixel = isLast ? SIMD4(lastPixelAt: line + 3 * from) : SIMD4(pixelAt: line + 3 * from)
        let value = pixel * factor + offset
        switch layout {
        case .planar(let planeStride):
          output[x] = value.x
          output[planeStride + x] = value.y
          output[2 * planeStride + x] = value.z
        case .interleaved:
          output[3 * x] = value.x
          output[3 * x + 1] = value.y
          output[3 * x + 2] = value.z
        }
      }
    }
  }

  /// Interpolates one input row along x and normalizes it.
  private func interpolate(
    _ source: UnsafePointer<UInt8>, _ y: Int, _ height: Int, _ width: Int, _ columns: BilinearTable, isPlanar: Bool,
    into row: UnsafeMutablePointer<Float>
  ) {
    let line = source + y * width * 3
    let count = columns.low.count
    // Pixels are loaded by four bytes; only the image's very last one has no byte behind it.
    let last = y == height - 1 ? (width - 1) * 3 : Int.max
    let (factor, offset) = (factor, offset)
    @inline(__always) func load(_ place: Int) -> SIMD4<Float> {
      place == last ? SIMD4(lastPixelAt: line + place) : SIMD4(pixelAt: line + place)
    }
    columns.low.withUnsafeBufferPointer { low in
      columns.high.withUnsafeBufferPointer { high in
        columns.weight.withUnsafeBufferPointer { weight in
          for x in 0..<count {
            let left = load(low[x])
            let right = load(high[x])
            let value = (left + (right - left) * weight[x]) * factor + offset
            if isPlanar {
              row[x] = value.x
              row[count + x] = value.y
              row[2 * count + x] = value.z
            } else {
              // The fourth value is overwritten by the next pixel's first.
              UnsafeMutableRawPointer(row + 3 * x).storeBytes(of: value, as: SIMD4<Float>.self)
            }
          }
        }
      }
    }
  }

  /// Two rows to the one between them.
  private func blend(
    _ above: UnsafeMutablePointer<Float>, _ below: UnsafeMutablePointer<Float>, _ weight: Float, _ count: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    let keep = 1 - weight
    for index in 0..<count { output[index] = above[index] * keep + below[index] * weight }
  }
}
