import Annotations
import Imaging
import Reporting

/// Draws what was found, and what is true, on pictures.
public struct DetectionDrawing: Sendable {
  /// The names of the classes.
  public let classes: [String]
  /// Pictures that are larger are made smaller until their longer side is this, in pixels.
  public var longSide = 4096
  /// Pictures that are smaller are enlarged by a whole number until their longer side is at least this, in pixels, so that
  /// the names of classes leave something to be seen.
  public var leastLongSide = 1

  /// A drawing of detections of these classes.
  public init(classes: [String], longSide: Int = 4096, leastLongSide: Int = 1) {
    self.classes = classes
    self.longSide = longSide
    self.leastLongSide = leastLongSide
  }

  /// The picture with found boxes, their class names and scores; the surest lies on top.
  public func picture(_ image: Image, found: [FoundBox]) -> Image {
    draw(
      on: image, found.reversed().map { ($0.box, $0.classIndex, " " + NumberText.fixed($0.score, 2)) })
  }

  /// The picture with labelled boxes and their class names.
  public func picture(_ image: Image, truth: [(box: Box, classIndex: Int)]) -> Image {
    draw(on: image, truth.map { ($0.box, $0.classIndex, "") })
  }

  private func draw(on image: Image, _ boxes: [(box: Box, classIndex: Int, mark: String)]) -> Image {
    let shown = image.fitted(leastLongSide: leastLongSide, longSide: longSide)
    let map = AffineMap.scale(from: image, to: shown)
    var canvas = Canvas(shown)
    for (box, classIndex, mark) in boxes {
      let box = map.map(box)
      canvas.labeledBox(
        x0: box.x0, y0: box.y0, x1: box.x1, y1: box.y1, label: classes[classIndex] + mark,
        color: Palette.color(classIndex), lineWidth: 2, scale: max(1, max(shown.height, shown.width) / 900))
    }
    return canvas.image
  }
}
