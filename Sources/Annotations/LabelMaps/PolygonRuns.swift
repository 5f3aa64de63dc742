/// The pixels inside closed polygons, by COCO's rule, so that label maps are those that others make of the same outlines.
///
/// The rule: the outline is walked in steps of a fifth of a pixel, along the longer side of each edge. Wherever a step goes
/// from one column of fifths to the next and the border between them is the middle of a pixel column, the walk crosses that
/// column at the smaller of both heights, rounded up to a whole pixel. The crossings, sorted down the columns, are where the
/// inside begins and ends in turn. Here only the steps at middles of columns are computed, each as the walk would.
///
/// Source: the definition of polygons in COCO's mask format (`rleFrPoly` of cocoapi's `maskApi.c`), whose runs these are.
struct PolygonRuns: Sendable {
  private static let fifths = 5.0
  private typealias Point = (x: Int, y: Int)
  private var height = 0
  private var width = 0
  /// Where the outline crosses middles of columns, counted down the columns.
  private var crossings: [UInt32] = []
  /// The column of each.
  private var columns: [Int] = []
  // Storage for sorting them.
  private var sorted: [UInt32] = []
  private var starts: [Int] = []
  /// How many crossings are kept as such.
  private let most: Int
  /// A bit for each pixel whose crossings, of those that were more, are odd in number; two at one place are none.
  private var isCrossed: [UInt64] = []

  /// Coordinates beyond this are no outline of an image; keeps hostile ones from walking forever.
  static let farthest = Double(1 << 20)

  /// Storage for the crossings of polygons, one after the other.
  ///
  /// - Parameter most: How many crossings of one polygon are kept as such; outlines that go to and fro over an image have more than pixels.
  init(most: Int = 1 << 20) { self.most = most }

  /// The runs of a polygon x, y, x, y … in an image, background first.
  ///
  /// - Precondition: as for `append`.
  static func counts(of ring: [Double], height: Int, width: Int) -> [Int] {
    var runs: [UInt32] = []
    var polygon = PolygonRuns()
    polygon.append(ring, height: height, width: width, to: &runs)
    return runs.map { Int($0) }
  }

  /// Appends the runs of a polygon x, y, x, y … in an image, background first.
  ///
  /// - Precondition: three points or more, none beyond `farthest`; fewer than 2³² pixels.
  mutating func append(_ ring: [Double], height: Int, width: Int, to runs: inout [UInt32]) {
    precondition(
      ring.count >= 6 && ring.allSatisfy { abs($0) <= Self.farthest }, "PolygonRuns: the polygon is not usable")
    (self.height, self.width) = (height, width)
    crossings.removeAll(keepingCapacity: true)
    columns.removeAll(keepingCapacity: true)
    let last = ring.count - ring.count % 2 - 2
    var start = Self.point(ring, last)
    for place in stride(from: 0, through: last, by: 2) {
      let end = Self.point(ring, place)
      cross(from: start, to: end)
      if crossings.count > most { foldCrossings() }
      start = end
    }
    if isCrossed.isEmpty { sort() } else { unfoldCrossings() }
    join(to: &runs)
  }

  /// Cut off towards 0, as a conversion in C does.
  private static func point(_ ring: [Double], _ place: Int) -> Point {
    (x: Int(fifths * ring[place] + 0.5), y: Int(fifths * ring[place + 1] + 0.5))
  }

  /// Crosses the middles of columns along one edge; steps are computed from its left or upper end, whichever way it goes.
  private mutating func cross(from start: Point, to end: Point) {
    let (columns, rows) = (abs(end.x - start.x), abs(end.y - start.y))
    if columns == 0 { return }
    let isFlat = columns >= rows
    let isBackwards = isFlat ? start.x > end.x : start.y > end.y
    let (low, high) = isBackwards ? (end, start) : (start, end)
    // A column's middle is the border between the fifths 5c + 2 and 5c + 3.
    let (left, right) = (min(low.x, high.x), max(low.x, high.x))
    let first = max(0, (left - 2 + 4) / 5)
    let last = min(width - 1, right < 3 ? -1 : (right - 3) / 5)
    guard first <= last else { return }
    if isFlat {
      let slope = Double(high.y - low.y) / Double(columns)
      for column in first...last {
        let along = 5 * column + 2 - low.x
        let y = Int(Double(low.y) + slope * Double(along) + 0.5)
        let next = Int(Double(low.y) + slope * Double(along + 1) + 0.5)
        take(column, min(y, next))
      }
      return
    }
    let slope = Double(high.x - low.x) / Double(rows)
    func x(_ step: Int) -> Int { Int(Double(low.x) + slope * Double(step) + 0.5) }
    for column in first...last {
      // The first step on the other side of the middle, by division, put right where that rounds.
      let border = 5 * column + 3
      func isBeyond(_ step: Int) -> Bool { slope > 0 ? x(step) >= border : x(step) < border }
      var step = min(rows, max(1, Int((Double(border) - 0.5 - Double(low.x)) / slope)))
      while step < rows, !isBeyond(step) { step += 1 }
      while step > 1, isBeyond(step - 1) { step -= 1 }
      take(column, low.y + step - 1)
    }
  }

  /// Adds a crossing of a column's middle at a height in fifths.
  private mutating func take(_ column: Int, _ y: Int) {
    // ⌈(y + ½) / 5 − ½⌉
    let row = y <= 2 ? 0 : (y + 2) / 5
    crossings.append(UInt32(column * height + min(row, height)))
    columns.append(column)
  }

  /// Counts the crossings modulo two, place by place, and forgets them.
  private mutating func foldCrossings() {
    if isCrossed.isEmpty { isCrossed = [UInt64](repeating: 0, count: height * width / 64 + 1) }
    for crossing in crossings { isCrossed[Int(crossing >> 6)] ^= 1 << UInt64(crossing & 63) }
    crossings.removeAll(keepingCapacity: true)
    columns.removeAll(keepingCapacity: true)
  }

  /// All crossings in order, of an even number at one place none.
  private mutating func unfoldCrossings() {
    foldCrossings()
    for (place, word) in isCrossed.enumerated() {
      var bits = word
      while bits != 0 {
        crossings.append(UInt32(64 * place + bits.trailingZeroBitCount))
        bits &= bits - 1
      }
    }
    isCrossed = []
  }

  /// Sorts the crossings, of which a column has few, by column, then within each.
  private mutating func sort() {
    guard crossings.count > 16, let left = columns.min(), let right = columns.max(),
      right - left < 64 * crossings.count
    else { return crossings.sort() }
    starts.removeAll(keepingCapacity: true)
    starts.append(contentsOf: repeatElement(0, count: right - left + 2))
    for column in columns { starts[column - left + 1] += 1 }
    if starts.contains(where: { $0 > 64 }) { return crossings.sort() }
    for place in 1..<starts.count { starts[place] += starts[place - 1] }
    sorted.removeAll(keepingCapacity: true)
    sorted.append(contentsOf: crossings)
    for (crossing, column) in zip(crossings, columns) {
      sorted[starts[column - left]] = crossing
      starts[column - left] += 1
    }
    // A crossing below its column's last pixel has gone to the next column, where it is the first.
    for place in 1..<sorted.count {
      let crossing = sorted[place]
      var target = place
      while target > 0, sorted[target - 1] > crossing {
        sorted[target] = sorted[target - 1]
        target -= 1
      }
      sorted[target] = crossing
    }
    swap(&crossings, &sorted)
  }

  /// Appends the lengths between crossings; where two fall together, the runs on both sides are one.
  private func join(to runs: inout [UInt32]) {
    let start = runs.count
    var at: UInt32 = 0
    var joins = false
    func add(_ crossing: UInt32) {
      let length = crossing - at
      at = crossing
      if joins {
        runs[runs.count - 1] += length
        joins = false
      } else if length > 0 || runs.count == start {
        runs.append(length)
      } else {
        joins = true
      }
    }
    for crossing in crossings { add(crossing) }
    add(UInt32(height * width))
  }
}
