import Evaluation
import Imaging

/// Draws on a picture what a detector has found, has got wrong and has missed, in a colour for each.
public struct ErrorDrawing: Sendable {
  private let analysis: DetectionAnalysis
  private let names: [Int: String]
  /// Pictures are enlarged by a whole number or made smaller until the longer side is about this, in pixels.
  private let longSide: Int

  /// A drawing of an analysis.
  public init(_ analysis: DetectionAnalysis, longSide: Int = 560) {
    self.analysis = analysis
    self.longSide = longSide
    names = Dictionary(analysis.boxes.categories.map { ($0.id, $0.name) }) { first, _ in first }
  }

  /// What the colours mean (Okabe and Ito 2008).
  public static let legend: [(color: RGB, text: String)] =
    [
      (truthColor, "object that was found"), (missedColor, "object that was not found"),
      (rightColor, "right detection"),
    ]
    + ErrorAnalysis.Kind.allCases.compactMap { kind in
      color(of: kind).map { ($0, "wrong: \(kind.rawValue) (\(kind.explanation))") }
    } + [(ignoredColor, "crowd or difficult object, and detections there")]

  private static let truthColor = RGB.white
  private static let missedColor = RGB(hex: 0xF0E442)
  private static let rightColor = RGB(hex: 0x009E73)
  private static let ignoredColor = RGB(hex: 0x8A8A8A)

  private static func color(of kind: ErrorAnalysis.Kind) -> RGB? {
    switch kind {
    case .classification: RGB(hex: 0xD55E00)
    case .localisation: RGB(hex: 0xE69F00)
    case .both: RGB(hex: 0xCC79A7)
    case .duplicate: RGB(hex: 0x56B4E9)
    case .background: RGB(hex: 0x0072B2)
    case .missed: nil
    }
  }

  /// The picture of an image with its objects, and detections over the threshold of the analysis, the surest on top.
  ///
  /// - Parameter size: the image's size in the labels; the picture's own where it is nil.
  public func picture(_ photograph: Image, of image: Int, size: (height: Int, width: Int)? = nil) -> Image {
    let shown = photograph.fitted(leastLongSide: longSide / 2, longSide: longSide)
    let across = Double(shown.width) / Double(size?.width ?? photograph.width)
    let down = Double(shown.height) / Double(size?.height ?? photograph.height)
    var canvas = Canvas(shown)
    func draw(
      _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ label: String, _ color: RGB, _ line: Int
    ) {
      canvas.labeledBox(
        x0: x * across, y0: y * down, x1: (x + width) * across, y1: (y + height) * down, label: label, color: color,
        lineWidth: line)
    }
    let (truth, detections) = (analysis.boxes.truth, analysis.boxes.detections)
    let places = detections.indices.filter {
      detections[$0].image == image && detections[$0].score > analysis.threshold
    }
    let found = Set(
      places.compactMap { place -> Int? in
        if case .right(let object) = analysis.errors.verdicts[place] { object } else { nil }
      })
    for (place, object) in truth.enumerated() where object.image == image {
      let name = names[object.category] ?? "?"
      let isWanted = analysis.errors.fates[place] != .notWanted
      let isMissed = isWanted && !found.contains(place)
      draw(
        object.x, object.y, object.width, object.height, isMissed ? name : "",
        isMissed ? Self.missedColor : isWanted ? Self.truthColor : Self.ignoredColor, isMissed ? 3 : 1)
    }
    for place in places.sorted(by: { (detections[$0].score, $1) < (detections[$1].score, $0) }) {
      let box = detections[place]
      let color: RGB
      switch analysis.errors.verdicts[place] {
      case .right: color = Self.rightColor
      case .wrong(let kind, _): color = Self.color(of: kind) ?? .white
      case .ignored: color = Self.ignoredColor
      case .leftOut: continue
      }
      draw(
        box.x, box.y, box.width, box.height,
        "\(names[box.category] ?? "?") \(NumberText.fixed(box.score, 2))", color, 2)
    }
    return canvas.image
  }
}
