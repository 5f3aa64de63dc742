import Annotations
import Detection
import Imaging
import Reporting
import Samples
import Torch

/// A contact sheet: for each unlabelled image of a step the weak view with the teacher's boxes, beside it the strong view
/// with those that the student learns, in the colours of what the filters let through.
public struct PseudoBoxSheet {
  /// What the teacher saw.
  public let weak: ViewBatch
  /// What the student saw of the same images.
  public let strong: ViewBatch
  /// What the teacher found.
  public let found: [PseudoBoxes]
  /// The filters.
  public let filters: PseudoBoxFilters

  /// What became of a candidate.
  private enum Fate: CaseIterable {
    case both, classes, box, none

    init(isClass: Bool, isBox: Bool) {
      self = isClass ? (isBox ? .both : .classes) : (isBox ? .box : .none)
    }

    var color: RGB {
      switch self {
      case .both: RGB(hex: 0x34C759)
      case .classes: RGB(hex: 0x007AFF)
      case .box: RGB(hex: 0xFF9500)
      case .none: RGB(hex: 0x8E8E93)
      }
    }

    var words: String {
      switch self {
      case .both: "class and box are learnt"
      case .classes: "class alone"
      case .box: "box alone"
      case .none: "nothing"
      }
    }
  }

  /// The longer side of a drawn view, in pixels, at least.
  private static let side = 360
  private static let gap = 4
  private static let line = Canvas.height(ofTextAtScale: 1)

  /// The sheet.
  ///
  /// - Parameters:
  ///   - classes: The names of the classes, from label 1.
  ///   - normalization: How the views' numbers were made.
  public func image(classes: [String], normalization: ResizeNormalize) -> Image {
    let rows = found.indices.map { row($0, classes, normalization) }
    let legend = self.legend
    let width = (rows.map(\.width) + [legend.width]).max() ?? 1
    var canvas = Canvas(
      Image(height: legend.height + rows.reduce(0) { $0 + $1.height + Self.gap }, width: width, color: .white))
    canvas.draw(legend, x: 0, y: 0)
    var y = legend.height
    for row in rows {
      canvas.draw(row, x: 0, y: y)
      y += row.height + Self.gap
    }
    return canvas.image
  }

  /// The colours and the thresholds in words.
  private var legend: Image {
    let thresholds = filters.thresholds
    let least = filters.classScores == nil ? "" : "at most "
    let box =
      switch thresholds.boxFilter {
      case .uncertainty: "spread ~ under \(thresholds.boxUncertainty)"
      case .score: "score over \(least)\(thresholds.boxScore)"
      case .none: "score over \(thresholds.candidateScore)"
      }
    let limits =
      "score over \(least)\(thresholds.classScore) for the class (objectness o: \(least)\(thresholds.proposalScore)), "
      + box + " for the box"
    let entries = Fate.allCases.map { ($0.words, $0.color) }
    let colors = entries.reduce(0) { $0 + Canvas.width(ofText: $1.0) + 16 }
    let width = max(Canvas.width(ofText: limits), colors) + 2 * Self.gap
    var canvas = Canvas(Image(height: 2 * Self.line + 3 * Self.gap, width: width, color: .white))
    var x = Self.gap
    for (words, color) in entries {
      canvas.text(words, x: x + 2, y: Self.gap, color: color.contrasting, background: color)
      x += Canvas.width(ofText: words) + 16
    }
    canvas.text(limits, x: Self.gap, y: Self.line + 2 * Self.gap, color: .black)
    return canvas.image
  }

  /// One image: its two views, below them what was done to the strong one.
  private func row(_ index: Int, _ classes: [String], _ normalization: ResizeNormalize) -> Image {
    let views = (weak: weak.views[index], strong: strong.views[index])
    let boxes = candidates(index, classes)
    let left = picture(weak, index, normalization, boxes)
    let geometry = views.strong.geometry
    let learnt = boxes.filter { $0.fate != .none }
    let carried = zip(views.weak.geometry.carry(learnt.map(\.box), to: geometry), learnt)
      .map { (box: $0, text: $1.text, fate: $1.fate) }.filter { !$0.box.isEmpty }
    let right = picture(strong, index, normalization, carried)
    let steps = (geometry.isMirrored ? ["mirrored"] : []) + views.strong.steps.map { "\($0)" }
    // The drawn font is ASCII.
    let words = steps.map { step in
      step.map { $0 == "°" ? " deg" : $0 == "×" ? "x" : String($0) }.joined()
    }
    let captions = Self.lines(of: words, width: right.width)
    let pictures = max(left.height, right.height) + Self.gap
    let height = pictures + max(1, captions.count) * Self.line
    var canvas = Canvas(Image(height: height, width: left.width + Self.gap + right.width, color: .white))
    canvas.draw(left, x: 0, y: 0)
    canvas.draw(right, x: left.width + Self.gap, y: 0)
    let isMirrored = views.weak.geometry.isMirrored
    canvas.text(views.weak.name + (isMirrored ? ", mirrored" : ""), x: 2, y: pictures - 2, color: .black)
    for (number, caption) in captions.enumerated() {
      canvas.text(caption, x: left.width + Self.gap, y: pictures + number * Self.line - 2, color: .black)
    }
    return canvas.image
  }

  /// Words with commas between them, in lines no wider than `width` pixels where the words allow it.
  static func lines(of words: [String], width: Int) -> [String] {
    var lines: [String] = []
    for (place, word) in words.enumerated() {
      let piece = place + 1 < words.count ? word + "," : word
      if let last = lines.last, Canvas.width(ofText: last + " " + piece) <= width {
        lines[lines.count - 1] = last + " " + piece
      } else {
        lines.append(piece)
      }
    }
    return lines
  }

  /// The candidates of an image in its weak view, the surest last.
  private func candidates(_ index: Int, _ classes: [String]) -> [(box: Box, text: String, fate: Fate)] {
    let found = found[index]
    let corners = found.boxes.doubles
    let (scores, spreads, labels) = (found.scores.doubles, found.uncertainty?.doubles, found.labels.integers)
    func passing(_ purpose: PseudoBoxes.Purpose) -> Set<Int> {
      Set(filters.passes(purpose, found).trueIndices().integers)
    }
    let (objects, classified, boxed) = (passing(.proposals), passing(.classes), passing(.boxes))
    return (0..<found.count).reversed().map { place in
      let box = Box(
        x0: corners[4 * place], y0: corners[4 * place + 1], x1: corners[4 * place + 2], y1: corners[4 * place + 3])
      let text =
        "\(classes[labels[place] - 1]) \(NumberText.fixed(scores[place], 2))"
        + (spreads.map { " ~\(NumberText.fixed($0[place], 3))" } ?? "") + (objects.contains(place) ? " o" : "")
      return (box, text, Fate(isClass: classified.contains(place), isBox: boxed.contains(place)))
    }
  }

  /// A view, enlarged by whole numbers or made smaller, with boxes.
  private func picture(
    _ batch: ViewBatch, _ index: Int, _ normalization: ResizeNormalize, _ boxes: [(box: Box, text: String, fate: Fate)]
  ) -> Image {
    let pixels = batch.picture(of: index, normalization: normalization)
    let shown = pixels.fitted(leastLongSide: Self.side, longSide: 2 * Self.side)
    let map = AffineMap.scale(from: pixels, to: shown)
    var canvas = Canvas(shown)
    for (box, text, fate) in boxes {
      let box = map.map(box)
      canvas.labeledBox(x0: box.x0, y0: box.y0, x1: box.x1, y1: box.y1, label: text, color: fate.color)
    }
    return canvas.image
  }
}
