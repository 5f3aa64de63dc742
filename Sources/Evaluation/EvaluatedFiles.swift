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

  /// Reads both; the arguments are those of ``BoxEvaluation/read(truth:predictions:imageFolder:list:countsDifficult:parity:)``,
  /// and whether outlines and masks are judged: without them both take a part of the memory.
  init(
    truth: String, predictions file: String, imageFolder: String?, list: String?, segmentations: Bool
  ) throws(EvaluationError) {
    let whole: AnnotationReading
    var odd: AnnotationProblems
    do throws(AnnotationError) {
      let all = try AnnotationSource.inspect(truth, images: imageFolder, segmentations: segmentations)
      whole = all
      // Predictions for images that the list leaves out are no error, so the whole source must be known.
      let reading = try list.map { (list) throws(AnnotationError) in
        try AnnotationSource.inspect(truth, images: imageFolder, list: list, segmentations: segmentations)
      }
      labels = reading?.set ?? all.set
      odd = reading?.problems ?? all.problems
      guard odd.count(.error) == 0 else { throw .problems(source: truth, odd) }
      knownImages = list == nil ? [] : Set(all.set.images.map(\.id))
      let found = try COCOResults.read(file, segmentations: segmentations)
      // Where the first result has no box, boxes are those of the masks.
      predictions =
        !segmentations && found.first.map { $0.writtenBox == nil } ?? false ? try COCOResults.read(file) : found
    } catch { throw .annotations(error) }
    if let numbering = try PredictedImages.numbering(of: file, by: whole) { odd.add(.numberedHere, numbering) }
    problems = odd
  }
}
