import CImageKernels

/// Where each output position of one axis lies between two input positions, for bilinear interpolation with pixel
/// centres at halves (`align_corners=False`).
struct BilinearTable {
  /// The lower input index of each output index.
  let low: [Int]
  /// The upper input index; equal to the lower one at the last input.
  let high: [Int]
  /// The weight of the upper one, 0...1.
  let weight: [Float]

  /// - Parameters:
  ///   - mirrored: the input is read from its other end; equal to mirroring it first.
  ///   - step: what an input index is multiplied by, for offsets into interleaved rows.
  init(input: Int, output: Int, mirrored: Bool = false, step: Int = 1) {
    // The ratio in single precision, the rest in double, as PyTorch 1.13 does on CPU: at a thousand pixels the last bit
    // of the ratio is visible in the result.
    let scale = Double(Float(input) / Float(output))
    var low = [Int](repeating: 0, count: output)
    var high = low
    var weight = [Float](repeating: 0, count: output)
    for index in 0..<output {
      let place = max(0, scale * (Double(index) + 0.5) - 0.5)
      let lower = min(Int(place), input - 1)
      let upper = min(lower + 1, input - 1)
      low[index] = (mirrored ? input - 1 - lower : lower) * step
      high[index] = (mirrored ? input - 1 - upper : upper) * step
      weight[index] = min(max(Float(place - Double(lower)), 0), 1)
    }
    (self.low, self.high, self.weight) = (low, high, weight)
  }

  private init(low: [Int], high: [Int], weight: [Float]) { (self.low, self.high, self.weight) = (low, high, weight) }

  /// The table of a part of the output positions.
  subscript(range: Range<Int>) -> BilinearTable {
    BilinearTable(low: Array(low[range]), high: Array(high[range]), weight: Array(weight[range]))
  }

  /// A row of RGB pixels, interpolated and scaled, pixel by pixel; for a table of step 3.
  ///
  /// - Parameters:
  ///   - last: The place of a pixel that no byte lies behind.
  ///   - row: One more number than the pixels' is written.
  func interpolate(
    _ line: UnsafePointer<UInt8>, last: Int?, scaling: ik_scaling, into row: UnsafeMutablePointer<Float>
  ) {
    ik_interpolate_row(line, low, high, weight, low.count, last ?? -1, scaling, row)
  }
}
