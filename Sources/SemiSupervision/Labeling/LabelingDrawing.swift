import Annotations
import Detection
import Documents
import Evaluation
import Imaging
import Reporting
import Samples

/// Pictures for a person who labels: the images worth labelling, and places where labels and detector disagree.
public struct LabelingDrawing: Sendable {
  /// Pictures of a contact sheet.
  public static let sheetCount = 12
  /// Suspicions that are drawn.
  public static let suspectCount = 24
  /// The colours of a label, of other labels beside it, and of a detection that contradicts it.
  private static let labelColor = RGB.white
  private static let otherColor = RGB(hex: 0xB0B0B0)
  private static let foundColor = RGB(hex: 0xFF9500)
  /// The longer side of a picture of a suspicion, in pixels.
  private static let side = 396
  private let classes: [String]

  /// - Parameter classes: The names of the detector's classes.
  public init(classes: [String]) { self.classes = classes }

  /// The first images of a ranking with what was found in them, and the figures behind their ranks.
  public func ranking(
    _ images: [(image: PooledImage, entry: LabelingRanking.Entry, boxes: [FoundBox])]
  ) throws -> Image {
    let drawing = DetectionDrawing(classes: classes, longSide: 476, leastLongSide: 320)
    let pictures = try images.enumerated().map { place, shown in
      let entry = shown.entry
      let title =
        "\(place + 1). \(Path.name(of: entry.name)) \(NumberText.fixed(entry.score, 2)): \(entry.boxes) boxes, "
        + "\(entry.diversity) classes"
      return (title, drawing.picture(try pixels(of: shown.image), found: shown.boxes))
    }
    return .contactSheet(pictures, columns: 3, cell: 480)
  }

  /// The surest suspicions, each with what lies around it and is labelled there, and the names of their files.
  ///
  /// - Parameter labels: The labels of an image by its id.
  public func suspects(
    _ suspects: [LabelSuspects.Suspect], of pool: ImagePool, labels: (Int) -> [LabelSuspects.Label]
  ) throws -> [(name: String, picture: Image)] {
    let images = Dictionary(pool.images.map { ($0.id, $0) }) { first, _ in first }
    return try suspects.prefix(Self.suspectCount).enumerated().compactMap { place, suspect in
      guard let image = images[suspect.image] else { return nil }
      let kind = suspect.kind.rawValue.replacing(" ", with: "-")
      let name = "\(Path.digits(place + 1, atLeast: 3))-\(kind)-\(Path.stem(of: image.name)).jpg"
      let others = labels(image.id).filter { $0 != suspect.label }.map(\.box)
      return (name, picture(suspect, try pixels(of: image), others, name: Path.name(of: image.name)))
    }
  }

  private func pixels(of image: PooledImage) throws -> Image {
    let reader = ImageReader(usesScaledDecoding: false)
    let opened = try reader.open(image)
    return try reader.decode(opened, shortSide: min(opened.height, opened.width))
  }

  private func picture(
    _ suspect: LabelSuspects.Suspect, _ image: Image, _ others: [Box], name: String
  ) -> Image {
    let boxes = [suspect.label?.box, suspect.detection?.box].compactMap { $0 }
    let (part, x, y) = around(boxes, in: image)
    let factor = Double(Self.side) / Double(max(part.height, part.width))
    let shown = part.resized(
      height: max(1, Int((Double(part.height) * factor).rounded())),
      width: max(1, Int((Double(part.width) * factor).rounded())))
    let map = AffineMap.scale(from: part, to: shown)
    var canvas = Canvas(shown)
    func stroke(_ box: Box, _ color: RGB, lineWidth: Int, rim: Double = 0) {
      let drawn = map.map(Box(x0: box.x0 - x, y0: box.y0 - y, x1: box.x1 - x, y1: box.y1 - y))
      canvas.strokeBox(
        x0: drawn.x0 - rim, y0: drawn.y0 - rim, x1: drawn.x1 + rim, y1: drawn.y1 + rim, color: color,
        lineWidth: lineWidth)
    }
    for box in others { stroke(box, Self.otherColor, lineWidth: 1) }
    for (box, color) in [(suspect.detection?.box, Self.foundColor), (suspect.label?.box, Self.labelColor)] {
      guard let box else { continue }
      // A dark rim, so that either colour is seen on any ground.
      stroke(box, .black, lineWidth: 4, rim: 1)
      stroke(box, color, lineWidth: 2)
    }
    return captioned(canvas.image, suspect, name: name)
  }

  /// The part of an image around boxes, three times as large as they are where the image is, and where it begins.
  private func around(_ boxes: [Box], in image: Image) -> (part: Image, x: Double, y: Double) {
    let all = boxes.dropFirst().reduce(boxes[0]) {
      Box(x0: min($0.x0, $1.x0), y0: min($0.y0, $1.y0), x1: max($0.x1, $1.x1), y1: max($0.y1, $1.y1))
    }
    let side = max(all.width, all.height, 24) * 3
    func window(_ center: Double, _ limit: Int) -> Range<Int> {
      let length = min(limit, Int(side.rounded(.up)))
      let start = max(0, min(limit - length, Int((center - Double(length) / 2).rounded())))
      return start..<start + length
    }
    let (columns, rows) = (window((all.x0 + all.x1) / 2, image.width), window((all.y0 + all.y1) / 2, image.height))
    let part = image.cropped(y: rows.lowerBound, x: columns.lowerBound, height: rows.count, width: columns.count)
    return (part, Double(columns.lowerBound), Double(rows.lowerBound))
  }

  /// A picture over two lines of words: what is suspected, and what the colours mean.
  private func captioned(_ picture: Image, _ suspect: LabelSuspects.Suspect, name: String) -> Image {
    func className(_ index: Int?) -> String { index.map { classes[$0] } ?? "?" }
    let line = Canvas.height(ofTextAtScale: 1) + 2
    var sheet = Canvas(
      Image(height: picture.height + 2 * line + 2, width: max(Self.side, picture.width), color: RGB(hex: 0x303030)))
    sheet.draw(picture, x: 0, y: 0)
    let head = "\(suspect.kind.rawValue) \(NumberText.fixed(suspect.confidence, 2))  "
    sheet.text(head + name, x: 2, y: picture.height + 2, color: .white)
    var x = 2
    func write(_ text: String, _ color: RGB) {
      sheet.text(text, x: x, y: picture.height + 2 + line, color: color)
      x += Canvas.width(ofText: text + "  ")
    }
    if let label = suspect.label { write("label \(className(label.classIndex))", Self.labelColor) }
    if let found = suspect.detection {
      write("found \(className(found.classIndex)) \(NumberText.fixed(found.score, 2))", Self.foundColor)
    }
    if suspect.label != nil, suspect.detection != nil {
      write("overlap \(NumberText.fixed(suspect.overlap, 2))", .white)
    }
    return sheet.image
  }
}
