/// The size of a mask.
public struct MaskSize: Sendable, Equatable, BitwiseCopyable {
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
public struct PixelBox: Sendable, Equatable, BitwiseCopyable {
  /// The first column.
  public var x: UInt32
  /// The first row.
  public var y: UInt32
  /// How many columns.
  public var width: UInt32
  /// How many rows.
  public var height: UInt32

  /// A box by its first pixel and its size.
  public init(x: UInt32, y: UInt32, width: UInt32, height: UInt32) {
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
