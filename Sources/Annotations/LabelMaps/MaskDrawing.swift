import Imaging

/// Draws label maps of dense class indices: over their pictures, alone, beside others, with a legend.
///
/// Ignored pixels are hatched. Over a picture, a class whose colour is black (VOC's background) leaves it as it is, and borders
/// between classes are drawn in full colour.
public struct MaskDrawing: Sendable {
  /// The classes and their colours.
  public let classes: ClassTable
  /// How much of a class's colour lies over the picture, 0...1.
  public var opacity = 0.5
  private static let stripes = (RGB(90, 90, 90), RGB(200, 200, 200))

  /// Drawings in the colours of a table.
  public init(_ classes: ClassTable) { self.classes = classes }

  /// The label map in the colours of its classes.
  public func colored(_ labels: Image) -> Image {
    let palette = classes.palette
    var picture = Image(height: labels.height, width: labels.width, color: .black)
    paint(labels, on: &picture) { label, x, y, _ in
      label == ClassTable.ignored ? (Self.stripe(x, y), 256) : (palette[Int(label)], 256)
    }
    return picture
  }

  /// The picture under the colours of a label map, which is brought to its size by the nearest pixel.
  public func overlay(_ labels: Image, on picture: Image) -> Image {
    let palette = classes.palette
    let weight = Int((max(0, min(1, opacity)) * 256).rounded())
    var result = picture.convertedToRGB()
    let fitting =
      (labels.height, labels.width) == (picture.height, picture.width)
      ? labels : labels.resizedNearest(height: picture.height, width: picture.width)
    paint(fitting, on: &result) { label, x, y, isBorder in
      if label == ClassTable.ignored { return (Self.stripe(x, y), weight) }
      let color = palette[Int(label)]
      return color == .black ? nil : (color, isBorder ? 256 : weight)
    }
    return result
  }

  private static func stripe(_ x: Int, _ y: Int) -> RGB { (x + y) % 8 < 4 ? stripes.0 : stripes.1 }

  /// Mixes what `color` says of each label into the picture, in 1/256.
  private func paint(
    _ labels: Image, on picture: inout Image, _ color: (UInt8, Int, Int, _ isBorder: Bool) -> (color: RGB, weight: Int)?
  ) {
    precondition(labels.channels == 1, "MaskDrawing: a label map has one channel, got \(labels.channels)")
    let (height, width) = (labels.height, labels.width)
    labels.pixels.withUnsafeBufferPointer { labels in
      picture.pixels.withUnsafeMutableBufferPointer { pixels in
        for y in 0..<height {
          for x in 0..<width {
            let place = y * width + x
            let label = labels[place]
            let isBorder =
              x + 1 < width && labels[place + 1] != label || y + 1 < height && labels[place + width] != label
            guard let (color, weight) = color(label, x, y, isBorder) else { continue }
            for (channel, value) in [color.r, color.g, color.b].enumerated() {
              let under = Int(pixels[3 * place + channel])
              pixels[3 * place + channel] = UInt8((under * (256 - weight) + Int(value) * weight + 128) >> 8)
            }
          }
        }
      }
    }
  }

  // MARK: Legends and sheets

  /// Swatches and names of the classes that occur in label maps, on white, broken into lines of a width.
  public func legend(of maps: [Image], width: Int) -> Image {
    var occurs = [Bool](repeating: false, count: 256)
    for map in maps { for label in map.pixels { occurs[Int(label)] = true } }
    var entries = classes.classes.enumerated().filter { occurs[$0.offset] }.map { (UInt8($0.offset), $0.element.name) }
    if occurs[Int(ClassTable.ignored)] { entries.append((ClassTable.ignored, "ignored")) }
    let line = Canvas.height(ofTextAtScale: 1) + 4
    let swatch = line - 4
    var places: [(x: Int, y: Int)] = []
    var (x, y) = (4, 2)
    for (_, name) in entries {
      let wanted = swatch + 4 + Canvas.width(ofText: name)
      if x > 4, x + wanted > width { (x, y) = (4, y + line) }
      places.append((x, y))
      x += wanted + 12
    }
    var canvas = Canvas(Image(height: y + line, width: max(1, width), color: .white))
    for ((label, name), place) in zip(entries, places) {
      // Framed, so that a white class is seen too.
      let box = Image(height: swatch, width: swatch, channels: 1, fill: label)
      canvas.draw(colored(box), x: place.x, y: place.y)
      canvas.strokeBox(
        x0: Double(place.x), y0: Double(place.y), x1: Double(place.x + swatch), y1: Double(place.y + swatch),
        color: .black,
        lineWidth: 1)
      canvas.text(name, x: place.x + swatch + 4, y: place.y, color: .black)
    }
    return canvas.image
  }

  /// A picture with the legend of its label maps below.
  public func withLegend(_ picture: Image, of maps: [Image]) -> Image {
    let legend = legend(of: maps, width: picture.width)
    var canvas = Canvas(Image(height: picture.height + legend.height, width: picture.width, color: .white))
    canvas.draw(picture, x: 0, y: 0)
    canvas.draw(legend, x: 0, y: picture.height)
    return canvas.image
  }

  /// A picture and label maps over it side by side, each with its title, and one legend below.
  ///
  /// - Parameters:
  ///   - maps: of the picture's size or any other of its shape.
  ///   - cell: width of each, in pixels.
  public func sideBySide(picture: Image, _ maps: [(title: String, labels: Image)], cell: Int = 320) -> Image {
    let pictures = [("picture", picture)] + maps.map { ($0.title, overlay($0.labels, on: picture)) }
    return withLegend(
      .contactSheet(pictures, columns: pictures.count, cell: cell), of: maps.map(\.labels))
  }
}
