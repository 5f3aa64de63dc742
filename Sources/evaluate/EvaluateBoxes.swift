import Annotations
import ArgumentParser
import Documents
import Evaluation
import Reporting

/// `evaluate boxes`: COCO's average precision and recall.
struct EvaluateBoxes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boxes", abstract: "Average precision and recall of boxes, by COCO's rules.",
    discussion: """
      The twelve figures are those of pycocotools in every bit, but for objects of id 0, which it never finds. Figures \
      lie in 0…1; -1 means that there is nothing to judge by, such as no small object.
      """)

  @OptionGroup var files: JudgedFiles

  func run() throws { try reportingErrors(judge) }

  private func judge() throws {
    let (evaluation, problems) = try files.read()
    let metrics = evaluation.metrics()
    if let json = files.json { try AtomicFile.write(metrics.json.serialized(pretty: true), to: json) }
    print(
      "\(evaluation.images.count) images, \(evaluation.truth.count) objects, \(evaluation.detections.count) predictions"
    )
    if evaluation.ignoredCount > 0 {
      print("\(evaluation.ignoredCount) difficult objects are neither wanted nor held against (--count-difficult)")
    }
    if evaluation.leftOutCount > 0 {
      print("\(evaluation.leftOutCount) predictions are for images that \(files.truthList ?? "the list") leaves out")
    }
    for line in notes(problems) { print(line) }
    print("\n\(metrics.summaryText)\n\n\(metrics.classTable.text)")
  }

  /// What is odd about the labels and is judged as it is.
  private func notes(_ problems: AnnotationProblems) -> [String] {
    let kinds: [(AnnotationProblems.Code, String)] = [
      (.zeroArea, "objects have a box without area: no prediction can match them"),
      (.outside, "objects lie outside their image"),
      (.zeroObjectID, "objects have id 0: pycocotools would never find them, here they count like others"),
    ]
    return kinds.compactMap { code, text in problems.counts[code].map { "note: \($0) \(text)" } }
  }
}
