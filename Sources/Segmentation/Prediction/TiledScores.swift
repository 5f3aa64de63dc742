import Layers
import Torch

/// The class scores of a large image, tile by tile: what is held is a tile, and of finished rows the ramp to the next.
struct TiledScores {
  /// The tiles from top to bottom.
  let rows: TileRow
  /// The tiles from left to right.
  let columns: TileRow

  /// Hands finished parts of the image to `body`, left to right, then down: which rows and columns, and their scores
  /// [1, K, rows, columns]. Together they are the image.
  ///
  /// - Parameter scores: Gives the scores [1, K, height, width] of a window of the view.
  func forEachPart(
    scores: (_ rows: Range<Int>, _ columns: Range<Int>) throws -> Tensor,
    _ body: (_ rows: Range<Int>, _ columns: Range<Int>, _ scores: Tensor) throws -> Void
  ) rethrows {
    var above: [Tensor] = []
    var shown: (rows: Range<Int>, columns: Range<Int>, scores: Tensor)?
    for row in rows.tiles {
      var left: Tensor?
      var below: [Tensor] = []
      for (place, column) in columns.tiles.enumerated() {
        if shown?.rows != row.window || shown?.columns != column.window {
          // What was shown before is let go first, so that two are never held.
          shown = nil
          shown = (row.window, column.window, try scores(row.window, column.window))
        }
        guard let window = shown?.scores else { continue }
        var part = weighted(resized(window, row, column), row, column)
        if let left { part.sliced(axis: 3, to: left.size(3)).addInPlace(left) }
        if column.fall > 0 {
          left = part.sliced(axis: 3, from: column.finished.count).copied()
          part = part.sliced(axis: 3, to: column.finished.count)
        }
        if row.rise > 0 { part.sliced(axis: 2, to: row.rise).addInPlace(above[place]) }
        if row.fall > 0 { below.append(part.sliced(axis: 2, from: row.finished.count).copied()) }
        try body(row.finished, column.finished, part.sliced(axis: 2, to: row.finished.count))
      }
      above = below
    }
  }

  /// The scores of a window at the pixels of the image that a tile counts for; its own memory.
  private func resized(_ scores: Tensor, _ row: TileRow.Tile, _ column: TileRow.Tile) -> Tensor {
    func along(_ scores: Tensor, axis: Int, _ side: TileRow, _ tile: TileRow.Tile) -> Tensor {
      guard side.viewLength != side.length else {
        let first = tile.support.lowerBound - tile.window.lowerBound
        return scores.sliced(axis: axis, from: first, to: first + tile.support.count)
      }
      let (first, second, share) = side.positions(of: tile)
      func gathered(_ places: [Int64]) -> Tensor { scores.gathered(Tensor(places, device: scores.device), axis: axis) }
      let weight = Tensor(share, shape: axis == 2 ? [share.count, 1] : [share.count], device: scores.device)
      return gathered(first) * (1 - weight) + gathered(second) * weight
    }
    return along(along(scores, axis: 2, rows, row), axis: 3, columns, column)
  }

  private func weighted(_ scores: Tensor, _ row: TileRow.Tile, _ column: TileRow.Tile) -> Tensor {
    var result = scores
    for (tile, shape) in [(row, [row.support.count, 1]), (column, [column.support.count])]
    where tile.rise > 0 || tile.fall > 0 {
      result = result * Tensor(TileRow.weights(of: tile), shape: shape, device: scores.device)
    }
    return result
  }
}

extension Tensor {
  fileprivate func addInPlace(_ other: Tensor) { _ = addedInPlace(other) }
}
