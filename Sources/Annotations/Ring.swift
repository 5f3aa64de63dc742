/// Closed polygons as lists x, y, x, y … in pixels.
enum Ring {
  /// The smallest box around points, of which there is one at least.
  static func box(around points: [Double]) -> Box {
    var box = Box(x0: points[0], y0: points[1], x1: points[0], y1: points[1])
    for at in stride(from: 2, to: points.count - 1, by: 2) {
      box.x0 = min(box.x0, points[at])
      box.x1 = max(box.x1, points[at])
      box.y0 = min(box.y0, points[at + 1])
      box.y1 = max(box.y1, points[at + 1])
    }
    return box
  }

  /// The area inside (the shoelace formula).
  static func area(of ring: [Double]) -> Double {
    var sum = 0.0
    for index in stride(from: 0, to: ring.count - 1, by: 2) {
      let next = (index + 2) % ring.count
      sum += ring[index] * ring[next + 1] - ring[next] * ring[index + 1]
    }
    return abs(sum) / 2
  }

  /// Whether all points lie on one line to a millionth of a pixel, or are one: nothing is inside.
  static func isFlat(_ ring: [Double]) -> Bool {
    var (x, y, length) = (0.0, 0.0, 0.0)
    for at in stride(from: 2, to: ring.count - 1, by: 2) {
      let (right, down) = (ring[at] - ring[0], ring[at + 1] - ring[1])
      let distance = (right * right + down * down).squareRoot()
      if distance > length { (x, y, length) = (right, down, distance) }
    }
    guard length.isFinite else { return false }
    return stride(from: 2, to: ring.count - 1, by: 2).allSatisfy { at in
      abs(x * (ring[at + 1] - ring[1]) - y * (ring[at] - ring[0])) <= 1e-6 * length
    }
  }

  /// The four corners of a box.
  static func corners(of box: Box) -> [Double] {
    [box.x0, box.y0, box.x1, box.y0, box.x1, box.y1, box.x0, box.y1]
  }
}
