import Torch

/// RoIAlign written with tensor operations: for devices that the kernel does not run on, and as its second opinion.
///
/// Every bin is a weighted sum of rows of one matrix, all pixels of all levels × channels: four neighbours of each of its
/// samples. So one operation (`embedding_bag`) reads all regions from all levels, whatever their number, without intermediate
/// maps and without a wait for the device. Takes and gives what `roiAlignKernel` does, with regions and levels on the CPU and the
/// result where the maps are; sampling positions are computed in float64.
func roiAlignByWeightedSums(
  _ features: [Tensor], regions: Tensor, levels: Tensor, scales: [Double], options: RoIAlignOptions
) -> Tensor {
  let device = features[0].device
  let adaptive = options.samplingRatio == 0 ? SampleCounts(regions, levels: levels, scales: scales, options) : nil
  let (regions, levels) = (regions.to(device), levels.to(device))
  let channels = features[0].size(1)
  guard regions.size(0) > 0 else {
    return .zeros([0, channels, options.outputHeight, options.outputWidth], like: features[0])
  }
  let pixels = concatenate(features.map { $0.permuted(0, 2, 3, 1).reshaped(-1, channels) })
  let bins = regions.size(0) * options.outputHeight * options.outputWidth
  let (indices, weights, starts) = withoutGradients { () -> (Tensor, Tensor, Tensor?) in
    /// A number of each region's level, [R, 1].
    func ofLevel(_ values: [Double]) -> Tensor {
      Tensor(values, shape: [values.count], device: regions.device).gathered(levels).unsqueezed(1)
    }
    let (heights, widths) = (features.map { Double($0.size(2)) }, features.map { Double($0.size(3)) })
    let counts = features.map { Double($0.size(0) * $0.size(2) * $0.size(3)) }
    let starts = counts.indices.map { counts[..<$0].reduce(0, +) }
    let boxes = regions.sliced(axis: 1, from: 1).to(.float64) * ofLevel(scales) - (options.aligned ? 0.5 : 0)
    if let adaptive {
      let map = RegionMaps(
        height: ofLevel(heights).squeezed(1), width: ofLevel(widths).squeezed(1),
        start: ofLevel(starts).squeezed(1), image: regions.selected(0, axis: 1).to(.float64))
      let (places, weights, first) = adaptiveSamples(of: boxes, on: map, adaptive, options)
      return (places.to(.int64), weights.to(pixels.elementType), first)
    }
    let y = neighbors(boxes, side: 1, bins: options.outputHeight, size: ofLevel(heights), options)
    let x = neighbors(boxes, side: 0, bins: options.outputWidth, size: ofLevel(widths), options)
    let image = regions.sliced(axis: 1, to: 1).to(.float64)
    // Where the rows of pixels begin, [R, rows, neighbors in y].
    let rows = y.places + (image * ofLevel(heights)).unsqueezed(2)  // of all images of the level
    let starting = rows * ofLevel(widths).unsqueezed(2) + ofLevel(starts).unsqueezed(2)
    // [R, rows, columns, neighbors in y, neighbors in x]
    let places = starting.unsqueezed(2).unsqueezed(4) + x.places.unsqueezed(1).unsqueezed(3)
    let weights = y.weights.unsqueezed(2).unsqueezed(4) * x.weights.unsqueezed(1).unsqueezed(3)
    let share = 1 / Double(options.samplingRatio * options.samplingRatio)
    return (places.to(.int64).flattened(), (weights * share).to(pixels.elementType).flattened(), nil)
  }
  let sums =
    if let starts {
      pixels.weightedSums(ofRows: indices, weights: weights, startingAt: starts)
    } else {
      pixels.weightedSums(ofRows: indices.reshaped(bins, -1), weights: weights.reshaped(bins, -1))
    }
  return
    sums
    .reshaped(regions.size(0), options.outputHeight, options.outputWidth, channels).permuted(0, 3, 1, 2)
}

/// For every sample along one side of boxes [R, 4] the two pixels it lies between and their weights, each
/// [R, bins, samples · 2].
private func neighbors(
  _ boxes: Tensor, side: Int, bins: Int, size: Tensor, _ options: RoIAlignOptions
) -> (places: Tensor, weights: Tensor) {
  let (count, samples) = (boxes.size(0), options.samplingRatio)
  let start = boxes.selected(side, axis: 1).unsqueezed(1)
  let length = boxes.selected(side + 2, axis: 1).unsqueezed(1) - start
  let extent = options.aligned ? length : length.clamped(min: 1)
  let steps = (Tensor.range(to: Double(bins * samples), .float64, device: boxes.device) + 0.5) / Double(samples)
  let position = start + steps * (extent / Double(bins))  // [R, bins · samples]
  let (lower, upper, share, isInside) = surrounding(position, size: size)
  let shape = [count, bins, samples * 2]
  func paired(_ first: Tensor, _ second: Tensor) -> Tensor { stack([first, second], axis: 2).reshaped(shape) }
  return (paired(lower, upper), paired((1 - share) * isInside, share * isInside))
}

/// The two pixels that positions lie between, the share of the upper one, and 1 where a position is on the map and 0 beyond it.
func surrounding(_ position: Tensor, size: Tensor) -> (lower: Tensor, upper: Tensor, share: Tensor, isInside: Tensor) {
  let isInside = ((position .>= -1) .& (position - size .<= 0)).to(.float64)
  let last = size - 1
  let clamped = minimum(position.clamped(min: 0), last)
  let lower = clamped.floor()
  return (lower, minimum(lower + 1, last), clamped - lower, isInside)
}
