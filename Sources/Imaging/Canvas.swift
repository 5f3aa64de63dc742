/// Draws over an RGB image: boxes, lines, polygons, label maps and text.
///
/// Coordinates are pixels of the image with the origin at its upper left corner; (0, 0, 1, 1) is the first pixel.
/// What lies outside the image is left out.
public struct Canvas: Sendable {
  /// The image with all that was drawn.
  public private(set) var image: Image

  /// Begins with an image; one that is not RGB is converted.
  public init(_ image: Image) {
    self.image = image.convertedToRGB()
  }

  /// Columns that a text takes, the space after its last letter not counted.
  public static func width(ofText text: String, scale: Int = 1) -> Int {
    max(0, BitmapFont.spelled(text).unicodeScalars.count * BitmapFont.cellWidth - 1) * scale
  }

  /// Rows that a line of text takes.
  public static func height(ofTextAtScale scale: Int = 1) -> Int { BitmapFont.cellHeight * scale }

  // MARK: Boxes

  /// Fills the pixels whose centres lie in the box, mixed with what is there by `opacity` (0...1).
  public mutating func fillBox(
    x0: Double, y0: Double, x1: Double, y1: Double, color: RGB, opacity: Double = 1
  ) {
    let columns = Canvas.centers(from: x0, to: x1, limit: image.width)
    let mixer = Mixer(color, opacity)
    for y in Canvas.centers(from: y0, to: y1, limit: image.height) { fill(row: y, columns, mixer) }
  }

  /// Draws the frame of a box, `lineWidth` pixels thick and inside of it.
  public mutating func strokeBox(
    x0: Double, y0: Double, x1: Double, y1: Double, color: RGB, lineWidth: Int = 2, opacity: Double = 1
  ) {
    // Corners on whole pixels and at least one pixel apart: a frame of a small box is seen, too.
    let (left, top) = (x0.rounded(), y0.rounded())
    let (right, bottom) = (max(x1.rounded(), left + 1), max(y1.rounded(), top + 1))
    let thickness = min(Double(max(1, lineWidth)), (right - left) / 2, (bottom - top) / 2)
    let line = max(1, thickness.rounded())
    fillBox(x0: left, y0: top, x1: right, y1: min(top + line, bottom), color: color, opacity: opacity)
    fillBox(x0: left, y0: max(bottom - line, top + line), x1: right, y1: bottom, color: color, opacity: opacity)
    fillBox(x0: left, y0: top + line, x1: min(left + line, right), y1: bottom - line, color: color, opacity: opacity)
    fillBox(
      x0: max(right - line, left + line), y0: top + line, x1: right, y1: bottom - line, color: color, opacity: opacity)
  }

  // MARK: Text

  /// Writes one line of text whose cell begins at column `x`, row `y`; letters outside ASCII become those nearest to them, other
  /// characters question marks.
  ///
  /// - Parameters:
  ///   - background: fills the text's cells and one pixel (at scale 1) around them at the sides; nil leaves the image.
  ///   - scale: size of a font's pixel, 1, 2, ...
  public mutating func text(
    _ text: String, x: Int, y: Int, color: RGB, background: RGB? = nil, scale: Int = 1
  ) {
    precondition(scale >= 1, "Canvas.text: expected a scale of at least 1, got \(scale)")
    if let background {
      fillBox(
        x0: Double(x - scale), y0: Double(y), x1: Double(x + Canvas.width(ofText: text, scale: scale) + scale),
        y1: Double(y + Canvas.height(ofTextAtScale: scale)), color: background)
    }
    let mixer = Mixer(color, 1)
    for (index, scalar) in BitmapFont.spelled(text).unicodeScalars.enumerated() {
      let character = scalar.isASCII ? UInt8(scalar.value) : 0
      let left = x + index * BitmapFont.cellWidth * scale
      guard left < image.width, left + BitmapFont.cellWidth * scale > 0 else { continue }
      for row in 0..<BitmapFont.cellHeight {
        for column in 0..<BitmapFont.cellWidth where BitmapFont.isInk(character, row: row, column: column) {
          let first = max(0, left + column * scale)
          let last = min(image.width, left + (column + 1) * scale)
          guard first < last else { continue }
          for line in 0..<scale where (0..<image.height).contains(y + row * scale + line) {
            fill(row: y + row * scale + line, first..<last, mixer)
          }
        }
      }
    }
  }

  /// Draws a box with a filled label above its upper left corner, or inside the box where there is no room above.
  /// A box whose corners are not finite numbers is not drawn.
  public mutating func labeledBox(
    x0: Double, y0: Double, x1: Double, y1: Double, label: String, color: RGB, lineWidth: Int = 2, scale: Int = 1
  ) {
    guard x0.isFinite, y0.isFinite, x1.isFinite, y1.isFinite else { return }
    strokeBox(x0: x0, y0: y0, x1: x1, y1: y1, color: color, lineWidth: lineWidth)
    self.label(label, x: x0, y: y0, color: color, scale: scale)
  }

  /// Writes a filled label above a point, or below it where there is no room above; left as far as it must be to be seen whole.
  public mutating func label(_ label: String, x x0: Double, y y0: Double, color: RGB, scale: Int = 1) {
    guard !label.isEmpty, x0.isFinite, y0.isFinite else { return }
    let height = Canvas.height(ofTextAtScale: scale)
    let width = Canvas.width(ofText: label, scale: scale) + 2 * scale
    let corner = (x: max(0, min(x0, Double(image.width))), y: max(0, min(y0, Double(image.height))))
    let top = Int(corner.y.rounded())
    let left = max(0, min(Int(corner.x.rounded()), image.width - width))
    let row = top >= height ? top - height : top
    text(label, x: left + scale, y: row, color: color.contrasting, background: color, scale: scale)
  }

  // MARK: Lines and areas

  /// Draws a line of a thickness with smooth edges.
  public mutating func line(
    x0: Double, y0: Double, x1: Double, y1: Double, color: RGB, lineWidth: Double = 1, opacity: Double = 1
  ) {
    let (dx, dy) = (x1 - x0, y1 - y0)
    let squared = dx * dx + dy * dy
    let reach = lineWidth / 2 + 0.5
    let columns = Canvas.centers(from: min(x0, x1) - reach, to: max(x0, x1) + reach, limit: image.width)
    for y in Canvas.centers(from: min(y0, y1) - reach, to: max(y0, y1) + reach, limit: image.height) {
      for x in columns {
        let (px, py) = (Double(x) + 0.5 - x0, Double(y) + 0.5 - y0)
        let along = squared > 0 ? max(0, min(1, (px * dx + py * dy) / squared)) : 0
        let (ex, ey) = (px - along * dx, py - along * dy)
        // The part of the pixel that the line covers, by the distance of its centre from the line's edge.
        let cover = min(1, max(0, reach - (ex * ex + ey * ey).squareRoot()))
        if cover > 0 { fill(row: y, x..<x + 1, Mixer(color, cover * opacity)) }
      }
    }
  }

  /// Fills the pixels whose centres lie inside a polygon (even-odd rule); `points` are (x, y).
  public mutating func fillPolygon(_ points: [(x: Double, y: Double)], color: RGB, opacity: Double = 1) {
    guard points.count >= 3 else { return }
    let mixer = Mixer(color, opacity)
    let (top, bottom) = points.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1.y), max($0.1, $1.y)) }
    for y in Canvas.centers(from: top, to: bottom, limit: image.height) {
      let center = Double(y) + 0.5
      var crossings: [Double] = []
      var last = points[points.count - 1]
      for point in points {
        if (last.y <= center) != (point.y <= center) {
          crossings.append(last.x + (center - last.y) / (point.y - last.y) * (point.x - last.x))
        }
        last = point
      }
      crossings.sort()
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        fill(row: y, Canvas.centers(from: crossings[pair], to: crossings[pair + 1], limit: image.width), mixer)
      }
    }
  }

  /// Draws the outline of a polygon.
  public mutating func strokePolygon(
    _ points: [(x: Double, y: Double)], color: RGB, lineWidth: Double = 1, opacity: Double = 1
  ) {
    guard var last = points.last else { return }
    for point in points {
      line(x0: last.x, y0: last.y, x1: point.x, y1: point.y, color: color, lineWidth: lineWidth, opacity: opacity)
      last = point
    }
  }

  /// Mixes the colours of a label map over the image, whose upper left corner it has at column `x`, row `y`; labels without a
  /// colour are left out.
  ///
  /// - Precondition: the label map lies inside the image.
  public mutating func overlay(_ labels: Image, colors: [Int: RGB], opacity: Double = 0.5, x: Int = 0, y: Int = 0) {
    precondition(
      labels.channels == 1 && x >= 0 && y >= 0 && y + labels.height <= image.height && x + labels.width <= image.width,
      "Canvas.overlay: \(labels.height) x \(labels.width) x \(labels.channels) at row \(y), column \(x) does not lie in "
        + "\(image.height) x \(image.width)")
    let mixers = (0..<256).map { label in colors[label].map { Mixer($0, opacity) } }
    for row in 0..<labels.height {
      for column in 0..<labels.width {
        guard let mixer = mixers[Int(labels.pixels[row * labels.width + column])] else { continue }
        fill(row: y + row, x + column..<x + column + 1, mixer)
      }
    }
  }

  /// Copies another RGB image to a place, for contact sheets.
  public mutating func draw(_ other: Image, x: Int, y: Int) {
    let other = other.convertedToRGB()
    let columns = max(0, -x)..<max(max(0, -x), min(other.width, image.width - x))
    for row in 0..<other.height where (0..<image.height).contains(y + row) {
      for column in columns {
        for channel in 0..<3 {
          image.pixels[((y + row) * image.width + x + column) * 3 + channel] =
            other.pixels[(row * other.width + column) * 3 + channel]
        }
      }
    }
  }

  // MARK: Pixels

  /// A colour and how much of it is taken, in 1/256.
  private struct Mixer {
    let r, g, b, weight: Int

    init(_ color: RGB, _ opacity: Double) {
      (r, g, b) = (Int(color.r), Int(color.g), Int(color.b))
      weight = Int((max(0, min(1, opacity)) * 256).rounded())
    }
  }

  /// The indices of the pixels whose centres lie in `from..<to`, inside 0..<`limit`.
  private static func centers(from: Double, to: Double, limit: Int) -> Range<Int> {
    guard from < to else { return 0..<0 }
    let first = Int(max(0, min(Double(limit), (from - 0.5).rounded(.up))))
    let last = Int(max(0, min(Double(limit), (to - 0.5).rounded(.up))))
    return first..<max(first, last)
  }

  private mutating func fill(row: Int, _ columns: Range<Int>, _ mixer: Mixer) {
    let start = row * image.width
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for x in columns {
        let place = (start + x) * 3
        pixels[place] = Canvas.mix(pixels[place], mixer.r, mixer.weight)
        pixels[place + 1] = Canvas.mix(pixels[place + 1], mixer.g, mixer.weight)
        pixels[place + 2] = Canvas.mix(pixels[place + 2], mixer.b, mixer.weight)
      }
    }
  }

  private static func mix(_ under: UInt8, _ over: Int, _ weight: Int) -> UInt8 {
    UInt8((Int(under) * (256 - weight) + over * weight + 128) >> 8)
  }
}
