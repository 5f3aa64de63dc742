import Annotations
import ArgumentParser
import Documents
import Evaluation

/// Which of the labels are judged, and how.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder of the labelled images, where the labels do not lead to it.", valueName: "DIR"))
  var truthImages: String?

  @Option(help: ArgumentHelp("Judge only the images that a text file names, one a line.", valueName: "TXT"))
  var truthList: String?

  @Flag(
    help: "Count objects marked as difficult like others; else they are neither wanted nor held against a detector.")
  var countDifficult = false

  /// The boxes or masks of labels and predictions, and the labels as they were read.
  ///
  /// - Throws: also where a result would be written over what was read.
  func read<Shapes: ObjectEvaluation>(
    _ shapes: Shapes.Type, truth: String, predictions: String, parity: EvaluationParity = .corrected,
    writing results: ResultPlaces
  ) throws -> (evaluation: Shapes, labels: AnnotationReading) {
    try results.requireWritable()
    let read = try shapes.read(
      truth: truth, predictions: predictions, imageFolder: truthImages, list: truthList,
      countsDifficult: countDifficult, parity: parity)
    try results.requireApart(from: read.labels)
    return read
  }

  /// What is read besides: the predictions, what `predict` has said about their ids beside them, and the list.
  func inputs(for predictions: [String]) -> [String?] {
    let beside = predictions.filter { !Folder.exists($0) }.map { Path.join(Path.folder(of: $0), "images.json") }
    return predictions + beside + [truthList]
  }
}
