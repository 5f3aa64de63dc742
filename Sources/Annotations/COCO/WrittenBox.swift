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

  /// A box that no file has written: its size is the difference of its corners.
  public init(_ box: Box) {
    self.init(x: box.x0, y: box.y0, width: box.width, height: box.height)
  }
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
