/// How an image that is too large to be looked at as a whole is cut into tiles.
///
/// A tile is what the network is shown. Of its scores the middle is used: near a tile's border the network sees less than it
/// would of the whole image. Between neighbours one's scores go over into the other's along a straight ramp. Tiles begin at
/// multiples of ``grid``, so that a network's maps of a tile lie on those of the whole image.
public struct Tiling: Sendable, Equatable {
  /// Images of more pixels are cut, in millions of 1e6.
  public var above: Double
  /// Height and width of a tile in pixels.
  public var side: Int
  /// What two neighbours both show at least, in pixels.
  public var overlap: Int { max(Self.leastSide / 2, side / 4) }

  /// The smallest side of a tile.
  public static let leastSide = 256
  /// What the first pixels of tiles are multiples of: the coarsest stride of any network.
  static let grid = 32

  /// Tiles of 1024 × 1024 for images of more than four megapixels.
  public init(above: Double = 4, side: Int = 1024) {
    precondition(side >= Self.leastSide, "Tiling: expected a side of \(Self.leastSide) or more, got \(side)")
    precondition(above >= 0, "Tiling: expected a number of pixels, got \(above)")
    self.above = above
    self.side = side
  }

  /// Whether an image of a size is cut.
  public func cuts(height: Int, width: Int) -> Bool { Double(height) * Double(width) > above * 1e6 }
}

/// The tiles along one side of an image: where the network looks, and for which part of the image that counts.
struct TileRow {
  /// One tile.
  struct Tile: Equatable {
    /// What the network is shown, in pixels of the view.
    let window: Range<Int>
    /// The pixels of the image that its scores count for, with the ramps to its neighbours.
    let support: Range<Int>
    /// The ramp to the tile before: this many of the first pixels of the support; 0 for the first tile.
    let rise: Int
    /// The ramp to the next tile: this many of the last pixels.
    let fall: Int

    /// The pixels that no later tile changes.
    var finished: Range<Int> { support.lowerBound..<support.upperBound - fall }
  }

  /// The length of the view, which the network is shown.
  let viewLength: Int
  /// The length of the image.
  let length: Int
  /// The tiles in their order.
  let tiles: [Tile]

  /// Cuts a side.
  ///
  /// - Parameters:
  ///   - isWhole: Shows the network all of the view at once; tiles then only cut the image that its scores are resized to.
  init(viewLength: Int, length: Int, tiling: Tiling, isWhole: Bool) {
    self.viewLength = viewLength
    self.length = length
    if isWhole {
      let count = (length + tiling.side - 1) / tiling.side
      tiles = (0..<count).map { index in
        Tile(
          window: 0..<viewLength, support: index * length / count..<(index + 1) * length / count, rise: 0, fall: 0)
      }
      return
    }
    let (side, overlap) = (tiling.side, tiling.overlap)
    let count = viewLength <= side ? 1 : (viewLength + side - overlap - 1) / (side - overlap)
    let last = max(0, viewLength - side) / Tiling.grid * Tiling.grid
    // An even number, half on each side of a cut.
    let ramp = max(1, overlap / 8 * length / viewLength) * 2
    tiles = (0..<count).map { index in
      func cut(_ index: Int) -> Int { index * length / count }
      let middle = (2 * index + 1) * viewLength / (2 * count)
      let start = min(max(0, middle - side / 2) / Tiling.grid * Tiling.grid, last)
      let isLast = index == count - 1
      return Tile(
        window: start..<(isLast ? viewLength : min(viewLength, start + side)),
        support: (index == 0 ? 0 : cut(index) - ramp / 2)..<(isLast ? length : cut(index + 1) + ramp / 2),
        rise: index == 0 ? 0 : ramp, fall: isLast ? 0 : ramp)
    }
  }

  /// How much a tile's scores count at each pixel of its support; those of all tiles add up to 1.
  static func weights(of tile: Tile) -> [Float] {
    let count = tile.support.count
    return (0..<count).map { place in
      if place < tile.rise { return (Float(place) + 0.5) / Float(tile.rise) }
      let left = count - 1 - place
      return left < tile.fall ? 1 - (Float(tile.fall - 1 - left) + 0.5) / Float(tile.fall) : 1
    }
  }

  /// For each pixel of a tile's support the two pixels of its window that it lies between, and how near it is to the second:
  /// pixel centres lie at halves, as in resizing.
  func positions(of tile: Tile) -> (first: [Int64], second: [Int64], share: [Float]) {
    let ratio = Double(viewLength) / Double(length)
    var (first, second, share): ([Int64], [Int64], [Float]) = ([], [], [])
    for place in tile.support {
      let at = max(0, (Double(place) + 0.5) * ratio - 0.5)
      let low = min(Int(at), viewLength - 1)
      first.append(Int64(low - tile.window.lowerBound))
      second.append(Int64(min(low + 1, viewLength - 1) - tile.window.lowerBound))
      share.append(Float(at - Double(low)))
    }
    return (first, second, share)
  }
}
