extension Image {
  /// The image resized by bilinear interpolation, rounded to the nearest value.
  ///
  /// Pixel centres lie at halves and nothing is smoothed when shrinking: as `torch.nn.functional.interpolate(mode=
  /// "bilinear", align_corners=False)` on the values as floats. Not for label maps: see ``resizedNearest(height:width:)``.
  public func resized(height outputHeight: Int, width outputWidth: Int) -> Image {
    precondition(
      outputHeight > 0 && outputWidth > 0, "Image.resized: expected sides above 0, got \(outputHeight) x \(outputWidth)"
    )
    let (step, rowCount) = (channels, outputWidth * channels)
    let columns = BilinearTable(input: width, output: outputWidth, step: step)
    let rows = BilinearTable(input: height, output: outputHeight)
    var upper = [Float](repeating: 0, count: rowCount)
    var lower = upper
    var (upperIndex, lowerIndex) = (-1, -1)
    func interpolate(_ y: Int, _ row: inout [Float]) {
      pixels.withUnsafeBufferPointer { source in
        let line = y * width * step
        for x in 0..<outputWidth {
          let (low, high, weight) = (line + columns.low[x], line + columns.high[x], columns.weight[x])
          for channel in 0..<step {
            let left = Float(source[low + channel])
            row[x * step + channel] = left + (Float(source[high + channel]) - left) * weight
          }
        }
      }
    }
    let values = [UInt8](unsafeUninitializedCapacity: outputHeight * rowCount) { target, count in
      for y in 0..<outputHeight {
        if rows.low[y] == lowerIndex {
          swap(&upper, &lower)
          swap(&upperIndex, &lowerIndex)
        }
        if rows.low[y] != upperIndex {
          interpolate(rows.low[y], &upper)
          upperIndex = rows.low[y]
        }
        if rows.high[y] != lowerIndex {
          interpolate(rows.high[y], &lower)
          lowerIndex = rows.high[y]
        }
        let weight = rows.weight[y]
        for index in 0..<rowCount {
          target[y * rowCount + index] = UInt8(upper[index] + (lower[index] - upper[index]) * weight + 0.5)
        }
      }
      count = outputHeight * rowCount
    }
    return Image(height: outputHeight, width: outputWidth, channels: channels, pixels: values)
  }

  /// The image resized by taking the pixel that each output centre lies in; the one for label maps.
  public func resizedNearest(height outputHeight: Int, width outputWidth: Int) -> Image {
    precondition(
      outputHeight > 0 && outputWidth > 0,
      "Image.resizedNearest: expected sides above 0, got \(outputHeight) x \(outputWidth)")
    // The centre of output pixel i is at (2i + 1) / 2 * input / output: whole numbers, so no rounding.
    let columns = (0..<outputWidth).map { (2 * $0 + 1) * width / (2 * outputWidth) * channels }
    var values: [UInt8] = []
    values.reserveCapacity(outputHeight * outputWidth * channels)
    for y in 0..<outputHeight {
      let line = (2 * y + 1) * height / (2 * outputHeight) * width * channels
      for column in columns {
        for channel in 0..<channels { values.append(pixels[line + column + channel]) }
      }
    }
    return Image(height: outputHeight, width: outputWidth, channels: channels, pixels: values)
  }
}
