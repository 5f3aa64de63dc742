import Documents

extension MaskRuns {
  /// Run lengths as a text has them: how many pixels they are together, and whether one behind the first is empty.
  private typealias Runs = (total: Int, hasEmptyRuns: Bool)

  /// Adds the mask of a text without surprises, as most are; nil for all that is to be looked at more closely.
  mutating func plainMask(of bytes: UnsafeRawBufferPointer, _ size: MaskSize?, keepsEmptyRuns: Bool) -> Mask? {
    var cursor = JSONCursor(bytes)
    let start = runs.count
    let found: Mask?
    if cursor.peek() == UInt8(ascii: "{") {
      found = plainRuns(&cursor).map {
        finish($0.size, from: start, hasEmptyRuns: $0.hasEmptyRuns, keepsEmptyRuns: keepsEmptyRuns)
      }
    } else if let size, Self.isUsable(size), plainPolygons(&cursor, size) {
      found = Mask(size: size, range: start..<runs.count)
    } else {
      found = nil
    }
    cursor.skipSpace()
    return cursor.at == bytes.count ? found : nil
  }

  /// `{"size": [height, width], "counts": …}` in any order.
  private mutating func plainRuns(_ cursor: inout JSONCursor) -> (size: MaskSize, hasEmptyRuns: Bool)? {
    guard cursor.take(UInt8(ascii: "{")) else { return nil }
    var size: MaskSize?
    var counts: Runs?
    repeat {
      guard let key = cursor.key() else { return nil }
      if size == nil, cursor.holds(key, "size") {
        guard cursor.take(UInt8(ascii: "[")), let height = cursor.int(), cursor.take(UInt8(ascii: ",")),
          let width = cursor.int(), cursor.take(UInt8(ascii: "]"))
        else { return nil }
        size = MaskSize(height: height, width: width)
      } else if counts == nil, cursor.holds(key, "counts") {
        counts = cursor.peek() == UInt8(ascii: "\"") ? compressedRuns(&cursor) : integerRuns(&cursor)
        if counts == nil { return nil }
      } else {
        return nil
      }
    } while cursor.take(UInt8(ascii: ","))
    guard cursor.take(UInt8(ascii: "}")), let size, let counts, Self.isUsable(size),
      counts.total == size.height * size.width
    else { return nil }
    return (size, counts.hasEmptyRuns)
  }

  /// An array of run lengths.
  private mutating func integerRuns(_ cursor: inout JSONCursor) -> Runs? {
    guard cursor.take(UInt8(ascii: "[")) else { return nil }
    let start = runs.count
    var (total, hasEmptyRuns) = (0, false)
    repeat {
      guard let run = cursor.int(), run >= 0, run <= RunLengthMask.mostPixels - total else { return nil }
      total += run
      if run == 0, runs.count > start { hasEmptyRuns = true }
      runs.append(UInt32(run))
    } while cursor.take(UInt8(ascii: ","))
    return cursor.take(UInt8(ascii: "]")) ? (total, hasEmptyRuns) : nil
  }

  /// COCO's compressed text (``RunLengthMask/init(compressed:height:width:)-(String,_,_)``) in quotes.
  private mutating func compressedRuns(_ cursor: inout JSONCursor) -> Runs? {
    let rest = UnsafeRawBufferPointer(rebasing: cursor.bytes[(cursor.at + 1)...])
    if decoded.count < rest.count { decoded = Array(repeating: 0, count: 2 * rest.count) }
    return decoded.withUnsafeMutableBufferPointer { decoded in
      guard let (count, taken, found) = Self.decode(rest, into: decoded) else { return nil }
      runs.append(contentsOf: UnsafeBufferPointer(rebasing: decoded[..<count]))
      cursor.at += 1 + taken
      return found
    }
  }

  /// Decodes a compressed text up to its quote.
  ///
  /// - Parameter runs: has room for as many as there are bytes.
  /// - Returns: how many runs there are, how many bytes were taken, and what the runs are together.
  private static func decode(
    _ bytes: UnsafeRawBufferPointer, into runs: UnsafeMutableBufferPointer<UInt32>
  ) -> (count: Int, taken: Int, found: Runs)? {
    guard let text = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return nil }
    var (at, count, total, hasEmptyRuns) = (0, 0, 0, false)
    // The runs one and two before, and the bits of all.
    var (last, before, bits) = (0, 0, 0)
    while let number = number(text, &at, bytes.count) {
      let run = count > 2 ? number &+ before : number
      bits |= run
      total &+= run
      if run == 0, count > 0 { hasEmptyRuns = true }
      runs[count] = UInt32(truncatingIfNeeded: run)
      count &+= 1
      (before, last) = (last, run)
    }
    // Had one been negative or of more than 32 bits, it would show among the bits.
    guard at < bytes.count, text[at] == UInt8(ascii: "\""), bits >> 32 == 0, total <= RunLengthMask.mostPixels else {
      return nil
    }
    return (count, at + 1, (total, hasEmptyRuns))
  }

  /// The next number of a compressed text, most of which have one character; nil, and nothing is taken, where none is there whole.
  @inline(__always)
  private static func number(_ text: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) -> Int? {
    guard at < end else { return nil }
    let bits = Int(text[at]) &- 48
    if UInt(bitPattern: bits) < 32 {
      at &+= 1
      return (bits ^ 16) &- 16
    }
    guard let (value, next) = longNumber(text, at, end) else { return nil }
    at = next
    return value
  }

  /// A number of any length, and where it ends.
  private static func longNumber(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> (value: Int, end: Int)? {
    var (at, value, shift) = (start, 0, 0)
    while at < end {
      let bits = Int(text[at]) &- 48
      at &+= 1
      guard UInt(bitPattern: bits) < 64 else { return nil }
      if bits == 92 - 48 {
        // The backslash, the only character of run lengths that JSON escapes.
        guard at < end, text[at] == 92 else { return nil }
        at &+= 1
      }
      value |= (bits & 31) << shift
      shift &+= 5
      if bits & 32 == 0 { return (bits & 16 == 0 ? value : value | -1 << shift, at) }
      if shift > 35 { return nil }
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
