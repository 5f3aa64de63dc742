import Annotations
import ArgumentParser
import Documents
import Evaluation
import Reporting

/// Labels and predictions that are judged by them.
struct JudgedFiles: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Labels: a COCO JSON file, a VOC folder, a VOC JSON file or a folder of LabelMe's JSON.", valueName: "SRC"))
  var truth: String

  @Option(
    help: ArgumentHelp(
      "Predictions: a COCO results file, [{image_id, category_id, bbox or segmentation, score}, …].",
      valueName: "FILE"))
  var predictions: String

  @Option(help: ArgumentHelp("Also write the figures to a JSON file.", valueName: "FILE"))
  var json: String?

  @Option(
    help: ArgumentHelp("The folder of the labelled images, where the labels do not lead to it.", valueName: "DIR"))
  var truthImages: String?

  @Option(help: ArgumentHelp("Judge only the images that a text file names, one a line.", valueName: "TXT"))
  var truthList: String?

  @Flag(
    help: "Count objects marked as difficult like others; else they are neither wanted nor held against a detector.")
  var countDifficult = false

  /// The boxes of both, and what is odd about the labels.
  func read(
    parity: EvaluationParity = .corrected
  ) throws -> (evaluation: BoxEvaluation, problems: AnnotationProblems) {
    try BoxEvaluation.read(
      truth: truth, predictions: predictions, imageFolder: truthImages, list: truthList,
      countsDifficult: countDifficult, parity: parity)
  }

  /// The masks of both, and what is odd about the labels.
  func readMasks(
    parity: EvaluationParity
  ) throws -> (evaluation: MaskEvaluation, problems: AnnotationProblems) {
    try MaskEvaluation.read(
      truth: truth, predictions: predictions, imageFolder: truthImages, list: truthList,
      countsDifficult: countDifficult, parity: parity)
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

extension JudgedFiles {
  func validate() throws { try requireOutputs([json], apartFrom: [truth, predictions]) }
}

/// Refuses results that would be written over what they are made from.
func requireOutputs(_ outputs: [String?], apartFrom inputs: [String]) throws {
  let places = Set(inputs.compactMap { Path.resolved($0) })
  for output in outputs.compactMap({ $0 }) where Path.resolved(output).map({ places.contains($0) }) ?? false {
    throw ValidationError("\(output) is what is judged, which is never written over.")
  }
}
