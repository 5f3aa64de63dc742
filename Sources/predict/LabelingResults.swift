import Annotations
import Detection
import Documents
import Evaluation
import Imaging
import Samples
import SemiSupervision

/// Gathers what a teacher finds and writes what a person who labels asks for.
final class LabelingResults {
  private let source: ImageSource
  private let options: LabelingOptions
  private let output: String
  private let rules: PseudoLabelRules
  private let drawing: LabelingDrawing
  private var labels: PseudoLabels
  private var findings: [(image: Int, name: String, boxes: [TeacherBox])] = []

  init(_ source: ImageSource, classes: [String], options: LabelingOptions, rules: PseudoLabelRules, output: String) {
    self.source = source
    self.options = options
    self.output = output
    self.rules = rules
    drawing = LabelingDrawing(classes: classes)
    labels = PseudoLabels(categories: source.categories, rules: rules)
  }

  /// Takes what was found in one image.
  func add(_ finding: TeacherReader.Finding) {
    let image = source.pool.images[finding.image]
    labels.add(finding.candidates, of: image, size: finding.size)
    findings.append((finding.image, image.name, finding.candidates))
  }

  /// Writes what was asked for; gives lines that say what it is.
  func finish() throws -> [String] {
    var lines: [String] = []
    if options.pseudoLabels { lines += try writePseudoLabels() }
    if options.rankForLabeling { lines += try writeRanking() }
    if options.suspects, let truth = source.labels { lines += try writeSuspects(truth) }
    return lines
  }

  private func path(_ name: String) -> String { Path.join(output, name) }

  private func writePseudoLabels() throws -> [String] {
    try labels.write(to: path("pseudo-labels.json"))
    var lines = ["\(path("pseudo-labels.json")): \(labels.summary)"]
    for format in Set(options.pseudoFormat).sorted(by: { $0.rawValue < $1.rawValue }) {
      let place = path("pseudo-labels-\(format.rawValue)" + (format.isFolder ? "" : ".json"))
      let losses = try labels.write(as: format, to: place)
      lines.append("\(place): to be corrected, of images in \(labels.corrigible.imageFolder)")
      lines += losses
    }
    return lines
  }

  private func writeRanking() throws -> [String] {
    let ranking = LabelingRanking(findings)
    try AtomicFile.write(ranking.csv, to: path("ranking.csv"))
    try AtomicFile.write(ranking.list(options.rankedImages), to: path("to-label.txt"))
    let boxes = Dictionary(findings.map { ($0.image, $0.boxes) }) { first, _ in first }
    let shown = ranking.entries.prefix(LabelingDrawing.sheetCount).map { entry in
      (
        image: source.pool.images[entry.image], entry: entry,
        boxes: (boxes[entry.image] ?? []).map(\.found)
          .filter { $0.score > rules.leastScore }
      )
    }
    if !shown.isEmpty { try ImageFile.write(try drawing.ranking(Array(shown)), to: path("to-label.jpg")) }
    let empty = ranking.emptyCount
    return [
      "\(path("to-label.txt")): \(min(options.rankedImages, ranking.entries.count)) of \(ranking.entries.count) images, "
        + "those first whose labels would teach most (ranking.csv, to-label.jpg)"
        + (empty > 0 ? "; in \(empty) nothing was found, they stand last: look at a few" : "")
    ]
  }

  private func writeSuspects(_ truth: AnnotationSet) throws -> [String] {
    var limits = LabelSuspects.Rules()
    limits.boxUncertainty = rules.thresholds.boxUncertainty
    let input = LabelSuspectsInput(truth, categories: source.categories)
    let found = LabelSuspects(
      findings.map { finding in
        let id = source.pool.images[finding.image].id
        return (
          id, input.labels(of: id),
          finding.boxes.map { box in
            LabelSuspects.Detection(
              classIndex: box.found.classIndex, box: box.found.box, score: box.found.score, uncertainty: box.uncertainty
            )
          }
        )
      }, rules: limits)
    let names = Dictionary(source.pool.images.map { ($0.id, $0.name) }) { first, _ in first }
    let report = SuspectReport(found, rules: limits, images: names, classes: source.categories)
    try AtomicFile.write(report.json.serialized(pretty: true), to: path("suspects.json"))
    try AtomicFile.write(report.csv, to: path("suspects.csv"))
    let pictures = try drawing.suspects(found.suspects, of: source.pool, labels: input.labels)
    if !pictures.isEmpty {
      try Folder.create(path("suspects"))
      for (name, picture) in pictures { try ImageFile.write(picture, to: Path.join(path("suspects"), name)) }
      try ImageFile.write(
        .contactSheet(pictures.prefix(LabelingDrawing.sheetCount).map { ("", $0.picture) }, columns: 3, cell: 400),
        to: path("suspects.jpg"))
    }
    return [
      "\(path("suspects.csv")): \(report.summary)"
        + (pictures.isEmpty ? "" : "; the first \(pictures.count) in suspects/")
    ]
  }
}
