import Torch

/// RoIAlign written with tensor operations: for devices that the kernel does not run on, and as its second opinion.
///
/// Takes and gives what `roiAlignKernel` does; sampling positions are computed in float64.
///
/// - Precondition: `options.samplingRatio` is at least 1.
func roiAlignByGridSampling(
  _ features: [Tensor], regions: Tensor, levels: Tensor, scales: [Double], options: RoIAlignOptions
) -> Tensor {
  precondition(options.samplingRatio > 0, "RoIAlign on \(regions.device) wants a fixed number of samples per bin")
  let channels = features[0].size(1)
  var pieces: [Tensor] = []
  var places: [Tensor] = []
  for (level, map) in features.enumerated() {
    for image in 0..<map.size(0) {
      let mine = (levels .== level) .& (regions.selected(0, axis: 1) .== image)
      let indices = mine.trueIndices()
      guard indices.count > 0 else { continue }
      let boxes = regions.gathered(indices).sliced(axis: 1, from: 1)
      pieces.append(
        sampled(map.sliced(axis: 0, from: image, to: image + 1), boxes: boxes, scale: scales[level], options: options))
      places.append(indices)
    }
  }
  guard !pieces.isEmpty else {
    return .zeros([0, channels, options.outputHeight, options.outputWidth], like: features[0])
  }
  // Back to the order in which the regions were given.
  let order = concatenate(places).sorted(axis: 0).indices
  return concatenate(pieces).gathered(order)
}

/// One map [1, C, H, W] at boxes [R, 4]: [R, C, outputHeight, outputWidth].
private func sampled(_ map: Tensor, boxes: Tensor, scale: Double, options: RoIAlignOptions) -> Tensor {
  let (channels, height, width) = (map.size(1), map.size(2), map.size(3))
  let count = boxes.size(0)
  let ratio = options.samplingRatio
  let (grid, inside) = withoutGradients { () -> (Tensor, Tensor) in
    let scaled = boxes.to(.float64) * scale - (options.aligned ? 0.5 : 0)
    func positions(_ first: Int, bins: Int) -> Tensor {  // [R, bins · ratio]
      let start = scaled.selected(first, axis: 1).unsqueezed(1)
      let length = scaled.selected(first + 2, axis: 1).unsqueezed(1) - start
      let extent = options.aligned ? length : length.clamped(min: 1)
      let steps = (Tensor.range(to: Double(bins * ratio), .float64, device: boxes.device) + 0.5) / Double(ratio)
      return start + steps * (extent / Double(bins))
    }
    let y = positions(1, bins: options.outputHeight).unsqueezed(2)  // [R, rows, 1]
    let x = positions(0, bins: options.outputWidth).unsqueezed(1)  // [R, 1, columns]
    func within(_ p: Tensor, _ size: Int) -> Tensor { (p .>= -1) .& (p .<= Double(size)) }
    func normalized(_ p: Tensor, _ size: Int) -> Tensor {
      size > 1 ? p * (2 / Double(size - 1)) - 1 : p * 0
    }
    let shape = [count, options.outputHeight * ratio, options.outputWidth * ratio]
    let grid = stack([normalized(x, width).expanded(shape), normalized(y, height).expanded(shape)], axis: 3)
    let inside = within(y, height) .& within(x, width)
    return (grid.to(map.elementType), inside.to(map.elementType))
  }
  let rows = options.outputHeight * ratio
  let columns = options.outputWidth * ratio
  let values = map.gridSampledAtCorners(grid.reshaped(1, count * rows, columns, 2))  // [1, C, R · rows, columns]
  let masked = values.reshaped(channels, count, rows, columns) * inside
  return masked.reshaped(channels, count, options.outputHeight, ratio, options.outputWidth, ratio)
    .mean(3, 5).transposed(0, 1)
}
