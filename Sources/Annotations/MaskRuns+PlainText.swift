import Documents

extension MaskRuns {
  /// Adds the mask of a text without surprises, as most are; nil for all that is to be looked at more closely.
  mutating func plainMask(
    of bytes: UnsafeRawBufferPointer, _ size: MaskSize?, keepsEmptyRuns: Bool
  ) -> MaskSize? {
    var cursor = JSONCursor(bytes)
    let start = runs.count
    let found: MaskSize?
    if cursor.peek() == UInt8(ascii: "{") {
      found = plainRuns(&cursor)
      if found != nil { finish(start, keepsEmptyRuns: keepsEmptyRuns) }
    } else {
      found = size.flatMap { Self.isUsable($0) && plainPolygons(&cursor, $0) ? $0 : nil }
    }
    cursor.skipSpace()
    return cursor.at == bytes.count ? found : nil
  }

  /// `{"size": [height, width], "counts": …}` in any order.
  private mutating func plainRuns(_ cursor: inout JSONCursor) -> MaskSize? {
    guard cursor.take(UInt8(ascii: "{")) else { return nil }
    var size: MaskSize?
    var total: Int?
    repeat {
      guard let key = cursor.key() else { return nil }
      if size == nil, cursor.holds(key, "size") {
        guard cursor.take(UInt8(ascii: "[")), let height = cursor.int(), cursor.take(UInt8(ascii: ",")),
          let width = cursor.int(), cursor.take(UInt8(ascii: "]"))
        else { return nil }
        size = MaskSize(height: height, width: width)
      } else if total == nil, cursor.holds(key, "counts") {
        total = cursor.peek() == UInt8(ascii: "\"") ? compressedRuns(&cursor) : integerRuns(&cursor)
        if total == nil { return nil }
      } else {
        return nil
      }
    } while cursor.take(UInt8(ascii: ","))
    guard cursor.take(UInt8(ascii: "}")), let size, let total, Self.isUsable(size), total == size.height * size.width
    else { return nil }
    return size
  }

  /// An array of run lengths; returns their sum.
  private mutating func integerRuns(_ cursor: inout JSONCursor) -> Int? {
    guard cursor.take(UInt8(ascii: "[")) else { return nil }
    var total = 0
    repeat {
      guard let run = cursor.int(), run >= 0, run <= RunLengthMask.mostPixels - total else { return nil }
      total += run
      runs.append(UInt32(run))
    } while cursor.take(UInt8(ascii: ","))
    return cursor.take(UInt8(ascii: "]")) ? total : nil
  }

  /// COCO's compressed text (``RunLengthMask/init(compressed:height:width:)-(String,_,_)``) in quotes; returns the sum of the runs.
  private mutating func compressedRuns(_ cursor: inout JSONCursor) -> Int? {
    let rest = UnsafeRawBufferPointer(rebasing: cursor.bytes[(cursor.at + 1)...])
    if decoded.count < rest.count { decoded = Array(repeating: 0, count: 2 * rest.count) }
    return decoded.withUnsafeMutableBufferPointer { decoded in
      guard let (count, taken, total) = Self.decode(rest, into: decoded) else { return nil }
      runs.append(contentsOf: UnsafeBufferPointer(rebasing: decoded[..<count]))
      cursor.at += 1 + taken
      return total
    }
  }

  /// Decodes a compressed text up to its quote.
  ///
  /// - Parameter runs: has room for as many as there are bytes.
  /// - Returns: how many runs there are, how many bytes were taken, and how many pixels the runs have.
  private static func decode(
    _ bytes: UnsafeRawBufferPointer, into runs: UnsafeMutableBufferPointer<UInt32>
  ) -> (count: Int, taken: Int, total: Int)? {
    var (at, count, total) = (0, 0, 0)
    // The runs one and two before.
    var (last, before) = (0, 0)
    var (value, shift) = (0, 0)
    while at < bytes.count {
      let bits = Int(bytes[at]) - 48
      at += 1
      if bits < 0 || bits > 63 {
        return bits == 34 - 48 && shift == 0 ? (count, at, total) : nil
      }
      if bits == 92 - 48 {
        // The backslash, the only character of run lengths that JSON escapes.
        guard at < bytes.count, bytes[at] == 92 else { return nil }
        at += 1
      }
      if shift == 0, bits < 32 {
        // Most numbers have one character.
        value = (bits ^ 16) &- 16
      } else {
        value |= (bits & 31) << shift
        shift &+= 5
        if bits & 32 != 0 {
          if shift > 35 { return nil }
          continue
        }
        if bits & 16 != 0 { value |= -1 << shift }
      }
      if count > 2 { value &+= before }
      guard value >= 0, value <= RunLengthMask.mostPixels - total else { return nil }
      total &+= value
      runs[count] = UInt32(truncatingIfNeeded: value)
      count &+= 1
      (before, last) = (last, value)
      (value, shift) = (0, 0)
    }
    return nil
  }

  /// `[[x, y, x, y …] …]`.
  private mutating func plainPolygons(_ cursor: inout JSONCursor, _ size: MaskSize) -> Bool {
    guard cursor.take(UInt8(ascii: "[")) else { return false }
    intervals.removeAll(keepingCapacity: true)
    var isOnly = true
    var isFirst = true
    repeat {
      guard cursor.take(UInt8(ascii: "[")) else { return false }
      ring.removeAll(keepingCapacity: true)
      repeat {
        guard let number = cursor.number() else { return false }
        ring.append(number.value)
      } while cursor.take(UInt8(ascii: ","))
      guard cursor.take(UInt8(ascii: "]")), Self.isUsable(ring) else { return false }
      let isLast = cursor.peek() != UInt8(ascii: ",")
      isOnly = isFirst && isLast
      isFirst = false
      append(ring, size, isOnly: isOnly)
    } while cursor.take(UInt8(ascii: ","))
    guard cursor.take(UInt8(ascii: "]")) else { return false }
    if !isOnly { join(pixels: UInt32(size.height * size.width)) }
    return true
  }
}
