extension Image {
  /// The image under an affine map of its plane, on a canvas of the same size.
  ///
  /// Bilinear, pixel centres at halves, rounded to the nearest value. What lies outside the image is `fill`, also as a
  /// neighbour in the interpolation, so the image's edge is as soft as its inside (OpenCV's `BORDER_CONSTANT`).
  ///
  /// - Parameters:
  ///   - sourceX: (a, b, t): the output's point (x, y) shows the image's point whose x is a·x + b·y + t.
  ///   - sourceY: the same for y.
  ///   - fill: the value of all three channels where the image does not reach.
  /// - Precondition: the image is RGB; a and b are at most 1e6, t at most 1e9 in size.
  public func warped(sourceX: SIMD3<Double>, sourceY: SIMD3<Double>, fill: UInt8) -> Image {
    precondition(channels == 3, "Image.warped: expected 3 channels, got \(channels)")
    // So that no rounding of places in the image comes near a pixel's size.
    let most = SIMD3(1e6, 1e6, 1e9)
    precondition(
      all(sourceX .<= most) && all(sourceX .>= -most) && all(sourceY .<= most) && all(sourceY .>= -most),
      "Image.warped: expected factors up to 1e6 and offsets up to 1e9, got \(sourceX) and \(sourceY)")
    let (rowCount, total) = (3 * width, 3 * width * height)
    let values = [UInt8](unsafeUninitializedCapacity: total) { target, count in
      target.initialize(repeating: fill)
      pixels.withUnsafeBufferPointer { source in
        guard let input = source.baseAddress, let output = target.baseAddress else { return }
        for y in 0..<height {
          // From the index of an output column to indices of the image, which lie at centres.
          let x0 = Line(start: 0.5 * sourceX.x + (Double(y) + 0.5) * sourceX.y + sourceX.z - 0.5, slope: sourceX.x)
          let y0 = Line(start: 0.5 * sourceY.x + (Double(y) + 0.5) * sourceY.y + sourceY.z - 0.5, slope: sourceY.x)
          warpRow(input, x0, y0, fill: Float(fill), to: output + y * rowCount)
        }
      }
      count = total
    }
    return Image(height: height, width: width, channels: 3, pixels: values)
  }

  /// A number that changes evenly along the row.
  private struct Line {
    let start: Double
    let slope: Double

    @inline(__always) func value(_ x: Int) -> Double { start + slope * Double(x) }

    /// The value with 32 bits behind the point, for values that are indices of the image.
    func fixed(_ x: Int) -> Int64 { Int64(value(x) * 0x1p32) }

    /// The slope with 32 bits behind the point, for rows of which two columns or more show the image.
    var fixedSlope: Int64 { Int64((slope * 0x1p32).rounded()) }

    /// The columns in 0..<`count` where the value lies between two limits.
    func columns(from low: Double, to high: Double, count: Int) -> Range<Int> {
      // Images of one or two columns or rows have no inside.
      guard low <= high else { return 0..<0 }
      guard slope != 0 else { return start >= low && start <= high ? 0..<count : 0..<0 }
      let (p, q) = ((low - start) / slope, (high - start) / slope)
      let first = min(max(min(p, q).rounded(.up), 0), Double(count))
      let last = min(max(max(p, q).rounded(.down), -1), Double(count - 1))
      return last >= first ? Int(first)..<Int(last) + 1 : 0..<0
    }
  }

  private func warpRow(
    _ input: UnsafePointer<UInt8>, _ lineX: Line, _ lineY: Line, fill: Float, to output: UnsafeMutablePointer<UInt8>
  ) {
    let touched = lineX.columns(from: -1, to: Double(width), count: width)
      .clamped(to: lineY.columns(from: -1, to: Double(height), count: width))
    // Here all four neighbours exist, and a byte behind each; the margin is far above any rounding.
    let margin = 1e-4
    let inner = lineX.columns(from: margin, to: Double(width - 2) - margin, count: width)
      .clamped(to: lineY.columns(from: margin, to: Double(height - 1) - margin, count: width))
      .clamped(to: touched)
    for x in touched.lowerBound..<inner.lowerBound {
      edgePixel(input, lineX.value(x), lineY.value(x), fill, output + 3 * x)
    }
    if !inner.isEmpty { warpInside(input, lineX, lineY, inner, to: output) }
    for x in inner.upperBound..<max(inner.upperBound, touched.upperBound) {
      edgePixel(input, lineX.value(x), lineY.value(x), fill, output + 3 * x)
    }
  }

  /// Columns of which all four neighbours exist, in fixed point.
  private func warpInside(
    _ input: UnsafePointer<UInt8>, _ lineX: Line, _ lineY: Line, _ columns: Range<Int>,
    to output: UnsafeMutablePointer<UInt8>
  ) {
    let stride = 3 * width
    var (fixedX, fixedY) = (lineX.fixed(columns.lowerBound), lineY.fixed(columns.lowerBound))
    let (stepX, stepY) = columns.count > 1 ? (lineX.fixedSlope, lineY.fixedSlope) : (0, 0)
    for x in columns {
      let place = input + Int(fixedY >> 32) * stride + 3 * Int(fixedX >> 32)
      // The upper 24 of the 32 bits behind the point: as many as a float holds.
      let right = Float(Int32(truncatingIfNeeded: fixedX >> 8 & 0xFF_FFFF)) * 0x1p-24
      let below = Float(Int32(truncatingIfNeeded: fixedY >> 8 & 0xFF_FFFF)) * 0x1p-24
      let upperLeft = SIMD4<Float>(pixelAt: place)
      let lowerLeft = SIMD4<Float>(pixelAt: place + stride)
      let upper = upperLeft + (SIMD4<Float>(pixelAt: place + 3) - upperLeft) * right
      let lower = lowerLeft + (SIMD4<Float>(pixelAt: place + stride + 3) - lowerLeft) * right
      (upper + (lower - upper) * below).writePixel(to: output + 3 * x)
      fixedX &+= stepX
      fixedY &+= stepY
    }
  }

  /// One pixel of which a neighbour may lie outside.
  private func edgePixel(
    _ input: UnsafePointer<UInt8>, _ sourceX: Double, _ sourceY: Double, _ fill: Float,
    _ output: UnsafeMutablePointer<UInt8>
  ) {
    let (left, top) = (sourceX.rounded(.down), sourceY.rounded(.down))
    let (column, row) = (Int(left), Int(top))
    let (right, below) = (Float(sourceX - left), Float(sourceY - top))
    func pixel(_ y: Int, _ x: Int) -> SIMD4<Float> {
      guard y >= 0, y < height, x >= 0, x < width else { return SIMD4(repeating: fill) }
      return SIMD4(lastPixelAt: input + 3 * (y * width + x))
    }
    let upperLeft = pixel(row, column)
    let lowerLeft = pixel(row + 1, column)
    let upper = upperLeft + (pixel(row, column + 1) - upperLeft) * right
    let lower = lowerLeft + (pixel(row + 1, column + 1) - lowerLeft) * right
    (upper + (lower - upper) * below).writePixel(to: output)
  }
}

extension Image {
  /// Sets all channels of a rectangle to one value.
  ///
  /// - Precondition: the rectangle lies inside the image; it may be empty.
  public mutating func fill(y: Int, x: Int, height: Int, width: Int, with value: UInt8) {
    checkRectangle(y, x, height, width)
    let (step, row) = (channels, self.width * channels)
    pixels.withUnsafeMutableBufferPointer { pixels in
      for line in y..<y + height {
        pixels[line * row + x * step..<line * row + (x + width) * step].update(repeating: value)
      }
    }
  }
  /// Sets a rectangle to values given row by row, all channels of a pixel side by side.
  ///
  /// - Precondition: the rectangle lies inside the image, it may be empty; a value for each of its channels.
  public mutating func fill(y: Int, x: Int, height: Int, width: Int, with values: [UInt8]) {
    checkRectangle(y, x, height, width)
    let (step, row, length) = (channels, self.width * channels, width * channels)
    precondition(
      values.count == height * length, "Image.fill: expected \(height * length) values, got \(values.count)")
    pixels.withUnsafeMutableBufferPointer { pixels in
      for line in 0..<height {
        let (place, first) = ((y + line) * row + x * step, line * length)
        _ = pixels[place..<place + length].update(fromContentsOf: values[first..<first + length])
      }
    }
  }

  private func checkRectangle(_ y: Int, _ x: Int, _ height: Int, _ width: Int) {
    precondition(
      y >= 0 && x >= 0 && height >= 0 && width >= 0 && y + height <= self.height && x + width <= self.width,
      "Image.fill: \(height) x \(width) at row \(y), column \(x) is outside \(self.height) x \(self.width)")
  }
}
