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

/// Why a segmentation gives no mask, in words that follow "segmentation".
public struct MaskMisfit: Error, Sendable {
  /// The reason.
  public let reason: String

  /// A misfit for this reason.
  public init(reason: String) { self.reason = reason }
}

/// The run lengths of many masks in one block of memory: pixels column by column, background first, as in
/// ``RunLengthMask``, but without an allocation for each.
public struct MaskRuns: Sendable {
  /// One mask: where its runs stand.
  public struct Mask: Sendable {
    /// Its rows and columns.
    public let size: MaskSize
    fileprivate let range: Range<Int>
  }

  private var runs: [UInt32] = []
  /// Object pixels of several polygons, first and end, before they are joined.
  private var intervals: [Range<UInt32>] = []

  /// No masks.
  public init() {}

  /// Forgets all masks and keeps the memory.
  public mutating func removeAll() { runs.removeAll(keepingCapacity: true) }

  /// Adds the mask of a segmentation; polygons become the pixels that COCO's rule gives, all of them one mask.
  ///
  /// - Parameters:
  ///   - size: the size of the image, which polygons need.
  ///   - keepsEmptyRuns: whether runs of no pixel stay as they are written, as COCO's own code has them.
  public mutating func append(
    _ segmentation: Segmentation, size: MaskSize?, keepsEmptyRuns: Bool = false
  ) throws(MaskMisfit) -> Mask {
    let content: Segmentation.Content
    do throws(AnnotationError) { content = try segmentation.content(place: "") } catch {
      if case .content(_, let reason) = error { throw MaskMisfit(reason: reason) }
      throw MaskMisfit(reason: error.description)
    }
    let start = runs.count
    switch content {
    case .mask(let mask):
      for count in mask.counts { append(run: UInt32(count), start, keepsEmptyRuns: keepsEmptyRuns) }
      if runs.count == start { runs.append(0) }
      return Mask(size: MaskSize(height: mask.height, width: mask.width), range: start..<runs.count)
    case .polygons(let polygons):
      guard let size else { throw MaskMisfit(reason: "is a polygon, and the labels do not say the size of its image") }
      guard size.height <= RunLengthMask.mostPixels / max(1, size.width) else {
        throw MaskMisfit(reason: RunLengthError.size(height: size.height, width: size.width).description)
      }
      try append(polygons, size)
      return Mask(size: size, range: start..<runs.count)
    }
  }

  /// Adds a run to the mask that starts at `start`. An empty one joins the runs on both sides of it.
  @inline(__always)
  private mutating func append(run: UInt32, _ start: Int, keepsEmptyRuns: Bool) {
    runs.append(run)
    let count = runs.count
    if keepsEmptyRuns || count - start < 3 || runs[count - 2] != 0 { return }
    runs[count - 3] += run
    runs.removeLast(2)
  }

  private mutating func append(_ polygons: [[Double]], _ size: MaskSize) throws(MaskMisfit) {
    guard !polygons.isEmpty else { throw MaskMisfit(reason: "has no polygon") }
    intervals.removeAll(keepingCapacity: true)
    for ring in polygons {
      guard let mask = RunLengthMask(polygon: ring, height: size.height, width: size.width) else {
        throw MaskMisfit(reason: "has a polygon of fewer than three points, or one that lies far from any image")
      }
      var at = 0
      for (place, count) in mask.counts.enumerated() {
        if polygons.count == 1 {
          runs.append(UInt32(count))
        } else if place % 2 == 1 {
          intervals.append(UInt32(at)..<UInt32(at + count))
        }
        at += count
      }
    }
    if polygons.count > 1 { join(pixels: UInt32(size.height * size.width)) }
  }

  /// Adds the mask of the pixels in any of the intervals.
  private mutating func join(pixels: UInt32) {
    intervals.sort { $0.lowerBound < $1.lowerBound }
    var at: UInt32 = 0
    var open: Range<UInt32>?
    for interval in intervals where !interval.isEmpty {
      if let current = open {
        if interval.lowerBound <= current.upperBound {
          open = current.lowerBound..<max(current.upperBound, interval.upperBound)
          continue
        }
        runs.append(current.lowerBound - at)
        runs.append(current.upperBound - current.lowerBound)
        at = current.upperBound
      }
      open = interval
    }
    if let current = open {
      runs.append(current.lowerBound - at)
      runs.append(current.upperBound - current.lowerBound)
      at = current.upperBound
    }
    if at < pixels || open == nil { runs.append(pixels - at) }
  }
}

// MARK: Measures

extension MaskRuns {
  /// The number of pixels that belong to the object.
  public func area(of mask: Mask) -> Int {
    var area = 0
    for place in stride(from: mask.range.lowerBound + 1, to: mask.range.upperBound, by: 2) { area += Int(runs[place]) }
    return area
  }

  /// The smallest box of whole pixels around the object; without extent where it has none.
  public func box(of mask: Mask) -> PixelBox {
    let height = UInt32(mask.size.height)
    var (left, top, right, bottom) = (UInt32.max, UInt32.max, UInt32(0), UInt32(0))
    var at: UInt32 = 0
    for place in stride(from: mask.range.lowerBound + 1, to: mask.range.upperBound, by: 2) {
      let first = at + runs[place - 1]
      at = first + runs[place]
      if runs[place] == 0 { continue }
      let (column, row) = first.quotientAndRemainder(dividingBy: height)
      left = min(left, column)
      let lastRow = row + runs[place] - 1
      if lastRow < height {
        right = column
        (top, bottom) = (min(top, row), max(bottom, lastRow))
      } else {
        right = (at - 1) / height
        (top, bottom) = (0, height - 1)
      }
    }
    if left > right { return PixelBox(x: 0, y: 0, width: 0, height: 0) }
    return PixelBox(
      x: Int32(left), y: Int32(top), width: Int32(right - left) + 1, height: Int32(bottom - top) + 1)
  }

  /// Intersection over union with a mask of another block; over a crowd, intersection over this one. 0 for masks of
  /// different sizes.
  ///
  /// The runs of both are walked in turn until none is left, as in COCO's `rleIou`.
  public func overlap(of mask: Mask, with other: Mask, in others: MaskRuns, isCrowd: Bool) -> Double {
    guard mask.size == other.size else { return 0 }
    var (common, either) = (0, 0)
    runs.withUnsafeBufferPointer { one in
      others.runs.withUnsafeBufferPointer { two in
        var (a, b) = (mask.range.lowerBound + 1, other.range.lowerBound + 1)
        let (endA, endB) = (mask.range.upperBound, other.range.upperBound)
        var (left, right) = (one[a - 1], two[b - 1])
        var (isOne, isTwo) = (false, false)
        var isOpen = true
        while isOpen {
          let step = min(left, right)
          if isOne || isTwo {
            either += Int(step)
            if isOne && isTwo { common += Int(step) }
          }
          left -= step
          if left == 0, a < endA {
            left = one[a]
            a += 1
            isOne.toggle()
          }
          right -= step
          if right == 0, b < endB {
            right = two[b]
            b += 1
            isTwo.toggle()
          }
          isOpen = left > 0 || right > 0
        }
      }
    }
    if common == 0 { return 0 }
    return Double(common) / Double(isCrowd ? area(of: mask) : either)
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
