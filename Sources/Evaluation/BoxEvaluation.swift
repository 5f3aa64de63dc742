import Annotations

/// Labels and predictions, as read from files, brought to what ``BoxAveragePrecision`` computes with.
///
/// Boxes are judged as the files have them: nothing is clipped, moved or left out for its size, as in the reference.
public struct BoxEvaluation: ObjectEvaluation {
  /// The objects of the images that are judged.
  public let truth: [TruthBox]
  /// The predictions for these images.
  public let detections: [DetectedBox]
  /// The classes of the labels, in their order.
  public let categories: [EvaluatedCategory]
  /// The images that are judged.
  public let images: [Int]
  /// Whose rules decide.
  public let parity: EvaluationParity
  /// Objects, crowds not among them, that corrected parity neither wants nor holds against a detector; with strict parity they
  /// count like others.
  public let ignoredCount: Int
  /// Predictions for images of the labels that are not judged now.
  public let leftOutCount: Int
  /// Predictions of classes that the labels do not have, left out with strict parity.
  public let unknownClassCount: Int
  /// The objects that are judged.
  public var truthCount: Int { truth.count }
  /// The predictions that are judged.
  public var detectionCount: Int { detections.count }

  /// Boxes that no file has said, all to be judged.
  init(
    truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int],
    leftOutCount: Int = 0
  ) {
    (self.truth, self.detections, self.categories, self.images) = (truth, detections, categories, images)
    parity = .corrected
    ignoredCount = truth.count { $0.isIgnored && !$0.isCrowd }
    (self.leftOutCount, unknownClassCount) = (leftOutCount, 0)
  }

  /// Brings labels and predictions together.
  ///
  /// - Parameters:
  ///   - labels: the images to judge and their objects.
  ///   - predictions: what was found, in the order of its file.
  ///   - file: the name of the predictions in errors.
  ///   - knownImages: identifiers of images that predictions may be for, where `labels` is only a part of a source.
  ///   - countsDifficult: difficult objects (VOC) count like others.
  ///   - parity: whose rules decide where the reference has a quirk; what judges while a model is trained leaves it.
  /// - Throws: for a prediction of an unknown image or, with corrected parity, an unknown class, without a box, or of a
  ///   negative size.
  public init(
    labels: AnnotationSet, predictions: [PredictedObject], file: String, knownImages: Set<Int> = [],
    countsDifficult: Bool = false, parity: EvaluationParity = .corrected
  ) throws(EvaluationError) {
    let judged = JudgedImages(labels, knownImages: knownImages)
    images = judged.images
    categories = judged.categories
    self.parity = parity
    truth = labels.objects.map { object in
      let box = object.writtenBox
      return TruthBox(
        image: object.imageID, category: object.categoryID, x: box.x, y: box.y, width: box.width, height: box.height,
        area: object.area, isCrowd: object.isCrowd,
        isIgnored: judged.isIgnored(object, countsDifficult: countsDifficult), hasIDZero: object.id == 0)
    }
    ignoredCount = truth.count { $0.isIgnored && !$0.isCrowd }
    let kind = ResultKind(predictions, parity: parity)
    var found: [DetectedBox] = []
    found.reserveCapacity(predictions.count)
    var tally = ResultTally(file: file)
    var runs = MaskRuns()
    for index in predictions.indices where tally.takes(predictions[index], at: index, of: judged, parity: parity) {
      let (image, category) = (predictions[index].imageID, predictions[index].categoryID)
      do throws(ResultMisfit) {
        let (box, area) = try Self.box(of: predictions[index], kind, judged.size(of: image), &runs)
        found.append(
          DetectedBox(
            image: image, category: category, x: box.x, y: box.y, width: box.width, height: box.height, area: area,
            score: predictions[index].score))
      } catch { tally.refuse(index, error.reason) }
    }
    try tally.check()
    detections = found
    leftOutCount = tally.leftOutCount
    unknownClassCount = tally.unknownClassCount
  }

  /// The box of a result and its area, which is the box's where it is nil.
  private static func box(
    of prediction: PredictedObject, _ kind: ResultKind, _ size: MaskSize?, _ runs: inout MaskRuns
  ) throws(ResultMisfit) -> (box: WrittenBox, area: Double?) {
    guard prediction.score.isFinite else { throw ResultMisfit("score is not finite") }
    let written = prediction.writtenBox
    if let misfit = kind.misfit(hasBox: written != nil, hasMask: prediction.segmentation != nil) {
      throw ResultMisfit(misfit)
    }
    if let box = written {
      guard box.x.isFinite, box.y.isFinite, box.width.isFinite, box.height.isFinite, box.width >= 0, box.height >= 0
      else { throw ResultMisfit("bbox has a negative size or a number that is not finite") }
      guard kind == .masks else { return (box, nil) }
    }
    guard kind == .masks, let segmentation = prediction.segmentation else { throw ResultMisfit("has no \"bbox\"") }
    runs.removeAll()
    let mask = try runs.append(segmentation, size: size, parity: .strict)
    let box = runs.box(of: mask)
    return (
      written ?? WrittenBox(x: Double(box.x), y: Double(box.y), width: Double(box.width), height: Double(box.height)),
      Double(runs.area(of: mask))
    )
  }

  /// Reads labels and predictions from files, as ``ObjectEvaluation`` says.
  public static func read(
    truth: String, predictions: String, imageFolder: String? = nil, list: String? = nil, countsDifficult: Bool = false,
    parity: EvaluationParity = .corrected
  ) throws(EvaluationError) -> (evaluation: BoxEvaluation, labels: AnnotationReading) {
    let files = try EvaluatedFiles(
      truth: truth, predictions: predictions, imageFolder: imageFolder, list: list, segmentations: false
    ) { (_) throws(AnnotationError) in try EvaluatedFiles.results(predictions, segmentations: false) }
    let evaluation = try BoxEvaluation(
      labels: files.labels.set, predictions: files.predictions, file: predictions, knownImages: files.knownImages,
      countsDifficult: countsDifficult, parity: parity)
    return (evaluation, files.labels)
  }

  /// The curves behind the figures and, where they are kept, the arrays, for a ladder of limits on detections.
  public func averagePrecision(maxDetections: [Int] = [1, 10, 100], keepsArrays: Bool = true) -> AveragePrecision {
    BoxAveragePrecision.accumulate(
      truth: truth, detections: detections, categories: categories, images: images,
      settings: AveragePrecisionSettings(maxDetections: maxDetections, parity: parity), keepsArrays: keepsArrays)
  }
}
