/// The outlines of a mask's pixels, along their edges: what lies inside the rings is the mask again, but for holes.
///
/// Each side of a pixel that has no neighbour in the mask is an edge, walked with the pixel on its right. Pixels that touch
/// at a corner belong to one part.
struct RingTracing {
  /// The rings around the parts, each x, y, x, y … clockwise as seen with y down.
  private(set) var rings: [[Double]] = []
  /// How many holes there are within them.
  private(set) var holes = 0

  private let columns: Int
  /// For each corner of a pixel the directions in which unwalked edges leave it: bits in the order of `Way`.
  private var edges: [UInt8]

  /// Directions, each a right turn from the one before.
  private enum Way: Int {
    case right, down, left, up
    var bit: UInt8 { 1 << UInt8(rawValue) }
    func turned(by quarters: Int) -> Way { Way(rawValue: (rawValue + quarters) & 3) ?? .right }
  }

  /// Traces a mask.
  init(_ mask: RunLengthMask) {
    guard let box = mask.box else {
      (columns, edges) = (0, [])
      return
    }
    let (left, top) = (Int(box.x0), Int(box.y0))
    let (width, height) = (Int(box.width), Int(box.height))
    columns = width + 1
    edges = [UInt8](repeating: 0, count: columns * (height + 1))
    let runs = Self.columns(of: mask, left: left, top: top, width: width)
    var starts: [Int] = []
    for x in 0...width {
      let (own, before) = (x < width ? runs[x] : [], x > 0 ? runs[x - 1] : [])
      for run in own {
        starts.append(run.lowerBound * columns + x)
        edges[run.lowerBound * columns + x] |= Way.right.bit
        edges[run.upperBound * columns + x + 1] |= Way.left.bit
      }
      for y in Self.rows(of: own, outside: before).joined() { edges[(y + 1) * columns + x] |= Way.up.bit }
      for y in Self.rows(of: before, outside: own).joined() { edges[y * columns + x] |= Way.down.bit }
    }
    // Every ring has an edge to the right, at the top of a run.
    for corner in starts.sorted() {
      while edges[corner] & Way.right.bit != 0 { walk(from: corner, left: left, top: top) }
    }
  }

  /// The rows of a mask in each column of a box that holds it all, ascending, joined where nothing lies between them.
  private static func columns(of mask: RunLengthMask, left: Int, top: Int, width: Int) -> [[Range<Int>]] {
    var columns = [[Range<Int>]](repeating: [], count: width)
    mask.forEachRun { run in
      var from = run.lowerBound
      while from < run.upperBound {
        let (column, row) = (from / mask.height, from % mask.height)
        let until = min(run.upperBound, (column + 1) * mask.height)
        let rows = row - top..<row - top + until - from
        if let last = columns[column - left].last, last.upperBound == rows.lowerBound {
          columns[column - left][columns[column - left].count - 1] = last.lowerBound..<rows.upperBound
        } else {
          columns[column - left].append(rows)
        }
        from = until
      }
    }
    return columns
  }

  /// The parts of ascending ranges that lie in none of others.
  private static func rows(of ranges: [Range<Int>], outside others: [Range<Int>]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var place = 0
    for range in ranges {
      var from = range.lowerBound
      while place < others.count, others[place].upperBound <= from { place += 1 }
      var next = place
      while next < others.count, others[next].lowerBound < range.upperBound {
        if from < others[next].lowerBound { parts.append(from..<others[next].lowerBound) }
        from = others[next].upperBound
        next += 1
      }
      if from < range.upperBound { parts.append(from..<range.upperBound) }
    }
    return parts
  }

  private mutating func walk(from start: Int, left: Int, top: Int) {
    var ring: [Double] = []
    var corner = start
    var way = Way.right
    var last: Way?
    while true {
      if way != last {
        ring.append(Double(corner % columns + left))
        ring.append(Double(corner / columns + top))
      }
      edges[corner] &= ~way.bit
      last = way
      switch way {
      case .right: corner += 1
      case .down: corner += columns
      case .left: corner -= 1
      case .up: corner -= columns
      }
      // A left turn, where there is one, leads on to the pixel at the corner. None is left where the ring began.
      guard let next = [3, 0, 1].map(way.turned).first(where: { edges[corner] & $0.bit != 0 }) else { break }
      way = next
    }
    if Self.signedArea(of: ring) > 0 { rings.append(ring) } else { holes += 1 }
  }

  /// Positive for rings walked clockwise.
  private static func signedArea(of ring: [Double]) -> Double {
    var sum = 0.0
    for index in stride(from: 0, to: ring.count - 1, by: 2) {
      let next = (index + 2) % ring.count
      sum += ring[index] * ring[next + 1] - ring[next] * ring[index + 1]
    }
    return sum
  }
}
