import CImageKernels

extension Image {
  /// The image in a size to be looked at: enlarged by a whole number until its longer side is at least `leastLongSide`, or
  /// made smaller until it is at most `longSide`; itself where it lies between the two.
  public func fitted(leastLongSide: Int = 1, longSide: Int) -> Image {
    let long = max(height, width)
    let enlarged = Double((leastLongSide + long - 1) / long)
    let factor = enlarged > 1 ? enlarged : min(1, Double(longSide) / Double(long))
    return resized(
      height: max(1, Int((Double(height) * factor).rounded())), width: max(1, Int((Double(width) * factor).rounded())))
  }

  /// The image resized by bilinear interpolation, rounded to the nearest value (halves to the even one).
  ///
  /// Pixel centres lie at halves and nothing is smoothed when shrinking: as `torch.nn.functional.interpolate(mode=
  /// "bilinear", align_corners=False)` on the values as floats. Not for label maps: see ``resizedNearest(height:width:)``.
  ///
  /// - Parameter mirrored: mirrors left to right, exactly as if the image had been mirrored before.
  public func resized(height outputHeight: Int, width outputWidth: Int, mirrored: Bool = false) -> Image {
    precondition(
      outputHeight > 0 && outputWidth > 0, "Image.resized: expected sides above 0, got \(outputHeight) x \(outputWidth)"
    )
    if outputHeight == height && outputWidth == width { return mirrored ? flippedHorizontally() : self }
    return interpolated(
      rows: BilinearTable(input: height, output: outputHeight),
      columns: BilinearTable(input: width, output: outputWidth, mirrored: mirrored, step: channels))
  }

  /// The part of the resized image that lies in these rows and columns of it; only that part is computed.
  ///
  /// - Precondition: neither range is empty or goes beyond the resized image.
  public func resized(
    height outputHeight: Int, width outputWidth: Int, rows: Range<Int>, columns: Range<Int>
  ) -> Image {
    precondition(
      !rows.isEmpty && !columns.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= outputHeight
        && columns.lowerBound >= 0 && columns.upperBound <= outputWidth,
      "Image.resized: rows \(rows), columns \(columns) are outside \(outputHeight) x \(outputWidth)")
    if outputHeight == height && outputWidth == width {
      return cropped(y: rows.lowerBound, x: columns.lowerBound, height: rows.count, width: columns.count)
    }
    return interpolated(
      rows: BilinearTable(input: height, output: outputHeight)[rows],
      columns: BilinearTable(input: width, output: outputWidth, step: channels)[columns])
  }

  /// The image's values at the places of two tables.
  private func interpolated(rows: BilinearTable, columns: BilinearTable) -> Image {
    let (outputHeight, outputWidth) = (rows.low.count, columns.low.count)
    let rowCount = outputWidth * channels
    let values = [UInt8](unsafeUninitializedCapacity: outputHeight * rowCount) { target, count in
      // One more value each: a row of RGB is filled by fours.
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * (rowCount + 1)) { room in
        guard let start = room.baseAddress, let output = target.baseAddress else { return }
        var (upper, lower) = (start, start + rowCount + 1)
        var (upperIndex, lowerIndex) = (-1, -1)
        for y in 0..<outputHeight {
          if rows.low[y] == lowerIndex {
            swap(&upper, &lower)
            swap(&upperIndex, &lowerIndex)
          }
          if rows.low[y] != upperIndex {
            interpolateRow(rows.low[y], columns, into: upper)
            upperIndex = rows.low[y]
          }
          if rows.high[y] != lowerIndex {
            interpolateRow(rows.high[y], columns, into: lower)
            lowerIndex = rows.high[y]
          }
          ik_blend_rows_to_bytes(upper, lower, rows.weight[y], rowCount, output + y * rowCount)
        }
      }
      count = outputHeight * rowCount
    }
    return Image(height: outputHeight, width: outputWidth, channels: channels, pixels: values)
  }

  /// One row of the image, interpolated along x; of RGB, a fourth value is written behind the last pixel.
  private func interpolateRow(_ y: Int, _ columns: BilinearTable, into row: UnsafeMutablePointer<Float>) {
    pixels.withUnsafeBufferPointer { source in
      guard let line = source.baseAddress.map({ $0 + y * width * channels }) else { return }
      if channels == 3 {
        columns.interpolate(
          line, last: y == height - 1 ? (width - 1) * 3 : nil,
          scaling: ik_scaling(factor: (1, 1, 1, 1), offset: (0, 0, 0, 0)), into: row)
      } else {
        for x in 0..<columns.low.count {
          let (low, high, weight) = (columns.low[x], columns.high[x], columns.weight[x])
          for channel in 0..<channels {
            let left = Float(line[low + channel])
            row[x * channels + channel] = left + (Float(line[high + channel]) - left) * weight
          }
        }
      }
    }
  }

  /// The image resized by taking the pixel that each output centre lies in; the one for label maps.
  public func resizedNearest(height outputHeight: Int, width outputWidth: Int) -> Image {
    resizedNearest(height: outputHeight, width: outputWidth, rows: 0..<outputHeight, columns: 0..<outputWidth)
  }

  /// The part of ``resizedNearest(height:width:)`` that lies in these rows and columns of it.
  ///
  /// - Precondition: neither range is empty or goes beyond the resized image.
  public func resizedNearest(
    height outputHeight: Int, width outputWidth: Int, rows: Range<Int>, columns: Range<Int>
  ) -> Image {
    precondition(
      !rows.isEmpty && !columns.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= outputHeight
        && columns.lowerBound >= 0 && columns.upperBound <= outputWidth,
      "Image.resizedNearest: rows \(rows), columns \(columns) are outside \(outputHeight) x \(outputWidth)")
    // The centre of output pixel i is at (2i + 1) / 2 * input / output: whole numbers, so no rounding.
    let places = columns.map { (2 * $0 + 1) * width / (2 * outputWidth) * channels }
    let total = rows.count * columns.count * channels
    let values = [UInt8](unsafeUninitializedCapacity: total) { target, count in
      pixels.withUnsafeBufferPointer { source in
        var next = 0
        for y in rows {
          let line = (2 * y + 1) * height / (2 * outputHeight) * width * channels
          for place in places {
            for channel in 0..<channels { target[next + channel] = source[line + place + channel] }
            next += channels
          }
        }
      }
      count = total
    }
    return Image(height: rows.count, width: columns.count, channels: channels, pixels: values)
  }
}
