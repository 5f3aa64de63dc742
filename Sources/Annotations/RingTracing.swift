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
    let pixels = Self.pixels(of: mask, left: left, top: top, width: width, height: height)
    func has(_ x: Int, _ y: Int) -> Bool {
      x >= 0 && y >= 0 && x < width && y < height && pixels[y * width + x]
    }
    for y in 0..<height {
      for x in 0..<width where pixels[y * width + x] {
        let corner = y * columns + x
        if !has(x, y - 1) { edges[corner] |= Way.right.bit }
        if !has(x + 1, y) { edges[corner + 1] |= Way.down.bit }
        if !has(x, y + 1) { edges[corner + columns + 1] |= Way.left.bit }
        if !has(x - 1, y) { edges[corner + columns] |= Way.up.bit }
      }
    }
    // Every ring has an edge to the right.
    for corner in edges.indices {
      while edges[corner] & Way.right.bit != 0 { walk(from: corner, left: left, top: top) }
    }
  }

  /// The pixels of a mask in a box that holds them all, row by row.
  private static func pixels(of mask: RunLengthMask, left: Int, top: Int, width: Int, height: Int) -> [Bool] {
    var pixels = [Bool](repeating: false, count: width * height)
    var at = 0
    for (index, count) in mask.counts.enumerated() {
      if index % 2 == 1 {
        for place in at..<at + count {
          pixels[(place % mask.height - top) * width + place / mask.height - left] = true
        }
      }
      at += count
    }
    return pixels
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
