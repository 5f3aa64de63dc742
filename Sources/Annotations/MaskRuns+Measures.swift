extension MaskRuns {
  /// The number of pixels that belong to the object.
  public func area(of mask: Mask) -> Int {
    runs.withUnsafeBufferPointer { runs in
      var area = 0
      for place in stride(from: mask.range.lowerBound + 1, to: mask.range.upperBound, by: 2) {
        area += Int(runs[place])
      }
      return area
    }
  }

  /// The smallest box of whole pixels around the object; without extent where it has none.
  public func box(of mask: Mask) -> PixelBox {
    let height = UInt32(mask.size.height)
    var (left, top, right, bottom) = (UInt32.max, UInt32.max, UInt32(0), UInt32(0))
    var place = Pixel(height: height)
    runs.withUnsafeBufferPointer { runs in
      for odd in stride(from: mask.range.lowerBound + 1, to: mask.range.upperBound, by: 2) {
        place.advance(by: runs[odd - 1])
        let length = runs[odd]
        if length == 0 { continue }
        left = min(left, place.column)
        let end = place.row + length
        if end <= height {
          (top, bottom, right) = (min(top, place.row), max(bottom, end - 1), place.column)
          place.advance(by: length)
        } else {
          (top, bottom) = (0, height - 1)
          place.advance(by: length)
          right = place.row == 0 ? place.column - 1 : place.column
        }
      }
    }
    if left > right { return PixelBox(x: 0, y: 0, width: 0, height: 0) }
    return PixelBox(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
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

/// A pixel reached by going down the columns.
private struct Pixel {
  let height: UInt32
  var column: UInt32 = 0
  var row: UInt32 = 0

  init(height: UInt32) { self.height = height }

  @inline(__always)
  mutating func advance(by count: UInt32) {
    row += count
    // Most runs lead into the next column at most.
    if row / 4 >= height, height > 0 {
      column += row / height
      row %= height
    }
    while row >= height, height > 0 {
      row -= height
      column += 1
    }
  }
}
