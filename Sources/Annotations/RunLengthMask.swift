/// What is wrong with run lengths.
public enum RunLengthError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The counts are neither a text nor an array of integers.
  case notCounts
  /// Height or width is negative, or their product is beyond the limit.
  case size(height: Int, width: Int)
  /// A run is negative.
  case negativeRun
  /// The runs do not add up to the number of pixels.
  case total(found: Int, wanted: Int)
  /// A character that the compressed form does not use.
  case character(UInt8)
  /// The compressed text ends within a number.
  case early
  /// A number of more than 64 bits.
  case overflow

  /// One line.
  public var description: String {
    switch self {
    case .notCounts: "counts is neither a text nor an array of integers"
    case .size(let height, let width): "the size [\(height), \(width)] is not one of a mask"
    case .negativeRun: "a run is negative"
    case .total(let found, let wanted): "the runs add up to \(found) pixels, the size to \(wanted)"
    case .character(let byte): "counts has the byte \(byte), which is not used in run lengths"
    case .early: "counts ends within a number"
    case .overflow: "counts has a number that is too large"
    }
  }
}

/// A mask as run lengths: pixels column by column, runs of background and object in turn, background first (0 where
/// the first pixel belongs to the object). Height comes first in sizes.
///
/// Source: COCO's mask format (`maskApi.c` of cocoapi).
public struct RunLengthMask: Sendable, Equatable {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// Lengths of the runs; they add up to height × width.
  public let counts: [Int]

  /// More pixels than any image that is accepted; keeps hostile sizes from allocating.
  public static let mostPixels = 1 << 31

  /// A mask from run lengths, which must add up to the size.
  public init(counts: [Int], height: Int, width: Int) throws(RunLengthError) {
    let (pixels, overflow) = height.multipliedReportingOverflow(by: width)
    guard height >= 0, width >= 0, !overflow, pixels <= Self.mostPixels else {
      throw .size(height: height, width: width)
    }
    var total = 0
    for count in counts {
      guard count >= 0 else { throw .negativeRun }
      guard count <= pixels - total else {
        throw .total(found: total.addingReportingOverflow(count).partialValue, wanted: pixels)
      }
      total += count
    }
    guard total == pixels else { throw .total(found: total, wanted: pixels) }
    self.height = height
    self.width = width
    self.counts = counts
  }

  /// A mask from bytes row by row; what is not 0 belongs to the object.
  ///
  /// - Precondition: there are height × width bytes.
  public init(pixels: [UInt8], height: Int, width: Int) {
    precondition(
      pixels.count == height * width, "a \(height)×\(width) mask needs \(height * width) bytes, got \(pixels.count)")
    var counts: [Int] = []
    var run = 0
    var isObject = false
    for column in 0..<width {
      for row in 0..<height {
        if (pixels[row * width + column] != 0) != isObject {
          counts.append(run)
          run = 0
          isObject.toggle()
        }
        run += 1
      }
    }
    counts.append(run)
    self.height = height
    self.width = width
    self.counts = counts
  }

  /// The mask as bytes row by row, 1 for the object.
  public var pixels: [UInt8] {
    var pixels = [UInt8](repeating: 0, count: height * width)
    forEachRun { run in
      for place in run { pixels[place % height * width + place / height] = 1 }
    }
    return pixels
  }

  /// Calls `body` with the places of each run of the object that is not empty, counted down the columns, ascending.
  @inline(__always)
  func forEachRun(_ body: (Range<Int>) -> Void) {
    var at = 0
    for (index, count) in counts.enumerated() {
      if index % 2 == 1, count > 0 { body(at..<at + count) }
      at += count
    }
  }

  /// The number of pixels that belong to the object.
  public var area: Int { counts.enumerated().reduce(0) { $1.offset % 2 == 1 ? $0 + $1.element : $0 } }

  /// The smallest box around the object; nil where it has no pixel.
  public var box: Box? {
    var (top, bottom, left, right) = (height, 0, width, 0)
    forEachRun { run in
      let (first, last) = (run.lowerBound, run.upperBound - 1)
      left = min(left, first / height)
      right = max(right, last / height + 1)
      if first / height == last / height {
        top = min(top, first % height)
        bottom = max(bottom, last % height + 1)
      } else {
        (top, bottom) = (0, height)
      }
    }
    return right == 0 ? nil : Box(x0: Double(left), y0: Double(top), x1: Double(right), y1: Double(bottom))
  }
}

// MARK: The compressed text

extension RunLengthMask {
  /// A mask from COCO's compressed text: 5 bits a character above 48, the sixth says that more follow, the last one's
  /// bit 4 is the sign; from the fourth number on, the difference to the number two before.
  public init(compressed: String, height: Int, width: Int) throws(RunLengthError) {
    try self.init(compressed: compressed.utf8, height: height, width: width)
  }

  /// A mask from the bytes of COCO's compressed text.
  init(compressed: some Sequence<UInt8>, height: Int, width: Int) throws(RunLengthError) {
    var counts: [Int] = []
    var value = 0
    var shift = 0
    for byte in compressed {
      guard (48..<112).contains(byte) else { throw .character(byte) }
      guard shift < 60 else { throw .overflow }
      let bits = Int(byte) - 48
      value |= (bits & 31) << shift
      shift += 5
      if bits & 32 != 0 { continue }
      if bits & 16 != 0 { value |= -1 << shift }
      if counts.count > 2 {
        let (sum, overflow) = value.addingReportingOverflow(counts[counts.count - 2])
        guard !overflow else { throw .overflow }
        value = sum
      }
      counts.append(value)
      value = 0
      shift = 0
    }
    guard shift == 0 else { throw .early }
    try self.init(counts: counts, height: height, width: width)
  }

  /// COCO's compressed text, the same bytes as its own encoder gives.
  public var compressed: String {
    var text: [UInt8] = []
    for (index, count) in counts.enumerated() {
      var value = index > 2 ? count - counts[index - 2] : count
      var more = true
      while more {
        var bits = value & 31
        value >>= 5
        more = bits & 16 != 0 ? value != -1 : value != 0
        if more { bits |= 32 }
        text.append(UInt8(bits + 48))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
