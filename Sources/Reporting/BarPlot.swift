/// Bars for named counts, written as SVG: upright for the parts of a histogram, lying for names.
public struct BarPlot: Drawing {
  /// A name and what it counts.
  public typealias Bar = (label: String, value: Double)

  /// The text above.
  public var title: String
  /// The text at the axis of names.
  public var label: String
  /// The bars in their order.
  public var bars: [Bar]
  /// One below the other, with room for long names: the drawing is then as high as it must be.
  public var isLying: Bool

  /// A plot of the given bars.
  public init(title: String, label: String = "", bars: [Bar], isLying: Bool = false) {
    (self.title, self.label, self.bars, self.isLying) = (title, label, bars, isLying)
  }

  /// A letter's width in a text of size 12.
  private static let letter = 6.7
  private static let row = 20.0

  /// The plot as an SVG element.
  public func svg(width: Int = 560, height: Int = 320, isStandalone: Bool = true) -> String {
    let height = isLying ? 34 + Self.row * Double(bars.count) + 8 : Double(height)
    var parts = SVG.opening(title, width: Double(width), height: height, isStandalone: isStandalone)
    parts.append(SVG.text(title, 14, 20, anchor: "start", "font-size=\"14\" font-weight=\"600\""))
    if bars.isEmpty {
      parts.append(SVG.text("no data", Double(width) / 2, height / 2, anchor: "middle", "opacity=\"0.6\""))
    } else {
      parts += isLying ? lying(Double(width)) : upright(Double(width), height, isStandalone)
    }
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  private var highest: Double { max(bars.map(\.value).max() ?? 0, .leastNormalMagnitude) }

  private func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : NumberText.short(value, 3)
  }

  private func lying(_ width: Double) -> [String] {
    let most = 28
    let names = bars.map { SVG.cut($0.label, most) }
    let left = 20 + Double(names.map(\.count).max() ?? 0) * Self.letter
    let numbers = Double(bars.map { text($0.value).count }.max() ?? 0) * Self.letter + 12
    let room = max(20, width - left - numbers - 10)
    var parts: [String] = []
    for (place, bar) in bars.enumerated() {
      let top = 34 + Self.row * Double(place)
      let length = bar.value > 0 ? max(1, room * bar.value / highest) : 0
      parts.append(SVG.text(names[place], left - 8, top + 14, anchor: "end"))
      parts.append(SVG.box(left, top + 3, length, Self.row - 6, fill: Plot.colors[0]))
      parts.append(SVG.text(text(bar.value), left + length + 6, top + 14, anchor: "start", "opacity=\"0.75\""))
    }
    return parts
  }

  private func upright(_ width: Double, _ height: Double, _ isStandalone: Bool) -> [String] {
    let axis = PlotAxis(values: [0, highest], count: max(2, Int(height / 60)))
    let left = 16 + Self.letter * Double(axis.ticks.map { axis.label($0).count }.max() ?? 1)
    let (right, top, bottom) = (width - 16, 34.0, height - (label.isEmpty ? 28 : 46))
    let ink = SVG.ink(isStandalone)
    var parts: [String] = []
    for tick in axis.ticks {
      guard let place = axis.position(tick) else { continue }
      let y = bottom - place * (bottom - top)
      parts.append(SVG.box(left, y, right - left, 1, fill: ink, "opacity=\"0.15\""))
      parts.append(SVG.text(axis.label(tick), left - 7, y + 4, anchor: "end"))
    }
    let step = (right - left) / Double(bars.count)
    // Names that do not fit beside each other stand at every second, third … bar.
    let needed = Double(bars.map(\.label.count).max() ?? 1) * Self.letter + 4
    let size = needed > step ? 10.0 : 12.0
    let every = max(1, Int((needed * size / 12 / step).rounded(.up)))
    for (place, bar) in bars.enumerated() {
      let x = left + step * Double(place)
      let rise = (axis.position(bar.value) ?? 0) * (bottom - top)
      if bar.value > 0 {
        parts.append(
          SVG.box(
            x + step * 0.08, bottom - max(1, rise), step * 0.84, max(1, rise), fill: Plot.colors[0],
            title: "\(bar.label): \(text(bar.value))"))
      }
      if place % every == 0 {
        parts.append(
          SVG.text(
            bar.label, x + step / 2, bottom + 17, anchor: "middle", "font-size=\"\(NumberText.coordinate(size))\""))
      }
    }
    parts.append(SVG.box(left, bottom, right - left, 1, fill: ink, "opacity=\"0.6\""))
    if !label.isEmpty { parts.append(SVG.text(label, (left + right) / 2, height - 8, anchor: "middle")) }
    return parts
  }
}
