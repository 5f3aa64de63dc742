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

  @Option(help: ArgumentHelp("Labels: a COCO JSON file, a VOC folder or a VOC JSON file.", valueName: "SRC"))
  var truth: String

  @Option(
    help: ArgumentHelp(
      "Predictions: a COCO results file, [{image_id, category_id, bbox, score}, …].", valueName: "FILE"))
  var predictions: String

  @Option(help: ArgumentHelp("Also write the figures to a JSON file.", valueName: "FILE"))
  var json: String?

  @Option(
    help: ArgumentHelp("The folder of the labelled images, where the labels do not lead to it.", valueName: "DIR"))
  var truthImages: String?

  @Option(help: ArgumentHelp("Judge only the images that a text file names, one a line.", valueName: "TXT"))
  var truthList: String?

  @Flag(help: "Count objects marked as difficult like others; else they are neither wanted nor held against.")
  var countDifficult = false

  func run() throws {
    do {
      try judge()
    } catch {
      Console.standardError.print("error: \(error)")
      throw ExitCode.failure
    }
  }

  private func judge() throws {
    let (evaluation, problems) = try BoxEvaluation.read(
      truth: truth, predictions: predictions, imageFolder: truthImages, list: truthList,
      countsDifficult: countDifficult)
    let metrics = evaluation.metrics()
    if let json { try AtomicFile.write(metrics.json.serialized(pretty: true), to: json) }
    print(
      "\(evaluation.images.count) images, \(evaluation.truth.count) objects, \(evaluation.detections.count) predictions"
    )
    if evaluation.ignoredCount > 0 {
      print("\(evaluation.ignoredCount) difficult objects are neither wanted nor held against (--count-difficult)")
    }
    if evaluation.leftOutCount > 0 {
      print("\(evaluation.leftOutCount) predictions are for images that \(truthList ?? "the list") leaves out")
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
