extension RunLengthMask {
  /// The pixels inside a closed polygon x, y, x, y …, exactly as pycocotools makes them (`frPyObjects`).
  ///
  /// - Returns: nil for fewer than three points, for coordinates that are no number or far from any image, and for sizes that
  ///   no mask has.
  public init?(polygon ring: [Double], height: Int, width: Int) {
    guard MaskRuns.isUsable(MaskSize(height: height, width: width)), MaskRuns.isUsable(ring),
      let mask = try? RunLengthMask(
        counts: PolygonRuns.counts(of: ring, height: height, width: width), height: height, width: width)
    else { return nil }
    self = mask
  }

  /// Writes a value over the object's pixels in a label map of the same size, row by row.
  func paint(_ value: UInt8, into labels: inout [UInt8]) {
    precondition(labels.count == height * width, "RunLengthMask.paint: the label map is of another size")
    labels.withUnsafeMutableBufferPointer { labels in
      forEachRun { run in
        var (row, column) = (run.lowerBound % height, run.lowerBound / height)
        for _ in run {
          labels[row * width + column] = value
          row += 1
          if row == height { (row, column) = (0, column + 1) }
        }
      }
    }
  }
}
