import Testing

@testable import Detection
@testable import Torch

/// RoIAlign from its definition, one sample at a time, in double: for each bin its pixels and their weights.
private struct PlainRoIAlign {
  let height: Int
  let width: Int
  let scale: Double
  let options: RoIAlignOptions

  /// (y · width + x, weight) of each bin of a region, rows of bins first.
  func bins(_ region: [Double]) -> [[(pixel: Int, weight: Double)]] {
    let shift = options.aligned ? 0.5 : 0
    let (x0, y0) = (region[1] * scale - shift, region[2] * scale - shift)
    var (w, h) = (region[3] * scale - shift - x0, region[4] * scale - shift - y0)
    if !options.aligned { (w, h) = (max(w, 1), max(h, 1)) }
    let (binWidth, binHeight) = (w / Double(options.outputWidth), h / Double(options.outputHeight))
    func count(_ size: Double) -> Int {
      options.samplingRatio > 0 ? options.samplingRatio : max(0, Int(size.rounded(.up)))
    }
    let (rows, columns) = (count(binHeight), count(binWidth))
    return (0..<options.outputHeight * options.outputWidth).map { bin in
      let (row, column) = (Double(bin / options.outputWidth), Double(bin % options.outputWidth))
      return (0..<rows * columns).flatMap { number in
        let (i, j) = (Double(number / columns), Double(number % columns))
        return sample(
          y: y0 + binHeight * (row + (i + 0.5) / Double(rows)),
          x: x0 + binWidth * (column + (j + 0.5) / Double(columns))
        ).map { ($0.pixel, $0.weight / Double(rows * columns)) }
      }
    }
  }

  private func sample(y: Double, x: Double) -> [(pixel: Int, weight: Double)] {
    guard y >= -1, y <= Double(height), x >= -1, x <= Double(width) else { return [] }
    let (y, x) = (min(max(y, 0), Double(height - 1)), min(max(x, 0), Double(width - 1)))
    let (top, left) = (Int(y), Int(x))
    let (bottom, right) = (min(top + 1, height - 1), min(left + 1, width - 1))
    let (ly, lx) = (y - Double(top), x - Double(left))
    return [
      (top * width + left, (1 - ly) * (1 - lx)), (top * width + right, (1 - ly) * lx),
      (bottom * width + left, ly * (1 - lx)), (bottom * width + right, ly * lx),
    ]
  }
}

/// float64 on both sides: only the order of sums differs.
private let sameFormula = 1e-11

@Suite("RoIAlign by its definition") struct RoIAlignReferenceTests {
  private let sizes = [(height: 12, width: 16), (height: 6, width: 8)]
  private let scales = [0.25, 0.125]
  /// Image, corners: ordinary, large, thin, beyond the map, outside, without extent, turned round in one side and in both.
  private let regions: [[Double]] = [
    [0, 3.2, 4.1, 40.7, 33.3], [1, 0, 0, 64, 48], [0, 10, 3, 12.5, 47], [1, 2, 20, 63, 21], [0, -30, -20, 90, 80],
    [1, 200, 200, 260, 240], [0, 8, 8, 8, 8], [1, 30, 10, 12, 20], [0, 63, 47, 2, 1],
  ]

  enum Form: String, CaseIterable {
    case kernel, channelsLast, weightedSums
  }

  @Test(
    "values and gradients, aligned or not, with fixed and adaptive samples", arguments: Form.allCases,
    [(true, 0), (false, 0), (true, 2), (false, 2)])
  func definition(form: Form, options: (aligned: Bool, ratio: Int)) throws {
    let channels = 3
    let options = RoIAlignOptions(outputSize: 3, samplingRatio: options.ratio, aligned: options.aligned)
    let levels = regions.indices.map { $0 % 2 }
    let maps = sizes.enumerated().map { index, size in
      let map = Tensor.normal([2, channels, size.height, size.width], using: Generator(seed: UInt64(index)))
        .to(.float64)
      let laidOut = form == .channelsLast ? map.channelsLast() : map
      laidOut.requiresGradient = true
      return laidOut
    }
    let align = form == .weightedSums ? roiAlignByWeightedSums : roiAlignKernel
    let result = align(
      maps, Tensor(regions.flatMap { $0 }, shape: [regions.count, 5]), Tensor(levels), scales, options)
    let slopes = Tensor.normal(result.shape, using: Generator(seed: 9)).to(.float64)
    (result * slopes).sum().backward()

    let (values, slopeValues) = (maps.map { $0.detached().contiguous().doubles }, slopes.doubles)
    var expected: [Double] = []
    var gradients = values.map { [Double](repeating: 0, count: $0.count) }
    for (number, region) in regions.enumerated() {
      let level = levels[number]
      let plain = PlainRoIAlign(
        height: sizes[level].height, width: sizes[level].width, scale: scales[level], options: options)
      let area = plain.height * plain.width
      for channel in 0..<channels {
        let first = (Int(region[0]) * channels + channel) * area
        for bin in plain.bins(region) {
          let slope = slopeValues[expected.count]
          expected.append(bin.reduce(0) { $0 + $1.weight * values[level][first + $1.pixel] })
          for (pixel, weight) in bin { gradients[level][first + pixel] += weight * slope }
        }
      }
    }
    #expect(zip(result.detached().doubles, expected).allSatisfy { abs($0 - $1) < sameFormula })
    for (map, wanted) in zip(maps, gradients) {
      let found = try #require(map.gradient).contiguous().doubles
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < sameFormula })
    }
  }

  @Test("adaptive counts follow the regions' own type: a bin a hair above a whole number of pixels has one sample more")
  func counts() {
    let options = RoIAlignOptions(outputSize: 7, samplingRatio: 0, aligned: true)
    // 14 pixels and 14 · (1 + 2⁻⁴⁰), which float32 does not tell apart.
    let regions = Tensor([0, 0, 0, 56, 56 + 0x1p-34], shape: [1, 5])
    func rows(_ type: ElementType) -> [Int] {
      SampleCounts(regions.to(type), levels: Tensor([0]), scales: [0.25], options).rows.integers
    }
    #expect(rows(.float32) == [2] && rows(.float64) == [3])
  }
}
