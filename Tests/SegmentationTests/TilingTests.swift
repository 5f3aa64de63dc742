import Testing

@testable import Segmentation

@Suite("Tiling") struct TilingTests {
  /// View length, image length, side of a tile.
  static let cases: [(view: Int, image: Int, side: Int)] = [
    (256, 256, 256), (257, 257, 256), (300, 300, 256), (1000, 1000, 256), (1023, 1023, 512), (4097, 4097, 1024),
    (1000, 1500, 256), (1000, 333, 256), (700, 2801, 256),
  ]

  @Test("at each pixel the weights of all tiles add up to 1, and at most two tiles count", arguments: cases)
  func weights(view: Int, image: Int, side: Int) {
    let row = TileRow(viewLength: view, length: image, tiling: Tiling(side: side), isWhole: false)
    var sums = [Float](repeating: 0, count: image)
    var looks = [Int](repeating: 0, count: image)
    for tile in row.tiles {
      let weights = TileRow.weights(of: tile)
      #expect(weights.count == tile.support.count && weights.allSatisfy { $0 > 0 && $0 <= 1 })
      for (place, weight) in zip(tile.support, weights) {
        sums[place] += weight
        looks[place] += 1
      }
    }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 }, "float32's rounding")
    #expect(looks.allSatisfy { $0 == 1 || $0 == 2 })
    #expect(row.tiles.count == 1 || looks.contains(2))
  }

  @Test("finished parts follow each other from the first pixel to the last", arguments: cases, [false, true])
  func finished(_ sizes: (view: Int, image: Int, side: Int), isWhole: Bool) {
    let row = TileRow(viewLength: sizes.view, length: sizes.image, tiling: Tiling(side: sizes.side), isWhole: isWhole)
    var end = 0
    for tile in row.tiles {
      #expect(tile.finished.lowerBound == end && !tile.finished.isEmpty)
      end = tile.finished.upperBound
      if isWhole { #expect(tile.window == 0..<sizes.view && tile.finished.count <= sizes.side) }
    }
    #expect(end == sizes.image)
  }

  @Test(
    "a window begins on the grid, is no larger than a tile, and shows more than what counts of it", arguments: cases)
  func windows(view: Int, image: Int, side: Int) {
    let row = TileRow(viewLength: view, length: image, tiling: Tiling(side: side), isWhole: false)
    for (place, tile) in row.tiles.enumerated() {
      #expect(tile.window.lowerBound % Tiling.grid == 0 && tile.window.count < side + Tiling.grid)
      let (first, second, share) = row.positions(of: tile)
      #expect(share.allSatisfy { (0...1).contains($0) })
      let last = Int64(tile.window.count - 1)
      #expect(first.allSatisfy { (0...last).contains($0) } && second.allSatisfy { (0...last).contains($0) })
      // What the network sees beyond the pixels that count, where the image does not end.
      if place > 0 { #expect((first.min() ?? 0) >= 16) }
      if place < row.tiles.count - 1 { #expect(last - (second.max() ?? last) >= 16) }
    }
  }

  @Test("an image of as many pixels as are allowed is whole, one more is cut")
  func limit() {
    let tiling = Tiling(above: 0.25)
    #expect(!tiling.cuts(height: 500, width: 500) && tiling.cuts(height: 500, width: 501))
    #expect(Tiling(above: 0).cuts(height: 1, width: 1))
  }
}
