import Annotations
import Evaluation

extension AnnotationProblems {
  /// What is odd about labels and is judged as it is, and what the ids of predictions are taken for where labels have none.
  func notes(_ parity: EvaluationParity) -> [String] {
    let zero =
      parity == .strict
      ? "objects have id 0: they are never found, as in pycocotools (--parity corrected)"
      : "objects have id 0: pycocotools would never find them, here they count like others"
    let kinds: [(AnnotationProblems.Code, String)] = [
      (.zeroArea, "objects have a box without area: no prediction can match them"),
      (.outside, "objects lie outside their image"),
      (.zeroObjectID, zero),
    ]
    return kinds.compactMap { code, text in counts[code].map { "\($0) \(text)" } }
      + examples.filter { $0.code == .numberedHere }.map(\.message)
  }
}

extension ObjectEvaluation {
  /// What is not judged, or only as pycocotools does; `list` is the file that chose images.
  func notes(list: String?) -> [String] {
    var notes: [String] = []
    if ignoredCount > 0 {
      notes.append(
        "\(ignoredCount) difficult or ignored objects "
          + (parity == .strict
            ? "count like others, as in pycocotools (--parity corrected)"
            : "are neither wanted nor held against (--count-difficult)"))
    }
    if leftOutCount > 0 {
      notes.append("\(leftOutCount) predictions are for images that \(list ?? "the list") leaves out")
    }
    if unknownClassCount > 0 {
      notes.append("\(unknownClassCount) predictions are of classes that the labels do not have: left out")
    }
    return notes
  }
}
