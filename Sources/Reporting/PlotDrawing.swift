import Documents

/// The geometry of one ``Plot`` on its way to SVG.
struct PlotDrawing {
  private let plot: Plot
  private let width: Double
  private let height: Double
  private let isStandalone: Bool
  private let x: PlotAxis
  private let y: PlotAxis
  private let legendRows: [[Int]]
  private let left: Double
  private let right: Double
  private let top: Double
  private let bottom: Double

  private static let letter = 6.6
  private static let rowHeight = 18.0

  init(_ plot: Plot, width: Double, height: Double, isStandalone: Bool) {
    self.plot = plot
    self.width = width
    self.height = height
    self.isStandalone = isStandalone
    let shown = plot.series.flatMap(\.points).filter { $0.y.isFinite && (!plot.isLogarithmic || $0.y > 0) }
    x = PlotAxis(values: shown.map(\.x), count: max(2, Int(width / 90)), isTight: true)
    y = PlotAxis(
      values: shown.map(\.y), range: plot.yRange, count: max(2, Int(height / 60)), isLogarithmic: plot.isLogarithmic)
    let labels = y
    let labelWidth = labels.ticks.map { Double(labels.label($0).count) }.max() ?? 1
    left = 14 + labelWidth * Self.letter + (plot.yLabel.isEmpty ? 0 : 18)
    right = width - 16
    // A legend for one line would repeat the title.
    var rows: [[Int]] = []
    if plot.series.count > 1 {
      var used = Double.infinity
      for (index, series) in plot.series.enumerated() {
        let needed = Self.legendWidth(series)
        if used + needed > right - left {
          rows.append([])
          used = 0
        }
        rows[rows.count - 1].append(index)
        used += needed
      }
    }
    legendRows = rows
    top = (plot.title.isEmpty ? 14 : 34) + Double(rows.count) * Self.rowHeight
    bottom = height - (plot.xLabel.isEmpty ? 26 : 44)
  }

  func svg() -> String {
    var parts = SVG.opening(plot.title, width: width, height: height, isStandalone: isStandalone)
    if !plot.title.isEmpty {
      parts.append(text(plot.title, left, 20, anchor: "start", "font-size=\"14\" font-weight=\"600\""))
    }
    parts += legend() + grid()
    if plot.series.allSatisfy({ runs($0.points).isEmpty }) {
      parts.append(text("no data yet", (left + right) / 2, (top + bottom) / 2, anchor: "middle", "opacity=\"0.6\""))
    }
    for (index, series) in plot.series.enumerated() { parts += line(series, Plot.colors[index % Plot.colors.count]) }
    parts.append("</svg>")
    return parts.joined(separator: "\n")
  }

  private var ink: String { SVG.ink(isStandalone) }

  private func grid() -> [String] {
    var parts: [String] = []
    for tick in y.ticks {
      guard let place = vertical(tick) else { continue }
      let at = NumberText.coordinate(place)
      parts.append(
        "<path d=\"M\(NumberText.coordinate(left)) \(at)H\(NumberText.coordinate(right))\" stroke=\"\(ink)\" opacity=\"0.15\"/>"
      )
      parts.append(text(y.label(tick), left - 7, place + 4, anchor: "end"))
    }
    for tick in x.ticks {
      guard let place = horizontal(tick) else { continue }
      parts.append(
        "<path d=\"M\(NumberText.coordinate(place)) \(NumberText.coordinate(bottom))v5\" stroke=\"\(ink)\" opacity=\"0.6\"/>"
      )
      parts.append(text(x.label(tick), place, bottom + 18, anchor: "middle"))
    }
    parts.append(
      "<path d=\"M\(NumberText.coordinate(left)) \(NumberText.coordinate(bottom))H\(NumberText.coordinate(right))\""
        + " stroke=\"\(ink)\" opacity=\"0.6\"/>")
    if !plot.xLabel.isEmpty { parts.append(text(plot.xLabel, (left + right) / 2, height - 8, anchor: "middle")) }
    if !plot.yLabel.isEmpty {
      let middle = NumberText.coordinate((top + bottom) / 2)
      parts.append(
        text(plot.yLabel, 14, (top + bottom) / 2, anchor: "middle", "transform=\"rotate(-90 14 \(middle))\""))
    }
    return parts
  }

  private func legend() -> [String] {
    var parts: [String] = []
    for (row, entries) in legendRows.enumerated() {
      var at = left
      let middle = (plot.title.isEmpty ? 14 : 38) + Double(row) * Self.rowHeight
      for index in entries {
        let color = Plot.colors[index % Plot.colors.count]
        parts.append(
          "<path d=\"M\(NumberText.coordinate(at)) \(NumberText.coordinate(middle - 4))h16\" stroke=\"\(color)\""
            + " stroke-width=\"3\"/>")
        parts.append(text(plot.series[index].name, at + 22, middle, anchor: "start"))
        at += Self.legendWidth(plot.series[index])
      }
    }
    return parts
  }

  private static func legendWidth(_ series: Plot.Series) -> Double { Double(series.name.count) * letter + 40 }

  private func line(_ series: Plot.Series, _ color: String) -> [String] {
    var parts: [String] = []
    if series.smoothing > 1 {
      for run in runs(series.points) { parts.append(path(run, color, "stroke-width=\"1\" opacity=\"0.25\"")) }
    }
    for run in runs(series.smoothing > 1 ? smoothed(series) : series.points) {
      parts.append(path(run, color, "stroke-width=\"1.8\""))
      // A lone point has no line.
      guard series.hasDots || run.count == 1 else { continue }
      for point in run {
        parts.append(
          "<circle cx=\"\(NumberText.coordinate(point.x))\" cy=\"\(NumberText.coordinate(point.y))\" r=\"2.6\""
            + " fill=\"\(color)\"/>")
      }
    }
    return parts
  }

  private func path(_ run: [(x: Double, y: Double)], _ color: String, _ style: String) -> String {
    let points = run.map { "\(NumberText.coordinate($0.x)) \(NumberText.coordinate($0.y))" }.joined(separator: "L")
    return "<path d=\"M\(points)\" fill=\"none\" stroke=\"\(color)\" stroke-linejoin=\"round\" \(style)/>"
  }

  /// The points on the paper, cut at gaps, thinned to what can be told apart.
  private func runs(_ points: [(x: Double, y: Double)]) -> [[(x: Double, y: Double)]] {
    var runs: [[(x: Double, y: Double)]] = [[]]
    for point in points {
      if let across = horizontal(point.x), let up = vertical(point.y) {
        runs[runs.count - 1].append((across, min(max(up, top), bottom)))
      } else if runs.last?.isEmpty == false {
        runs.append([])
      }
    }
    return runs.filter { !$0.isEmpty }.map(Self.thinned)
  }

  /// Of points in the same half pixel keeps first, lowest, highest and last, so that no peak is lost.
  private static func thinned(_ run: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard run.count > 2000 else { return run }
    var thin: [(x: Double, y: Double)] = []
    var start = 0
    while start < run.count {
      var end = start
      while end < run.count, (run[end].x * 2).rounded(.down) == (run[start].x * 2).rounded(.down) { end += 1 }
      let group = start..<end
      let lowest = group.min { run[$0].y < run[$1].y } ?? start
      let highest = group.max { run[$0].y < run[$1].y } ?? start
      thin += Set([start, lowest, highest, end - 1]).sorted().map { run[$0] }
      start = end
    }
    return thin
  }

  /// The mean over the points before and after, so that the line is not late; of fewer at both ends.
  private func smoothed(_ series: Plot.Series) -> [(x: Double, y: Double)] {
    let points = series.points.filter { $0.y.isFinite }
    let reach = series.smoothing / 2
    var sums = [0.0]
    for point in points { sums.append((sums.last ?? 0) + point.y) }
    return points.indices.map { index in
      let (first, last) = (max(0, index - reach), min(points.count - 1, index + reach))
      return (points[index].x, (sums[last + 1] - sums[first]) / Double(last + 1 - first))
    }
  }

  private func horizontal(_ value: Double) -> Double? { x.position(value).map { left + $0 * (right - left) } }

  private func vertical(_ value: Double) -> Double? { y.position(value).map { bottom - $0 * (bottom - top) } }

  private func text(_ text: String, _ x: Double, _ y: Double, anchor: String, _ style: String = "") -> String {
    SVG.text(text, x, y, anchor: anchor, style)
  }
}
