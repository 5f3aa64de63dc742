import Annotations

/// Labels and COCO results as their files have them, known to speak of the same images and classes.
struct EvaluatedFiles {
  /// The images that are judged.
  let labels: AnnotationSet
  /// What the reader has noticed about them.
  let problems: AnnotationProblems
  /// All images of the source, where a list chose some.
  let knownImages: Set<Int>
  let predictions: [PredictedObject]

  /// Reads both; the arguments are those of ``BoxEvaluation/read(truth:predictions:imageFolder:list:countsDifficult:parity:)``.
  init(truth: String, predictions file: String, imageFolder: String?, list: String?) throws(EvaluationError) {
    let whole: AnnotationSet
    do throws(AnnotationError) {
      let all = try AnnotationSource.inspect(truth, images: imageFolder)
      whole = all.set
      // Predictions for images that the list leaves out are no error, so the whole source must be known.
      let reading = try list.map { (list) throws(AnnotationError) in
        try AnnotationSource.inspect(truth, images: imageFolder, list: list)
      }
      labels = reading?.set ?? all.set
      problems = reading?.problems ?? all.problems
      guard problems.count(.error) == 0 else { throw .problems(source: truth, problems) }
      knownImages = list == nil ? [] : Set(whole.images.map(\.id))
      predictions = try COCOResults.read(file)
    } catch { throw .annotations(error) }
    try PredictedImages(beside: file)?.requireIDs(of: whole, truth: truth, predictions: file)
  }
}
