import Imaging

/// Numbers in rows and columns, each in a colour of its size, written as SVG.
public struct MatrixPlot: Drawing {
  /// The text above.
  public var title: String
  /// The names of the rows and of the columns.
  public var rows: [String], columns: [String]
  /// The values, row by row; nil where there is nothing to say.
  public var values: [[Double?]]

  /// A matrix.
  ///
  /// - Precondition: a value for each row and column.
  public init(title: String, rows: [String], columns: [String], values: [[Double?]]) {
    precondition(
      values.count == rows.count && values.allSatisfy { $0.count == columns.count },
      "MatrixPlot: expected \(rows.count) × \(columns.count) values")
    (self.title, self.rows, self.columns, self.values) = (title, rows, columns, values)
  }

  private static let letter = 6.7
  private static let most = 16

  /// The matrix as an SVG element, as high as its cells are, which are square where there is room for their numbers.
  public func svg(width: Int = 560, height: Int = 320, isStandalone: Bool = true) -> String {
    let names = rows.map { SVG.cut($0, Self.most) }
    let heads = columns.map { SVG.cut($0, Self.most) }
    let left = 20 + Self.letter * Double(names.map(\.count).max() ?? 0)
    let head = 0.75 * Self.letter * Double(heads.map(\.count).max() ?? 0) + 14
    // The last slanted name needs room beside its cell.
    let cell = min(48, (Double(width) - left - head) / Double(max(1, columns.count)))
    let top = 34 + head
    let full = top + cell * Double(rows.count) + 10
    var parts = SVG.opening(title, width: Double(width), height: full, isStandalone: isStandalone)
    parts.append(SVG.text(title, 14, 20, anchor: "start", "font-size=\"14\" font-weight=\"600\""))
    let highest = max(values.joined().compactMap { $0 }.max() ?? 0, .leastNormalMagnitude)
    for (place, name) in heads.enumerated() {
      let x = left + cell * (Double(place) + 0.5)
      let turn = "transform=\"rotate(-45 \(NumberText.coordinate(x)) \(NumberText.coordinate(top - 6)))\""
      parts.append(SVG.text(name, x, top - 6, anchor: "start", turn))
    }
    for (row, name) in names.enumerated() {
      let y = top + cell * Double(row)
      parts.append(SVG.text(name, left - 8, y + cell / 2 + 4, anchor: "end"))
      for (column, value) in values[row].enumerated() {
        guard let value else { continue }
        let x = left + cell * Double(column)
        let color = HeatMap.color(UInt8(max(0, min(255, (255 * value / highest).rounded()))))
        let fill = "rgb(\(color.r),\(color.g),\(color.b))"
        parts.append(SVG.box(x, y, cell - 1, cell - 1, fill: fill))
        let text = NumberText.short(value, 5)
        let size = min(12, 1.5 * (cell - 4) / Double(max(1, text.count)))
        guard size >= 6 else { continue }
        let ink = color.contrasting == .black ? "#000000" : "#ffffff"
        parts.append(
          SVG.text(
            text, x + cell / 2, y + cell / 2 + size / 3, anchor: "middle",
            "font-size=\"\(NumberText.coordinate(size))\" fill=\"\(ink)\""))
      }
    }
    return (parts + ["</svg>"]).joined(separator: "\n")
  }
}
