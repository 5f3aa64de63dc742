extension Image {
  /// A label map under an affine map of its plane, on a canvas of the same size: each pixel takes the label of the pixel that its
  /// centre comes from; what lies outside is `fill`.
  ///
  /// - Parameters:
  ///   - sourceX: (a, b, t): the output's point (x, y) shows the map's point whose x is a·x + b·y + t.
  ///   - sourceY: the same for y.
  ///   - fill: the label where the map does not reach.
  /// - Precondition: the image has one channel.
  public func warpedNearest(sourceX: SIMD3<Double>, sourceY: SIMD3<Double>, fill: UInt8) -> Image {
    precondition(channels == 1, "Image.warpedNearest: expected 1 channel, got \(channels)")
    let (height, width) = (height, width)
    let values = [UInt8](unsafeUninitializedCapacity: height * width) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for y in 0..<height {
          for x in 0..<width {
            let (centreX, centreY) = (Double(x) + 0.5, Double(y) + 0.5)
            let fromX = (sourceX.x * centreX + sourceX.y * centreY + sourceX.z).rounded(.down)
            let fromY = (sourceY.x * centreX + sourceY.y * centreY + sourceY.z).rounded(.down)
            let isInside = fromX >= 0 && fromX < Double(width) && fromY >= 0 && fromY < Double(height)
            target[y * width + x] = isInside ? source[Int(fromY) * width + Int(fromX)] : fill
          }
        }
      }
      count = height * width
    }
    return Image(height: height, width: width, channels: 1, pixels: values)
  }
}
