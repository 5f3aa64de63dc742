import Annotations
import ArgumentParser
import Evaluation
import Reporting

/// Labels and predictions that are judged by them.
struct JudgedFiles: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Labels in any form that `annotation-tool formats` lists: a file or folder of COCO, VOC, YOLO, LabelMe, CVAT and others.",
      valueName: "SRC"))
  var truth: String

  @Option(
    help: ArgumentHelp(
      "Predictions: a COCO results file, [{image_id, category_id, bbox or segmentation, score}, …].",
      valueName: "FILE"))
  var predictions: String

  @Option(help: ArgumentHelp("Also write the figures to a JSON file; an older one is replaced.", valueName: "FILE"))
  var json: String?

  @OptionGroup var labels: LabelOptions

  func validate() throws { try requireApart() }

  /// Refuses results, the JSON and others, that would be written over what is read or over each other.
  func requireApart(_ others: [String?] = []) throws {
    try ResultPlaces([json] + others).requireApart(from: [truth] + labels.inputs(for: [predictions]))
  }

  /// The boxes or masks of both, and the labels as they were read; `others` are results beside the JSON.
  func read<Shapes: ObjectEvaluation>(
    _ shapes: Shapes.Type, parity: EvaluationParity = .corrected, writing others: [String?] = []
  ) throws -> (evaluation: Shapes, labels: AnnotationReading) {
    try labels.read(
      shapes, truth: truth, predictions: predictions, parity: parity, writing: ResultPlaces([json] + others))
  }
}

/// Runs a command's work; what it throws becomes one line on standard error and exit code 1.
func reportingErrors(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch {
    Console.standardError.print("error: \(error)")
    throw ExitCode.failure
  }
}
