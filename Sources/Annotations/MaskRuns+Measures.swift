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
    // Pixels counted down the columns: the object's first, the end of its last run, and the next one with its row.
    var (first, end, at, row) = (UInt32.max, UInt32(0), UInt32(0), UInt32(0))
    var (top, bottom) = (UInt32.max, UInt32(0))
    runs.withUnsafeBufferPointer { runs in
      for odd in stride(from: mask.range.lowerBound + 1, to: mask.range.upperBound, by: 2) {
        let (gap, length) = (runs[odd - 1], runs[odd])
        at &+= gap
        row = Self.row(row &+ gap, height)
        if length > 0 {
          first = min(first, at)
          end = at &+ length
          // A run that goes on in the next column has both the lowest row and the highest.
          let goesOn = row &+ length > height
          top = goesOn ? 0 : min(top, row)
          bottom = goesOn ? height : max(bottom, row &+ length)
        }
        at &+= length
        row &+= length
      }
    }
    guard end > 0 else { return PixelBox(x: 0, y: 0, width: 0, height: 0) }
    let left = first / height
    return PixelBox(x: left, y: top, width: (end - 1) / height - left + 1, height: bottom - top)
  }

  /// The row of a pixel that lies `row` pixels below the top of some column; mostly of that one or the next.
  @inline(__always)
  private static func row(_ row: UInt32, _ height: UInt32) -> UInt32 {
    let next = row >= height ? row &- height : row
    return next >= height && height > 0 ? next % height : next
  }

  /// Intersection over union with a mask of another block; over a crowd, intersection over this one. 0 for masks of
  /// different sizes.
  ///
  /// The pixels of both are counted in turn along the objects' runs; the rest follows from the areas. Where both masks have kept
  /// empty runs, these are counted as COCO's `rleIou` does, which ends where two of them meet.
  public func overlap(of mask: Mask, with other: Mask, in others: MaskRuns, isCrowd: Bool) -> Double {
    guard mask.size == other.size else { return 0 }
    let (common, either): (Int, Int)
    if mask.hasEmptyRuns, other.hasEmptyRuns {
      (common, either) = counted(of: mask, with: other, in: others)
    } else {
      common = self.common(of: mask, with: other, in: others)
      either = common == 0 ? 0 : area(of: mask) + others.area(of: other) - common
    }
    if common == 0 { return 0 }
    return Double(common) / Double(isCrowd ? area(of: mask) : either)
  }

  /// The pixels of both masks and of either, counted run by run of object and background until both have none left, or an empty one.
  private func counted(of mask: Mask, with other: Mask, in others: MaskRuns) -> (common: Int, either: Int) {
    let (one, two) = (runs[mask.range], others.runs[other.range])
    var (a, b) = (one.startIndex + 1, two.startIndex + 1)
    var (left, right) = (one[a - 1], two[b - 1])
    var (isOne, isTwo) = (false, false)
    var (common, either) = (0, 0)
    repeat {
      let step = min(left, right)
      if isOne || isTwo { either += Int(step) }
      if isOne, isTwo { common += Int(step) }
      left -= step
      if left == 0, a < one.endIndex {
        left = one[a]
        a += 1
        isOne.toggle()
      }
      right -= step
      if right == 0, b < two.endIndex {
        right = two[b]
        b += 1
        isTwo.toggle()
      }
    } while left > 0 || right > 0
    return (common, either)
  }

  /// The number of pixels that belong to both objects.
  private func common(of mask: Mask, with other: Mask, in others: MaskRuns) -> Int {
    runs.withUnsafeBufferPointer { one in
      others.runs.withUnsafeBufferPointer { two in
        var (a, b) = (mask.range.lowerBound + 1, other.range.lowerBound + 1)
        let (endA, endB) = (mask.range.upperBound, other.range.upperBound)
        guard a < endA, b < endB else { return 0 }
        // The object's run at hand of either, and where it ends.
        var (from, until) = (one[a - 1], one[a - 1] &+ one[a])
        var (otherFrom, otherUntil) = (two[b - 1], two[b - 1] &+ two[b])
        var common = 0
        while true {
          let low = max(from, otherFrom)
          common &+= Int(max(low, min(until, otherUntil)) &- low)
          if until <= otherUntil {
            a += 2
            if a >= endA { return common }
            from = until &+ one[a - 1]
            until = from &+ one[a]
          } else {
            b += 2
            if b >= endB { return common }
            otherFrom = otherUntil &+ two[b - 1]
            otherUntil = otherFrom &+ two[b]
          }
        }
      }
    }
  }
}
