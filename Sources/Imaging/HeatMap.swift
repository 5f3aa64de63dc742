/// Draws how much each pixel of a picture matters: the picture in dull colours, glowing from violet over red and orange to pale yellow.
public struct HeatMap: Sendable {
  /// How much each pixel matters, one channel, 0 for not at all.
  public let values: Image
  /// Colours of 0, 1/4, 1/2, 3/4 and 1 of the whole; close to matplotlib's `inferno`, which grey printing keeps in order.
  private static let stops: [RGB] = [0x0A0722, 0x57106E, 0xBC3754, 0xF98E09, 0xFCFFA4].map { RGB(hex: $0) }
  /// How much of the colour lies over the picture where the value is greatest, and how much of it there is at 0, in 1/256.
  private static let (most, least) = (210, 24)

  /// A map of values.
  ///
  /// - Precondition: one channel.
  public init(_ values: Image) {
    precondition(values.channels == 1, "HeatMap: expected one channel, got \(values.channels)")
    self.values = values
  }

  /// The colour of a value.
  public static func color(_ value: UInt8) -> RGB {
    let place = Int(value) * (stops.count - 1)
    let (index, share) = (min(place / 255, stops.count - 2), place - min(place / 255, stops.count - 2) * 255)
    func mixed(_ channel: KeyPath<RGB, UInt8>) -> UInt8 {
      let (low, high) = (Int(stops[index][keyPath: channel]), Int(stops[index + 1][keyPath: channel]))
      return UInt8((low * (255 - share) + high * share + 127) / 255)
    }
    return RGB(mixed(\.r), mixed(\.g), mixed(\.b))
  }

  /// The map over a picture of its size; where `outlined` is not 0 an area is enclosed by a white line.
  public func over(_ picture: Image, outlined: Image? = nil) -> Image {
    precondition(
      (picture.height, picture.width) == (values.height, values.width),
      "HeatMap: expected a picture of \(values.width) x \(values.height), got \(picture.width) x \(picture.height)")
    let colors = (0...255).map { Self.color(UInt8($0)) }
    var result = picture.convertedToRGB()
    for pixel in values.pixels.indices {
      let value = Int(values.pixels[pixel])
      let weight = Self.least + (Self.most - Self.least) * value / 255
      let color = colors[value]
      let (r, g, b) = (result.pixels[3 * pixel], result.pixels[3 * pixel + 1], result.pixels[3 * pixel + 2])
      let grey = Int(RGB(r, g, b).luminance)
      for (channel, parts) in [(r, color.r), (g, color.g), (b, color.b)].enumerated() {
        // Half of the picture's colour is taken away, so that the map's stands out.
        let dull = (Int(parts.0) + grey) / 2
        result.pixels[3 * pixel + channel] = UInt8((dull * (256 - weight) + Int(parts.1) * weight + 128) >> 8)
      }
    }
    return outlined.map { Self.outlining($0, in: result) } ?? result
  }

  private static func outlining(_ area: Image, in picture: Image) -> Image {
    var result = picture
    let (height, width) = (area.height, area.width)
    func isInside(_ y: Int, _ x: Int) -> Bool {
      (0..<height).contains(y) && (0..<width).contains(x) && area.pixels[y * width + x] != 0
    }
    for y in 0..<height {
      for x in 0..<width where isInside(y, x) {
        // The area's own border at the picture's is none.
        let isBorder =
          x + 1 < width && !isInside(y, x + 1) || x > 0 && !isInside(y, x - 1) || y + 1 < height && !isInside(y + 1, x)
          || y > 0 && !isInside(y - 1, x)
        guard isBorder else { continue }
        for channel in 0..<3 { result.pixels[3 * (y * width + x) + channel] = 255 }
      }
    }
    return result
  }

  /// The scale of the colours with a line of text, to stand below a picture of a width.
  public static func legend(_ text: String, width: Int) -> Image {
    let height = Canvas.height(ofTextAtScale: 1) + 6
    var canvas = Canvas(Image(height: height, width: max(1, width), color: .white))
    let bar = min(96, width / 4)
    for x in 0..<bar {
      let color = Self.color(UInt8(255 * x / max(1, bar - 1)))
      canvas.fillBox(x0: Double(4 + x), y0: 4, x1: Double(5 + x), y1: Double(height - 4), color: color)
    }
    canvas.text(text, x: bar + 12, y: 3, color: .black)
    return canvas.image
  }
}
