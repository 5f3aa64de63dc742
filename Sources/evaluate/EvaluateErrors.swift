import Annotations
import ArgumentParser
import Documents
import Evaluation
import Imaging
import Reporting

/// `evaluate errors`: why detections are wrong, and what that costs.
struct EvaluateErrors: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "errors",
    abstract: "Why boxes or masks are wrong and objects missed, and what each kind of error costs.",
    discussion: """
      After TIDE (Bolya et al. 2020), at an overlap of 0.5: classification, localisation, both, duplicate, background and \
      missed, and the average precision that each costs. Then figures by class and size, the threshold on the score that balances precision \
      and recall best, how far scores are from probabilities, and which classes are taken for which. --html writes it all as one page \
      with plots and, where the images are found, the worst of them with their errors drawn.
      """)

  @OptionGroup var files: JudgedFiles

  @Flag(help: "Judge the masks of labels and predictions, not their boxes.")
  var masks = false

  @Option(
    help: ArgumentHelp(
      "Also write a page with plots and the worst images, one file; an older one is replaced.", valueName: "FILE"))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "The score over which detections count in the confusion of classes and in pictures; else the one best for all classes (F1).",
      valueName: "SCORE"))
  var scoreOver: Double?

  @Option(help: ArgumentHelp("How many of the worst images the page shows.", valueName: "N"))
  var worst = 12

  func validate() throws {
    try files.requireApart([html])
    if let scoreOver, !scoreOver.isFinite { throw ValidationError("--score-over \(scoreOver): a number is wanted.") }
    guard worst >= 0 else { throw ValidationError("--worst \(worst): a number of at least 0 is wanted.") }
  }

  func run() throws { try reportingErrors(judge) }

  private func judge() throws {
    if masks {
      let (evaluation, labels) = try files.read(MaskEvaluation.self, writing: [html])
      try report(DetectionAnalysis(evaluation, threshold: scoreOver), labels)
    } else {
      let (evaluation, labels) = try files.read(BoxEvaluation.self, writing: [html])
      try report(DetectionAnalysis(evaluation, threshold: scoreOver), labels)
    }
  }

  /// Writes the files that are asked for and prints the analysis.
  private func report(_ analysis: DetectionAnalysis, _ labels: AnnotationReading) throws {
    let boxes = analysis.boxes
    if let json = files.json { try AtomicFile.write(analysis.json.serialized(pretty: true), to: json) }
    var notes = boxes.notes(list: files.labels.truthList) + labels.problems.notes(.corrected)
    let beyond = zip(boxes.detections, analysis.errors.verdicts).count { $1 == .leftOut }
    if beyond > 0 {
      notes.append("\(beyond) predictions are not among the best \(analysis.errors.rules.limit) of their image")
    }
    if let html {
      let pictures = worst > 0 ? try pictures(of: analysis, labels, &notes) : []
      try analysis.page(subtitle: "\(files.predictions) by \(files.truth)", notes: notes, pictures: pictures)
        .write(to: html)
    }
    print("\(boxes.images.count) images, \(boxes.truth.count) objects, \(boxes.detections.count) predictions")
    for note in notes { print("note: \(note)") }
    print("\n\(analysis.errorText)\n\n\(analysis.errors.table.text)")
    print("\n\(analysis.sizeTable.text)\n\n\(analysis.classTable.text)\n\n\(analysis.classErrorTable.text)\n")
    print("all classes: \(analysis.thresholdText)")
    if let text = analysis.calibrationText { print(text) }
    let confusions = analysis.confusionTable()
    print(
      confusions.rows.isEmpty
        ? "no class is taken for another there" : "classes taken for each other there:\n\n\(confusions.text)")
  }

  /// The worst images that are found, drawn; what is missing is noted.
  private func pictures(
    of analysis: DetectionAnalysis, _ labels: AnnotationReading, _ notes: inout [String]
  ) throws -> [HTMLReport.Picture] {
    let photographs = try AnnotationDrawing(labels)
    let records = Dictionary(labels.set.images.map { ($0.id, $0) }) { first, _ in first }
    let drawing = ErrorDrawing(analysis)
    var pictures: [HTMLReport.Picture] = []
    var missing: [String] = []
    for bad in analysis.worstImages(worst) {
      guard let record = records[bad.image] else { continue }
      do throws(AnnotationError) {
        let photograph = try photographs.photograph(of: record)
        let size = record.height > 0 && record.width > 0 ? (record.height, record.width) : nil
        pictures.append(
          .init(
            bytes: try drawing.picture(photograph, of: bad.image, size: size).jpeg(),
            caption: "\(record.fileName): \(bad.wrong) wrong, \(bad.missed) not found"))
      } catch { missing.append(error.description) }
    }
    if let first = missing.first {
      notes.append("\(missing.count) of the worst images cannot be shown (--truth-images): \(first)")
    }
    return pictures
  }
}

extension Image {
  /// The bytes of a JPEG file.
  fileprivate func jpeg() throws(AnnotationError) -> [UInt8] {
    do throws(ImagingError) { return try ImageFile.encodeJPEG(self, quality: 85) } catch {
      throw .content(place: "picture", reason: error.description)
    }
  }
}
