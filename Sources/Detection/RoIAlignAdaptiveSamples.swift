import Torch

/// How many samples a bin of each region has along each axis: as many as it has pixels, rounded up.
///
/// Counted on the CPU in the regions' own type, as `roiAlignKernel` does: in another type a bin of 2.0000001 pixels would have
/// another number. So the device need not be asked how many there are in all.
struct SampleCounts {
  /// int64 [R] each, 0 or more, on the CPU.
  let rows: Tensor
  let columns: Tensor

  init(_ regions: Tensor, levels: Tensor, scales: [Double], _ options: RoIAlignOptions) {
    let scale = Tensor(scales, shape: [scales.count]).to(regions.elementType).gathered(levels)
    func count(_ side: Int, bins: Int) -> Tensor {
      func corner(_ column: Int) -> Tensor {
        regions.selected(column, axis: 1) * scale - (options.aligned ? 0.5 : 0)
      }
      let length = corner(side + 2) - corner(side)
      let extent = options.aligned ? length : length.clamped(min: 1)
      return (-(-(extent / Double(bins))).floor()).clamped(min: 0).to(.int64)
    }
    rows = count(2, bins: options.outputHeight)
    columns = count(1, bins: options.outputWidth)
  }
}

/// The map that each region is read from, in the matrix of all pixels of all levels; float64 [R] each.
struct RegionMaps {
  let height: Tensor
  let width: Tensor
  /// The row of the level's first pixel.
  let start: Tensor
  let image: Tensor
}

/// The pixels and weights of all samples of regions whose bins have different numbers of them, bin by bin.
///
/// - Parameter boxes: float64 [R, 4] in pixels of their maps.
/// - Returns: Rows of the matrix of pixels and their weights, float64 [4 · samples], and where each bin of each region begins
///   in them, int64 [R · bins].
func adaptiveSamples(
  of boxes: Tensor, on map: RegionMaps, _ counts: SampleCounts, _ options: RoIAlignOptions
) -> (places: Tensor, weights: Tensor, starts: Tensor) {
  let binCount = options.outputHeight * options.outputWidth
  let perBin = counts.rows * counts.columns
  let total = (perBin.sum().integers.first ?? 0) * binCount
  let device = boxes.device
  let perRegion = perBin.multiplied(by: binCount)
  let firstOnHost = perRegion.cumulativeSum(0) - perRegion
  let first = firstOnHost.to(device)
  let region = perRegion.to(device).repeatedIndices(total: total)
  /// A number of its region for each sample.
  func ofRegion(_ values: Tensor) -> Tensor { values.to(device).to(.float64).gathered(region) }
  func divided(_ a: Tensor, _ b: Tensor) -> (quotient: Tensor, rest: Tensor) {
    let quotient = (a / b).floor()
    return (quotient, a - quotient * b)
  }
  let (rows, columns) = (ofRegion(counts.rows), ofRegion(counts.columns))
  let number = Tensor.range(to: Double(total), .float64, device: device) - ofRegion(first)
  let (bin, inBin) = divided(number, rows * columns)
  let (row, column) = divided(inBin, columns)
  let binRow = (bin / Double(options.outputWidth)).floor()
  let binColumn = bin - binRow * Double(options.outputWidth)
  /// Where samples lie along a side: `step` of `steps` in bin `bin` of `bins`.
  func position(_ side: Int, bins: Int, bin: Tensor, step: Tensor, steps: Tensor) -> Tensor {
    let start = boxes.selected(side, axis: 1)
    let length = boxes.selected(side + 2, axis: 1) - start
    let size = ofRegion((options.aligned ? length : length.clamped(min: 1)) / Double(bins))
    return ofRegion(start) + size * (bin + (step + 0.5) / steps)
  }
  let y = surrounding(
    position(1, bins: options.outputHeight, bin: binRow, step: row, steps: rows), size: ofRegion(map.height))
  let x = surrounding(
    position(0, bins: options.outputWidth, bin: binColumn, step: column, steps: columns), size: ofRegion(map.width))
  let width = ofRegion(map.width)
  let origin = ofRegion(map.start) + ofRegion(map.image) * ofRegion(map.height) * width
  let share = y.isInside * x.isInside / (rows * columns)
  let corners = [(y.lower, 1 - y.share), (y.upper, y.share)].flatMap { y in
    [(x.lower, 1 - x.share), (x.upper, x.share)].map { x in
      (place: origin + y.0 * width + x.0, weight: y.1 * x.1 * share)
    }
  }
  let binStarts =
    first.unsqueezed(1) + perBin.to(device).unsqueezed(1) * Tensor.indices(binCount, device: device).unsqueezed(0)
  return (
    stack(corners.map(\.place), axis: 1).flattened(), stack(corners.map(\.weight), axis: 1).flattened(),
    binStarts.flattened().multiplied(by: 4)
  )
}
