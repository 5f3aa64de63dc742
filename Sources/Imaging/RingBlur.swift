extension Image {
  /// Makes each pixel the mean of the 16 at a distance of two, the outermost of 5 by 5, halves up: Pillow's `ImageFilter.BLUR`. The two
  /// outermost rows and columns stay as they are.
  ///
  /// - Precondition: the image is RGB.
  mutating func blurByRing() {
    precondition(channels == 3, "Image.blurByRing: expected 3 channels, got \(channels)")
    guard height >= 5, width >= 5 else { return }
    let (height, row) = (height, 3 * width)
    let before = pixels
    before.withUnsafeBufferPointer { before in
      pixels.withUnsafeMutableBufferPointer { after in
        for y in 2..<height - 2 {
          for place in y * row + 6..<y * row + row - 6 {
            var sum = 8
            for column in stride(from: -6, through: 6, by: 3) {
              sum += Int(before[place - 2 * row + column]) + Int(before[place + 2 * row + column])
            }
            for line in stride(from: -row, through: row, by: row) {
              sum += Int(before[place + line - 6]) + Int(before[place + line + 6])
            }
            after[place] = UInt8(sum / 16)
          }
        }
      }
    }
  }
}
