import Documents

/// How large the boxes of a set are, of what shape, how many an image has, and where in their images they lie.
///
/// All objects count that have a box with an area, crowds among them.
public struct BoxDistributions: Sendable, Equatable {
  /// Rows and columns of the map of places.
  public static let mapSide = 32

  /// The square root of a box's area, in pixels.
  public private(set) var sizes = Histogram(bounds: [0, 8, 16, 32, 64, 96, 128, 256, 512, 1024])
  /// The square root of the share of its image that a box covers, where the image's size is known.
  public private(set) var relativeSizes = Histogram(bounds: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
  /// Width over height.
  public private(set) var aspectRatios = Histogram(bounds: [0, 0.2, 0.33, 0.5, 0.67, 0.8, 1.25, 1.5, 2, 3, 5])
  /// Objects of an image.
  public private(set) var objectsPerImage = Histogram(bounds: [0, 1, 2, 3, 4, 5, 6, 11, 21, 51, 101])
  /// How many boxes lie over the middle of each part of their images, row by row from the top.
  public private(set) var map = [Int](repeating: 0, count: mapSide * mapSide)
  /// Boxes without an area, outside their image, and partly outside of it by more than half a pixel.
  public private(set) var withoutArea = 0, outside = 0, partlyOutside = 0

  /// Looks at a set.
  init(of set: AnnotationSet, byImage: [Int: [Int]]) {
    let side = Self.mapSide
    // Sums over it from the upper left give the map: each box changes four corners.
    var corners = [Int](repeating: 0, count: (side + 1) * (side + 1))
    for image in set.images {
      let places = byImage[image.id] ?? []
      objectsPerImage.add(Double(places.count))
      for place in places { add(set.objects[place].box, image, &corners) }
    }
    for y in 0..<side {
      var row = 0
      for x in 0..<side {
        row += corners[y * (side + 1) + x]
        map[y * side + x] = row + (y > 0 ? map[(y - 1) * side + x] : 0)
      }
    }
  }

  private mutating func add(_ box: Box, _ image: ImageRecord, _ corners: inout [Int]) {
    guard box.isFinite, !box.isEmpty else {
      withoutArea += 1
      return
    }
    sizes.add(box.area.squareRoot())
    aspectRatios.add(box.width / box.height)
    guard image.height > 0, image.width > 0 else { return }
    let (height, width) = (Double(image.height), Double(image.width))
    let inside = box.clipped(toHeight: height, width: width)
    guard !inside.isEmpty else {
      outside += 1
      return
    }
    if box.x0 < -0.5 || box.y0 < -0.5 || box.x1 > width + 0.5 || box.y1 > height + 0.5 { partlyOutside += 1 }
    relativeSizes.add((inside.area / (height * width)).squareRoot())
    let (rows, columns) = (
      Self.middles(inside.y0, inside.y1, of: height), Self.middles(inside.x0, inside.x1, of: width)
    )
    guard !rows.isEmpty, !columns.isEmpty else { return }
    let line = Self.mapSide + 1
    corners[rows.lowerBound * line + columns.lowerBound] += 1
    corners[rows.lowerBound * line + columns.upperBound] -= 1
    corners[rows.upperBound * line + columns.lowerBound] -= 1
    corners[rows.upperBound * line + columns.upperBound] += 1
  }

  /// The parts of a side whose middles lie between two places; the one that holds the middle of a box too small for any.
  private static func middles(_ low: Double, _ high: Double, of length: Double) -> Range<Int> {
    let side = Double(mapSide)
    let first = Int((low / length * side - 0.5).rounded(.up))
    let last = Int((high / length * side - 0.5).rounded(.up))
    if first < last { return max(0, first)..<min(mapSide, last) }
    let middle = min(mapSide - 1, max(0, Int((low + high) / 2 / length * side)))
    return middle..<middle + 1
  }

  /// The figures as JSON.
  public var json: JSON {
    let side = Self.mapSide
    return [
      "withoutArea": JSON(withoutArea), "outsideImage": JSON(outside), "partlyOutsideImage": JSON(partlyOutside),
      "sizes": sizes.json, "relativeSizes": relativeSizes.json, "aspectRatios": aspectRatios.json,
      "objectsPerImage": objectsPerImage.json,
      "map": .array((0..<side).map { row in .array(map[row * side..<(row + 1) * side].map { JSON($0) }) }),
    ]
  }
}
