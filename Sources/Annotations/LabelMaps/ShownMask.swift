import Imaging

/// The pixels of an object as they are shown in a picture of another size: inside and border, in the part where they are.
struct ShownMask {
  /// Where the part begins in the picture.
  let x: Int
  /// Where the part begins in the picture.
  let y: Int
  /// 0 outside, 1 inside, 2 inside at the border.
  let labels: Image

  /// Brings masks of one size to a picture's by the nearest pixel; nil where no pixel of theirs is shown.
  init?(_ masks: [RunLengthMask], height: Int, width: Int) {
    guard let first = masks.first else { return nil }
    let boxes = masks.compactMap(\.box)
    guard let left = boxes.map(\.x0).min(), let right = boxes.map(\.x1).max(), let top = boxes.map(\.y0).min(),
      let bottom = boxes.map(\.y1).max()
    else { return nil }
    let (down, across) = (Double(height) / Double(first.height), Double(width) / Double(first.width))
    let rows = max(0, Int((top * down).rounded(.down)))..<min(height, Int((bottom * down).rounded(.up)))
    let columns = max(0, Int((left * across).rounded(.down)))..<min(width, Int((right * across).rounded(.up)))
    guard !rows.isEmpty, !columns.isEmpty else { return nil }
    let pixels = Self.columns(of: masks)
    let from = (
      rows: rows.map { min(first.height - 1, (2 * $0 + 1) * first.height / (2 * height)) },
      columns: columns.map { min(first.width - 1, (2 * $0 + 1) * first.width / (2 * width)) }
    )
    func isInside(_ row: Int, _ column: Int) -> Bool {
      from.rows.indices.contains(row) && from.columns.indices.contains(column)
        && pixels[from.columns[column] * first.height + from.rows[row]] != 0
    }
    var labels = Image(height: rows.count, width: columns.count, channels: 1)
    for row in from.rows.indices {
      for column in from.columns.indices where isInside(row, column) {
        let isBorder =
          !isInside(row - 1, column) || !isInside(row + 1, column) || !isInside(row, column - 1)
          || !isInside(row, column + 1)
        labels.pixels[row * columns.count + column] = isBorder ? 2 : 1
      }
    }
    (x, y, self.labels) = (columns.lowerBound, rows.lowerBound, labels)
  }

  /// All masks together, down the columns.
  private static func columns(of masks: [RunLengthMask]) -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: masks[0].height * masks[0].width)
    pixels.withUnsafeMutableBufferPointer { pixels in
      for mask in masks { mask.forEachRun { pixels[$0].update(repeating: 1) } }
    }
    return pixels
  }

  /// The same with stripes left out of the inside, for groups and for what is ignored.
  var striped: Image {
    var labels = labels
    for row in 0..<labels.height {
      for column in 0..<labels.width where (x + column + y + row) % 8 < 4 {
        let place = row * labels.width + column
        if labels.pixels[place] == 1 { labels.pixels[place] = 0 }
      }
    }
    return labels
  }
}
