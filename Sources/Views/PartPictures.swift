import Annotations
import Imaging
import Randomness

/// Pictures of what each part of augmentation does to an image and to its labels.
public struct PartPictures: Sendable {
  /// How labels are drawn on a view.
  public enum Labels: Sendable {
    /// Boxes with the names of their classes.
    case boxes(BoxLabels, names: [String])
    /// A class for every pixel, in the image's size.
    case map(Image, MaskDrawing)
  }

  private let parts: [NamedPart]
  private let seed: UInt64

  /// Pictures of these parts; the seed decides all that they draw.
  public init(_ parts: [NamedPart], seed: UInt64) {
    self.parts = parts
    self.seed = seed
  }

  /// The image, and beside it what each part makes of it, with its name and what was drawn.
  ///
  /// - Parameters:
  ///   - image: The decoded image in full size.
  ///   - number: Which of several images it is: each has draws of its own.
  ///   - cell: The width of a picture's cell in pixels.
  public func sheet(of image: Image, _ labels: Labels, number: Int, columns: Int, cell: Int = 240) -> Image {
    func whole() -> ViewPlan { ViewPlan(originalHeight: image.height, originalWidth: image.width) }
    var cells = [(title: "the image", picture: drawn(whole(), image, labels, longSide: cell - 4))]
    for (place, part) in parts.enumerated() {
      var generator = SeededGenerator(seed: seed, stream: 0x7061_7274, UInt64(number), UInt64(place))
      var plan = whole()
      for augmentation in part.parts { augmentation.adjust(&plan, using: &generator) }
      cells.append((Self.title(part, plan), drawn(plan, image, labels, longSide: cell - 4)))
    }
    return .contactSheet(cells, columns: columns, cell: cell)
  }

  /// The part's name and what it drew, in ASCII: `rotate by -12.3 deg`, `jitter, brightness x 0.8, grey`.
  private static func title(_ part: NamedPart, _ plan: ViewPlan) -> String {
    let geometry = plan.geometry
    let isResized = geometry.height != geometry.originalHeight || geometry.width != geometry.originalWidth
    var words = isResized ? ["\(geometry.width)x\(geometry.height)"] : []
    words += plan.steps.map(\.description)
    if words.first?.hasPrefix(part.name) != true { words.insert(part.name, at: 0) }
    return words.joined(separator: ", ").replacing("×", with: "x").replacing("°", with: " deg")
  }

  private func drawn(_ plan: ViewPlan, _ image: Image, _ labels: Labels, longSide: Int) -> Image {
    let (geometry, steps) = (plan.geometry, plan.steps)
    let view = View(image: 0, imageID: 0, name: "", geometry: geometry, steps: steps, labels: BoxLabels())
    let picture = view.rendered(from: image)
    switch labels {
    case .map(let map, let drawing):
      return drawing.overlay(view.labels(from: map), on: picture).fitted(leastLongSide: longSide, longSide: longSide)
    case .boxes(let boxes, let names):
      // Small views are enlarged and large ones made smaller before names are written on them.
      let shown = picture.fitted(leastLongSide: longSide, longSide: longSide)
      let scale = AffineMap.scale(
        x: Double(shown.width) / Double(picture.width), y: Double(shown.height) / Double(picture.height))
      var canvas = Canvas(shown)
      let own = geometry.labels(boxes)
      for (box, kind) in zip(own.boxes.map { scale.map($0) }, own.classes) {
        canvas.labeledBox(
          x0: box.x0, y0: box.y0, x1: box.x1, y1: box.y1, label: names[kind], color: Palette.color(kind), lineWidth: 2)
      }
      return canvas.image
    }
  }
}
