/// The pixels inside a closed polygon, by COCO's rule, so that label maps are those that others make of the same outlines.
///
/// The outline is walked in steps of a fifth of a pixel, along the longer side of each edge. Wherever a step goes from one
/// column of fifths to the next and the border between them is the middle of a pixel column, the walk crosses that column at the
/// smaller of both heights, rounded up to a whole pixel. The crossings, sorted down the columns, are where the inside begins and
/// ends in turn.
///
/// Source: the definition of polygons in COCO's mask format (`rleFrPoly` of cocoapi's `maskApi.c`), whose runs these are.
struct PolygonRuns {
  private static let fifths = 5.0
  private let height: Int
  private let width: Int
  /// Where the outline crosses middles of columns, counted down the columns.
  private var crossings: [Int] = []
  private var last: (x: Int, y: Int)?

  /// Coordinates beyond this are no outline of an image; keeps hostile ones from walking forever.
  static let farthest = Double(1 << 20)

  /// The runs of a polygon x, y, x, y … in an image, background first.
  ///
  /// - Precondition: three points or more, none beyond `farthest`.
  static func counts(of ring: [Double], height: Int, width: Int) -> [Int] {
    precondition(ring.count >= 6 && ring.allSatisfy { abs($0) <= farthest }, "PolygonRuns: the polygon is not usable")
    var runs = PolygonRuns(height: height, width: width)
    let points = stride(from: 0, to: ring.count - 1, by: 2).map { place in
      // Cut off towards 0, as a conversion in C does.
      (x: Int(fifths * ring[place] + 0.5), y: Int(fifths * ring[place + 1] + 0.5))
    }
    for (place, point) in points.enumerated() { runs.walk(from: point, to: points[(place + 1) % points.count]) }
    return runs.counts
  }

  private init(height: Int, width: Int) { (self.height, self.width) = (height, width) }

  /// Walks one edge; steps are computed from its left or upper end, whichever way it is walked.
  private mutating func walk(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
    let (columns, rows) = (abs(end.x - start.x), abs(end.y - start.y))
    let isFlat = columns >= rows
    let isBackwards = isFlat ? start.x > end.x : start.y > end.y
    let (low, high) = isBackwards ? (end, start) : (start, end)
    let length = isFlat ? columns : rows
    let rise = isFlat ? high.y - low.y : high.x - low.x
    let slope = length == 0 ? 0 : Double(rise) / Double(length)
    for step in 0...length {
      let along = isBackwards ? length - step : step
      let across = Int(Double(isFlat ? low.y : low.x) + slope * Double(along) + 0.5)
      if isFlat { take(x: low.x + along, y: across) } else { take(x: across, y: low.y + along) }
    }
  }

  private mutating func take(x: Int, y: Int) {
    defer { last = (x, y) }
    guard let last, last.x != x else { return }
    let column = (Double(x < last.x ? x : x - 1) + 0.5) / Self.fifths - 0.5
    guard column == column.rounded(.down), column >= 0, column <= Double(width - 1) else { return }
    let row = (Double(min(y, last.y)) + 0.5) / Self.fifths - 0.5
    crossings.append(Int(column) * height + Int(max(0, min(row, Double(height))).rounded(.up)))
  }

  /// The lengths between crossings; where two fall together, the runs on both sides are one.
  private var counts: [Int] {
    var counts: [Int] = []
    var at = 0
    var joins = false
    for crossing in crossings.sorted() + [height * width] {
      let length = crossing - at
      at = crossing
      if joins {
        counts[counts.count - 1] += length
        joins = false
      } else if length > 0 || counts.isEmpty {
        counts.append(length)
      } else {
        joins = true
      }
    }
    return counts
  }
}

extension RunLengthMask {
  /// The pixels inside a closed polygon x, y, x, y …, exactly as pycocotools makes them (`frPyObjects`).
  ///
  /// - Returns: nil for fewer than three points, and for coordinates that are no number or far from any image.
  public init?(polygon ring: [Double], height: Int, width: Int) {
    guard ring.count >= 6, ring.count % 2 == 0, ring.allSatisfy({ abs($0) <= PolygonRuns.farthest }),
      let mask = try? RunLengthMask(
        counts: PolygonRuns.counts(of: ring, height: height, width: width), height: height, width: width)
    else { return nil }
    self = mask
  }

  /// Writes a value over the object's pixels in a label map of the same size, row by row.
  func paint(_ value: UInt8, into labels: inout [UInt8]) {
    precondition(labels.count == height * width, "RunLengthMask.paint: the label map is of another size")
    labels.withUnsafeMutableBufferPointer { labels in
      var at = 0
      for (index, count) in counts.enumerated() {
        if index % 2 == 1 {
          var (row, column) = (at % height, at / height)
          for _ in 0..<count {
            labels[row * width + column] = value
            row += 1
            if row == height { (row, column) = (0, column + 1) }
          }
        }
        at += count
      }
    }
  }
}
