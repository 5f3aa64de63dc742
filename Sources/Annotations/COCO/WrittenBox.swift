/// A box in the numbers of a COCO file: corner and size, not two corners.
///
/// `x + width - x` is not always `width` in floating point. Where the last bit decides, as when an overlap lies exactly
/// at a threshold, evaluation must compute with the numbers of the file.
public struct WrittenBox: Sendable, Equatable {
  /// Left edge.
  public var x: Double
  /// Top edge.
  public var y: Double
  /// Horizontal extent.
  public var width: Double
  /// Vertical extent.
  public var height: Double

  /// A box in these numbers.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// A box that no file has written.
  ///
  /// The difference of two corners is rounded. Of the sizes that lead from one to the other the one with the fewest decimals is
  /// taken, so that a box that was 89.7 wide is again, and not 89.69999999999999.
  public init(_ box: Box) {
    self.init(
      x: box.x0, y: box.y0, width: Self.extent(from: box.x0, to: box.x1), height: Self.extent(from: box.y0, to: box.y1))
  }

  private static func extent(from start: Double, to end: Double) -> Double {
    let difference = end - start
    var scale = 1.0
    for _ in 0..<12 {
      let rounded = (difference * scale).rounded() / scale
      if start + rounded == end { return rounded }
      scale *= 10
    }
    return difference
  }

  /// Width times height, 0 where there is none of one of them.
  var area: Double { width > 0 && height > 0 ? width * height : 0 }
}

/// A box in the four numbers that it was given in, which are exact: a corner and a size, or two corners.
enum GivenBox: Sendable {
  /// As a COCO file has it.
  case written(WrittenBox)
  /// As all else has it.
  case corners(Box)

  /// Its corners.
  var box: Box {
    switch self {
    case .written(let box): Box(x: box.x, y: box.y, width: box.width, height: box.height)
    case .corners(let box): box
    }
  }

  /// Its corner and size.
  var written: WrittenBox {
    switch self {
    case .written(let box): box
    case .corners(let box): WrittenBox(box)
    }
  }
}
