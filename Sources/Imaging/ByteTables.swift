/// How often each value occurs in each channel of an RGB image.
struct PixelHistogram {
  /// 256 counts of red, then green, then blue.
  private(set) var counts = [Int](repeating: 0, count: 768)

  init(of pixels: UnsafeMutableBufferPointer<UInt8>) {
    counts.withUnsafeMutableBufferPointer { counts in
      for place in stride(from: 0, to: pixels.count - 2, by: 3) {
        counts[Int(pixels[place])] &+= 1
        counts[256 + Int(pixels[place + 1])] &+= 1
        counts[512 + Int(pixels[place + 2])] &+= 1
      }
    }
  }

  func channel(_ channel: Int) -> ArraySlice<Int> { counts[256 * channel..<256 * (channel + 1)] }
}

/// What each value of each channel of an RGB image becomes.
struct ByteTables {
  /// 256 values for red, then green, then blue.
  private let values: [UInt8]

  /// One table for all channels.
  init(_ value: (Int) -> UInt8) {
    let table = (0..<256).map(value)
    values = table + table + table
  }

  private init(_ histogram: PixelHistogram, table: (ArraySlice<Int>) -> [UInt8]?) {
    values = (0..<3).flatMap { table(histogram.channel($0)) ?? Array(0...255) }
  }

  /// Stretches each channel to 0...255 (Pillow's `ImageOps.autocontrast` without cut-off); a channel of one value stays.
  init(autoContrast histogram: PixelHistogram) {
    self.init(histogram) { counts in
      guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }),
        first < last
      else { return nil }
      let (low, high) = (first - counts.startIndex, last - counts.startIndex)
      let scale = 255 / Double(high - low)
      let offset = -Double(low) * scale
      return (0..<256).map { UInt8(min(max(Int(Double($0) * scale + offset), 0), 255)) }
    }
  }

  /// Spreads each channel by its cumulative counts (Pillow's `ImageOps.equalize`); a channel of one value stays, and so
  /// does one of fewer than 255 pixels beside the brightest.
  init(equalizing histogram: PixelHistogram) {
    self.init(histogram) { counts in
      guard let last = counts.last(where: { $0 > 0 }) else { return nil }
      let step = (counts.reduce(0, +) - last) / 255
      guard step > 0 else { return nil }
      var sum = step / 2
      return counts.map { count in
        defer { sum += count }
        return UInt8(min(sum / step, 255))
      }
    }
  }

  /// Replaces every value.
  func apply(to pixels: UnsafeMutableBufferPointer<UInt8>) {
    values.withUnsafeBufferPointer { values in
      guard let red = values.baseAddress, let start = pixels.baseAddress else { return }
      let (green, blue) = (red + 256, red + 512)
      for place in stride(from: 0, to: pixels.count - 2, by: 3) {
        start[place] = red[Int(start[place])]
        start[place + 1] = green[Int(start[place + 1])]
        start[place + 2] = blue[Int(start[place + 2])]
      }
    }
  }
}
