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

  /// The numbers of `[x, y, width, height]` as a file has it; nil for anything else.
  init?(text: String) {
    let numbers = text.dropFirst().dropLast().split(separator: ",").map { part in
      Double(String(part.filter { !$0.isWhitespace }))
    }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2], let height = numbers[3]
    else { return nil }
    self.init(x: x, y: y, width: width, height: height)
  }
}

extension ObjectAnnotation {
  /// The box in the numbers of the COCO file it was read from; from its corners where there is none or it was changed.
  public var writtenBox: WrittenBox { source.box.flatMap(WrittenBox.init(text:)) ?? WrittenBox(box) }
}
