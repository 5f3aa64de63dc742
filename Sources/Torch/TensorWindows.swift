extension Tensor {
  /// The square windows around chosen positions of maps [N, C, H, W], as rows [S, kernel · kernel · C]: a window's rows, then
  /// its columns, then channels; zeros outside the map. Gradients flow.
  ///
  /// A convolution of stride 1 that is wanted at few positions is the product of these rows with its weight.
  ///
  /// - Parameters:
  ///   - positions: int64 [S], (n · H + y) · W + x.
  ///   - kernel: The side of a window, odd.
  public func windows(at positions: Tensor, kernel: Int) -> Tensor {
    precondition(kernel % 2 == 1, "a window around a position has an odd side, got \(kernel)")
    let (channels, height, width) = (size(1), size(2), size(3))
    let (dy, dx) = Self.shifts(kernel, device: device)
    let y = positions.quotient(by: width).remainder(by: height).unsqueezed(1) + dy  // [S, kernel²]
    let x = positions.remainder(by: width).unsqueezed(1) + dx
    let isInRow: Tensor = (x .>= 0) .& (x .< Double(width))
    let isInside: Tensor = isInRow .& (y .>= 0) .& (y .< Double(height))
    let shifted = positions.unsqueezed(1) + dy.multiplied(by: width) + dx
    let rows = select(isInside, shifted, else: shifted.multiplied(by: 0))
    // Channels-last maps are such rows already.
    let picked = permuted(0, 2, 3, 1).reshaped(-1, channels).gathered(rows.flattened())
    let kept = picked * isInside.flattened().to(elementType).unsqueezed(1)
    return kept.reshaped(positions.size(0), kernel * kernel * channels)
  }

  /// Where a window's elements lie from its middle: rows and columns, each int64 [1, kernel²].
  private static func shifts(_ kernel: Int, device: Device) -> (Tensor, Tensor) {
    let index = Tensor.indices(kernel * kernel, device: device).unsqueezed(0)
    return (index.quotient(by: kernel).adding(-(kernel / 2)), index.remainder(by: kernel).adding(-(kernel / 2)))
  }
}
