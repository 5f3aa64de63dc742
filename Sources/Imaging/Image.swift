/// Pixels of 8 bits in memory: rows from the top, channels interleaved (height, width, channel).
public struct Image: Sendable, Equatable {
  /// Number of rows.
  public let height: Int
  /// Number of columns.
  public let width: Int
  /// Values a pixel: 1 grey or labels, 3 RGB, 4 RGBA.
  public let channels: Int
  /// The values, `height * width * channels` of them; the count cannot be changed.
  public var pixels: [UInt8] {
    didSet { precondition(pixels.count == height * width * channels, "Image.pixels: the number of values was changed") }
  }

  /// An image of given values.
  ///
  /// - Precondition: `pixels.count == height * width * channels`; sides at least 1; 1, 3 or 4 channels.
  public init(height: Int, width: Int, channels: Int, pixels: [UInt8]) {
    Image.check(height, width, channels)
    precondition(
      pixels.count == height * width * channels,
      "Image: expected \(height) x \(width) x \(channels) = \(height * width * channels) values, got \(pixels.count)")
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }

  /// An image of one value.
  public init(height: Int, width: Int, channels: Int, fill: UInt8 = 0) {
    Image.check(height, width, channels)
    self.height = height
    self.width = width
    self.channels = channels
    pixels = [UInt8](repeating: fill, count: height * width * channels)
  }

  /// An RGB image of one colour.
  public init(height: Int, width: Int, color: RGB) {
    Image.check(height, width, 3)
    self.height = height
    self.width = width
    channels = 3
    pixels = [UInt8](unsafeUninitializedCapacity: height * width * 3) { buffer, count in
      for pixel in 0..<height * width {
        buffer[3 * pixel] = color.r
        buffer[3 * pixel + 1] = color.g
        buffer[3 * pixel + 2] = color.b
      }
      count = height * width * 3
    }
  }

  private static func check(_ height: Int, _ width: Int, _ channels: Int) {
    precondition(height > 0 && width > 0, "Image: expected sides above 0, got \(height) x \(width)")
    precondition(channels == 1 || channels == 3 || channels == 4, "Image: expected 1, 3 or 4 channels, got \(channels)")
  }

  /// The value at a row, a column and a channel.
  public subscript(y: Int, x: Int, channel: Int) -> UInt8 {
    get { pixels[offset(y, x, channel)] }
    set { pixels[offset(y, x, channel)] = newValue }
  }

  private func offset(_ y: Int, _ x: Int, _ channel: Int) -> Int {
    precondition(
      y >= 0 && y < height && x >= 0 && x < width && channel >= 0 && channel < channels,
      "Image: row \(y), column \(x), channel \(channel) is outside \(height) x \(width) x \(channels)")
    return (y * width + x) * channels + channel
  }
}

extension Image {
  /// The image mirrored left to right.
  public func flippedHorizontally() -> Image {
    Orientation.mirrored.applied(to: self)
  }

  /// The part of `height` by `width` pixels whose upper left corner is at row `y`, column `x`.
  ///
  /// - Precondition: the part lies inside the image.
  public func cropped(y: Int, x: Int, height: Int, width: Int) -> Image {
    precondition(
      y >= 0 && x >= 0 && height > 0 && width > 0 && y + height <= self.height && x + width <= self.width,
      "Image.cropped: \(height) x \(width) at row \(y), column \(x) is outside \(self.height) x \(self.width)")
    var result: [UInt8] = []
    result.reserveCapacity(height * width * channels)
    for row in y..<y + height {
      let start = (row * self.width + x) * channels
      result.append(contentsOf: pixels[start..<start + width * channels])
    }
    return Image(height: height, width: width, channels: channels, pixels: result)
  }

  /// How often each of the 256 values occurs, over all channels; of a label map, the pixels of each label.
  public var valueCounts: [Int] {
    var counts = [Int](repeating: 0, count: 256)
    counts.withUnsafeMutableBufferPointer { counts in for value in pixels { counts[Int(value)] += 1 } }
    return counts
  }

  /// The image at the upper left of a canvas of one value.
  ///
  /// - Precondition: the canvas is no smaller than the image.
  public func padded(height: Int, width: Int, with value: UInt8) -> Image {
    guard height != self.height || width != self.width else { return self }
    precondition(
      height >= self.height && width >= self.width,
      "Image.padded: expected a canvas for \(self.height) x \(self.width), got \(height) x \(width)")
    var result = Image(height: height, width: width, channels: channels, fill: value)
    let (row, canvasRow) = (self.width * channels, width * channels)
    result.pixels.withUnsafeMutableBufferPointer { target in
      pixels.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        for y in 0..<self.height { (to + y * canvasRow).update(from: from + y * row, count: row) }
      }
    }
    return result
  }

  /// The image with three channels: grey repeated, alpha dropped.
  public func convertedToRGB() -> Image {
    guard channels != 3 else { return self }
    let (count, step) = (height * width, channels)
    let green = step == 1 ? 0 : 1
    let blue = step == 1 ? 0 : 2
    let values = [UInt8](unsafeUninitializedCapacity: count * 3) { buffer, filled in
      pixels.withUnsafeBufferPointer { source in
        for pixel in 0..<count {
          buffer[3 * pixel] = source[step * pixel]
          buffer[3 * pixel + 1] = source[step * pixel + green]
          buffer[3 * pixel + 2] = source[step * pixel + blue]
        }
      }
      filled = count * 3
    }
    return Image(height: height, width: width, channels: 3, pixels: values)
  }
}
