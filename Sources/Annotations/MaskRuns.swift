/// Why a segmentation gives no mask.
public struct MaskMisfit: Error, Sendable {
  /// The reason, with the word `segmentation` or the part of it before it.
  public let reason: String

  /// A misfit for this reason.
  public init(reason: String) { self.reason = reason }
}

/// The run lengths of many masks in one block of memory: pixels column by column, background first, as in
/// ``RunLengthMask``, but without an allocation for each.
public struct MaskRuns: Sendable {
  /// One mask: where its runs stand.
  public struct Mask: Sendable, BitwiseCopyable {
    /// Its rows and columns.
    public let size: MaskSize
    private let start: Int
    private let end: Int
    /// Whether runs of no pixel were kept behind the first, which may be empty in any mask.
    let hasEmptyRuns: Bool

    /// Where its runs stand.
    var range: Range<Int> { start..<end }

    init(size: MaskSize, range: Range<Int>, hasEmptyRuns: Bool = false) {
      self.size = size
      (start, end) = (range.lowerBound, range.upperBound)
      self.hasEmptyRuns = hasEmptyRuns
    }
  }

  var runs: [UInt32] = []
  /// Object pixels of several polygons, first and end, before they are joined.
  var intervals: [Range<UInt32>] = []
  private var polygon = PolygonRuns()
  var ring: [Double] = []
  /// Room for the runs of one text.
  var decoded: [UInt32] = []

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
    let start = runs.count
    if let plain = segmentation.withBytes({ plainMask(of: $0, size, keepsEmptyRuns: keepsEmptyRuns) }) {
      return plain
    }
    runs.removeLast(runs.count - start)
    let content: Segmentation.Content
    do throws(AnnotationError) { content = try segmentation.content(place: "") } catch {
      throw MaskMisfit(reason: error.description)
    }
    switch content {
    case .mask(let mask):
      runs.append(contentsOf: mask.counts.map { UInt32($0) })
      return finish(
        MaskSize(height: mask.height, width: mask.width), from: start,
        hasEmptyRuns: mask.counts.dropFirst().contains(0), keepsEmptyRuns: keepsEmptyRuns)
    case .polygons(let polygons):
      guard let size else {
        throw MaskMisfit(
          reason: "segmentation is a polygon, and the labels do not say the size of its image")
      }
      guard Self.isUsable(size) else {
        throw MaskMisfit(reason: "segmentation: \(RunLengthError.size(height: size.height, width: size.width))")
      }
      guard !polygons.isEmpty else { throw MaskMisfit(reason: "segmentation has no polygon") }
      intervals.removeAll(keepingCapacity: true)
      for (index, ring) in polygons.enumerated() {
        guard Self.isUsable(ring) else {
          throw MaskMisfit(
            reason: "segmentation[\(index)] has fewer than three points, or lies far from any image")
        }
        append(ring, size, isOnly: polygons.count == 1)
      }
      if polygons.count > 1 { join(pixels: UInt32(size.height * size.width)) }
      return Mask(size: size, range: start..<runs.count)
    }
  }

  static func isUsable(_ size: MaskSize) -> Bool {
    size.height >= 0 && size.width >= 0 && size.height <= RunLengthMask.mostPixels / max(1, size.width)
  }

  static func isUsable(_ ring: [Double]) -> Bool {
    ring.count >= 6 && ring.count % 2 == 0 && ring.allSatisfy { abs($0) <= PolygonRuns.farthest }
  }

  /// Adds the runs of a polygon, or its object pixels where others are to be joined with it.
  mutating func append(_ ring: [Double], _ size: MaskSize, isOnly: Bool) {
    let first = runs.count
    polygon.append(ring, height: size.height, width: size.width, to: &runs)
    if isOnly { return }
    var at: UInt32 = 0
    for place in first..<runs.count {
      if (place - first) % 2 == 1 { intervals.append(at..<at + runs[place]) }
      at += runs[place]
    }
    runs.removeLast(runs.count - first)
  }

  /// The mask of the runs from `start` on, which is one run of no pixel where there are none. Empty runs, where there are any behind the
  /// first, join those on both sides of them, unless they are to be kept.
  mutating func finish(_ size: MaskSize, from start: Int, hasEmptyRuns: Bool, keepsEmptyRuns: Bool) -> Mask {
    if runs.count == start { runs.append(0) }
    if hasEmptyRuns, !keepsEmptyRuns { joinEmptyRuns(from: start) }
    return Mask(size: size, range: start..<runs.count, hasEmptyRuns: hasEmptyRuns && keepsEmptyRuns)
  }

  private mutating func joinEmptyRuns(from start: Int) {
    var end = start + 1
    var place = start + 1
    while place < runs.count {
      if runs[place] == 0, place + 1 < runs.count {
        runs[end - 1] += runs[place + 1]
        place += 2
      } else {
        if runs[place] > 0 {
          runs[end] = runs[place]
          end += 1
        }
        place += 1
      }
    }
    runs.removeLast(runs.count - end)
  }

  /// Adds the mask of the pixels in any of the intervals.
  mutating func join(pixels: UInt32) {
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
