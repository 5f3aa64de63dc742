import CImageKernels

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

  /// What each channel's 8-bit values are multiplied by.
  public var factors: [Float] { [factor.x, factor.y, factor.z] }

  /// What is then added to each channel's values.
  public var offsets: [Float] { [offset.x, offset.y, offset.z] }

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
    let least = if case .interleaved = layout { outputWidth * 3 } else { outputWidth }
    precondition(rowStride >= least, "ResizeNormalize: expected a row stride of at least \(least), got \(rowStride)")
    guard let source = pixels.baseAddress else { return }
    if height == outputHeight, width == outputWidth {
      return normalize(
        source, height: height, width: width, mirrored: mirrored, to: target, rowStride: rowStride, layout: layout)
    }
    let columns = BilinearTable(input: width, output: outputWidth, mirrored: mirrored, step: 3)
    let rows = BilinearTable(input: height, output: outputHeight)
    let length = outputWidth * 3
    // Two input rows and the output's; one more value each, as rows are filled by fours.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * (length + 1)) { room in
      guard let start = room.baseAddress else { return }
      var (upper, lower) = (start, start + length + 1)
      let between = start + 2 * (length + 1)
      var (upperIndex, lowerIndex) = (-1, -1)
      func interpolate(_ y: Int, into row: UnsafeMutablePointer<Float>) {
        columns.interpolate(
          source + y * width * 3, last: y == height - 1 ? (width - 1) * 3 : nil, scaling: scaling, into: row)
      }
      for y in 0..<outputHeight {
        let (low, high, weight) = (rows.low[y], rows.high[y], rows.weight[y])
        if low == lowerIndex {
          swap(&upper, &lower)
          swap(&upperIndex, &lowerIndex)
        }
        if low != upperIndex {
          interpolate(low, into: upper)
          upperIndex = low
        }
        if weight != 0, high != lowerIndex {
          interpolate(high, into: lower)
          lowerIndex = high
        }
        let row = layout.output(of: target + y * rowStride, or: between)
        if weight == 0 {
          row.update(from: upper, count: length)
        } else {
          ik_blend_rows(upper, lower, weight, length, row)
        }
        layout.spread(row, to: target + y * rowStride, width: outputWidth)
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
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * width) { room in
      guard let between = room.baseAddress else { return }
      for y in 0..<height {
        let row = layout.output(of: target + y * rowStride, or: between)
        ik_normalize_row(source + y * width * 3, width, y == height - 1, mirrored, scaling, row)
        layout.spread(row, to: target + y * rowStride, width: width)
      }
    }
  }

  private var scaling: ik_scaling {
    ik_scaling(
      factor: (factor.x, factor.y, factor.z, factor.w), offset: (offset.x, offset.y, offset.z, offset.w))
  }
}

extension ResizeNormalize.Layout {
  /// Where a row is written pixel by pixel: in its place, where it lies so, else in a place to be spread from.
  fileprivate func output(
    of place: UnsafeMutablePointer<Float>, or between: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    if case .interleaved = self { place } else { between }
  }

  /// Brings a row of pixels into its planes.
  fileprivate func spread(_ row: UnsafeMutablePointer<Float>, to place: UnsafeMutablePointer<Float>, width: Int) {
    guard case .planar(let planeStride) = self else { return }
    for x in 0..<width {
      for channel in 0..<3 { place[channel * planeStride + x] = row[3 * x + channel] }
    }
  }
}
