import Annotations

/// Labels and predictions as their files have them, known to speak of the same images and classes.
struct EvaluatedFiles {
  /// The labels of the images that are judged, and what was noticed about them and about the ids of the predictions.
  let labels: AnnotationReading
  /// All images of the source, where a list chose some.
  let knownImages: Set<Int>
  let predictions: [PredictedObject]

  /// Reads both.
  ///
  /// - Parameters:
  ///   - truth: labels in any of the forms of `AnnotationFormat`.
  ///   - file: the predictions.
  ///   - imageFolder: the folder of the images, where the source needs it.
  ///   - list: a file of image names that choose a part of the source.
  ///   - base: what the numbers of VOC's files mean.
  ///   - segmentations: whether outlines and masks of the labels are kept: without them they take a part of the memory.
  ///   - haveIDs: whether predictions say images and classes by ids, so that these must be those of the labels; else by names.
  ///   - read: reads the predictions, which may be for any image of the source.
  init(
    truth: String, predictions file: String, imageFolder: String?, list: String?, base: VOCPixelBase = .one,
    segmentations: Bool, haveIDs: Bool = true,
    read: (_ source: AnnotationSet) throws(AnnotationError) -> [PredictedObject]
  ) throws(EvaluationError) {
    let whole: AnnotationReading
    var chosen: AnnotationReading
    do throws(AnnotationError) {
      whole = try AnnotationSource.inspect(truth, images: imageFolder, base: base, segmentations: segmentations)
      chosen = whole
      // Predictions for images that the list leaves out are no error, so the whole source must be known.
      if let list { try chosen.choose(list, base: base) }
      guard chosen.problems.count(.error) == 0 else { throw .problems(source: truth, chosen.problems) }
      predictions = try read(whole.set)
    } catch { throw .annotations(error) }
    knownImages = list == nil ? [] : Set(whole.set.images.map(\.id))
    if haveIDs, let numbering = try PredictedImages.numbering(of: file, by: whole) {
      chosen.problems.add(.numberedHere, numbering)
    }
    labels = chosen
  }

  /// Reads COCO results, with their masks or without where they have boxes.
  static func results(_ file: String, segmentations: Bool) throws(AnnotationError) -> [PredictedObject] {
    let found = try COCOResults.read(file, segmentations: segmentations)
    // Where the first result has no box, boxes are those of the masks.
    let needsMasks = !segmentations && found.first.map { $0.writtenBox == nil } ?? false
    return needsMasks ? try COCOResults.read(file) : found
  }
}
