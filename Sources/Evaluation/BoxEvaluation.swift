import Annotations

/// Labels and predictions, as read from files, brought to what ``BoxAveragePrecision`` computes with.
///
/// Boxes are judged as the files have them: nothing is clipped, moved or left out for its size, as in the reference.
public struct BoxEvaluation: Sendable {
  /// The objects of the images that are judged.
  public let truth: [TruthBox]
  /// The predictions for these images.
  public let detections: [DetectedBox]
  /// The classes of the labels, in their order.
  public let categories: [EvaluatedCategory]
  /// The images that are judged.
  public let images: [Int]
  /// Difficult objects that are neither wanted nor held against a detector.
  public let ignoredCount: Int
  /// Predictions for images of the labels that are not judged now.
  public let leftOutCount: Int

  /// Boxes that no file has said, all to be judged.
  init(truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]) {
    (self.truth, self.detections, self.categories, self.images) = (truth, detections, categories, images)
    ignoredCount = truth.count { $0.isIgnored }
    leftOutCount = 0
  }

  /// Brings labels and predictions together.
  ///
  /// - Parameters:
  ///   - labels: the images to judge and their objects.
  ///   - predictions: what was found, in the order of its file.
  ///   - file: the name of the predictions in errors.
  ///   - knownImages: identifiers of images that predictions may be for, where `labels` is only a part of a source.
  ///   - countsDifficult: difficult objects (VOC) count like others.
  /// - Throws: for a prediction of an unknown image or class, without a box, or of a negative size.
  public init(
    labels: AnnotationSet, predictions: [PredictedObject], file: String, knownImages: Set<Int> = [],
    countsDifficult: Bool = false
  ) throws(EvaluationError) {
    images = labels.images.map(\.id)
    categories = labels.categories.map { EvaluatedCategory(id: $0.id, name: $0.name) }
    truth = labels.objects.map { object in
      let box = object.writtenBox
      return TruthBox(
        image: object.imageID, category: object.categoryID, x: box.x, y: box.y, width: box.width, height: box.height,
        area: object.area, isCrowd: object.isCrowd, isIgnored: object.isDifficult && !countsDifficult)
    }
    ignoredCount = truth.count { $0.isIgnored }
    let judged = Set(images)
    let classes = Set(categories.map(\.id))
    var found: [DetectedBox] = []
    found.reserveCapacity(predictions.count)
    var wrong: (index: Int, reason: String, count: Int)?
    for (index, prediction) in predictions.enumerated() {
      let reason: String
      if !judged.contains(prediction.imageID), !knownImages.contains(prediction.imageID) {
        reason = "image_id \(prediction.imageID) is not among the images of the labels"
      } else if !classes.contains(prediction.categoryID) {
        reason = "category_id \(prediction.categoryID) is not among the categories of the labels"
      } else if let box = prediction.writtenBox {
        let numbers = [box.x, box.y, box.width, box.height, prediction.score]
        if numbers.allSatisfy(\.isFinite), box.width >= 0, box.height >= 0 {
          if judged.contains(prediction.imageID) {
            found.append(
              DetectedBox(
                image: prediction.imageID, category: prediction.categoryID, x: box.x, y: box.y, width: box.width,
                height: box.height, score: prediction.score))
          }
          continue
        }
        reason = "bbox or score has a negative size or a number that is not finite"
      } else {
        reason = "has no \"bbox\""
      }
      wrong = (wrong?.index ?? index, wrong?.reason ?? reason, (wrong?.count ?? 0) + 1)
    }
    if let wrong {
      throw .prediction(file: file, index: wrong.index, reason: wrong.reason, others: wrong.count - 1)
    }
    detections = found
    leftOutCount = predictions.count - found.count
  }

  /// Reads labels and predictions from files.
  ///
  /// - Parameters:
  ///   - truth: a COCO JSON file, a VOC folder, a VOC JSON file or a folder of LabelMe's JSON.
  ///   - predictions: a COCO results file.
  ///   - imageFolder: the folder of the images, where the source needs it.
  ///   - list: a file of image names that choose a part of the source.
  ///   - countsDifficult: difficult objects (VOC) count like others.
  /// - Throws: also where an `images.json` beside the predictions says that their ids mean other images or classes.
  /// - Returns: what is to be judged, and what the reader has noticed about the labels.
  public static func read(
    truth: String, predictions: String, imageFolder: String? = nil, list: String? = nil, countsDifficult: Bool = false
  ) throws(EvaluationError) -> (evaluation: BoxEvaluation, problems: AnnotationProblems) {
    let labels: AnnotationSet
    let problems: AnnotationProblems
    let whole: AnnotationSet
    let found: [PredictedObject]
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
      found = try COCOResults.read(predictions)
    } catch { throw .annotations(error) }
    try PredictedImages(beside: predictions)?.requireIDs(of: whole, truth: truth, predictions: predictions)
    let evaluation = try BoxEvaluation(
      labels: labels, predictions: found, file: predictions, knownImages: Set(whole.images.map(\.id)),
      countsDifficult: countsDifficult)
    return (evaluation, problems)
  }

  /// The figures.
  public func metrics() -> BoxMetrics {
    BoxAveragePrecision.evaluate(truth: truth, detections: detections, categories: categories, images: images)
  }
}
