extension Image {
  /// Several pictures in one, row by row, each in a cell of the same width with its title above it; larger ones are made
  /// smaller. Each row is as high as its highest picture.
  ///
  /// - Parameters:
  ///   - pictures: Titles in ASCII, cut to the width of a cell; a row without any has no line for them.
  ///   - cell: The width of a cell, in pixels.
  public static func contactSheet(_ pictures: [(title: String, picture: Image)], columns: Int, cell: Int = 320) -> Image
  {
    precondition(columns > 0 && cell > 4, "a contact sheet needs columns and a cell size, got \(columns) and \(cell)")
    let shown = pictures.map { $0.picture.fitted(longSide: cell - 4) }
    let line = Canvas.height(ofTextAtScale: 1) + 4
    let rows = stride(from: 0, to: pictures.count, by: columns).map { $0..<min($0 + columns, pictures.count) }
    let titles = rows.map { row in pictures[row].allSatisfy(\.title.isEmpty) ? 0 : line }
    let heights = zip(rows, titles).map { row, title in title + 4 + (shown[row].map(\.height).max() ?? 0) }
    var sheet = Canvas(
      Image(height: max(1, heights.reduce(0, +)), width: min(columns, max(1, pictures.count)) * cell, color: .white))
    var y = 0
    for (row, (title, height)) in zip(rows, zip(titles, heights)) {
      for index in row {
        let x = (index - row.lowerBound) * cell
        sheet.draw(shown[index], x: x + 2, y: y + title)
        if title > 0 { sheet.text(String(pictures[index].title.prefix(cell / 8)), x: x + 2, y: y + 2, color: .black) }
      }
      y += height
    }
    return sheet.image
  }
}
