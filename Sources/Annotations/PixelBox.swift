/// The size of a mask.
public struct MaskSize: Sendable, Equatable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// A size in pixels.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

/// A box of whole pixels.
public struct PixelBox: Sendable, Equatable {
  /// The first column.
  public var x: Int32
  /// The first row.
  public var y: Int32
  /// How many columns.
  public var width: Int32
  /// How many rows.
  public var height: Int32

  /// A box by its first pixel and its size.
  public init(x: Int32, y: Int32, width: Int32, height: Int32) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Whether both have a pixel in common.
  public func overlaps(_ other: PixelBox) -> Bool {
    x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
  }
}
