import Annotations

/// Labels and predictions with masks, as read from files, judged by COCO's average precision of masks.
///
/// Polygons and run lengths are judged alike. The size of an object is its `area` in the file; that of a detection is its
/// box's where it has one, else its mask's, as in the reference.
public struct MaskEvaluation: Sendable {
  let truth: [TruthMask]
  let detections: [DetectedMask]
  /// The classes of the labels, in their order.
  public let categories: [EvaluatedCategory]
  /// The images that are judged.
  public let images: [Int]
  /// Whose rules decide.
  public let parity: EvaluationParity
  /// Objects that are neither wanted nor held against a detector, crowds not among them.
  public let ignoredCount: Int
  /// Predictions for images of the labels that are not judged now.
  public let leftOutCount: Int
  /// Predictions of classes that the labels do not have, left out with strict parity.
  public let unknownClassCount: Int
  /// The objects that are judged.
  public var truthCount: Int { truth.count }
  /// The predictions that are judged.
  public var detectionCount: Int { detections.count }

  /// Brings labels and predictions together; parameters as for ``BoxEvaluation``.
  ///
  /// - Throws: for objects and predictions without a readable mask, and for predictions as ``BoxEvaluation`` does.
  public init(
    labels: AnnotationSet, source: String, predictions: [PredictedObject], file: String, knownImages: Set<Int> = [],
    countsDifficult: Bool = false, parity: EvaluationParity = .corrected
  ) throws(EvaluationError) {
    let judged = JudgedImages(labels, knownImages: knownImages)
    images = judged.images
    categories = judged.categories
    self.parity = parity
    let objects = labels.objects
    let shapes = Self.checked(objects.count) { index, runs throws(ResultMisfit) in
      guard let segmentation = objects[index].segmentation else { throw ResultMisfit("has no segmentation") }
      return try MaskShape.checked(segmentation, size: judged.size(of: objects[index].imageID), parity: parity, &runs)
    }
    var truth: [TruthMask] = []
    truth.reserveCapacity(objects.count)
    var misfit: (id: Int, reason: String, count: Int)?
    for (object, shape) in zip(objects, shapes) {
      switch shape {
      case .success(let (shape, _)):
        truth.append(
          TruthMask(
            image: object.imageID, category: object.categoryID, area: object.area, isCrowd: object.isCrowd,
            isIgnored: judged.isIgnored(object, countsDifficult: countsDifficult), hasIDZero: object.id == 0,
            shape: shape))
      case .failure(let error):
        misfit = (misfit?.id ?? object.id, misfit?.reason ?? error.reason, (misfit?.count ?? 0) + 1)
      }
    }
    if let misfit { throw .object(source: source, id: misfit.id, reason: misfit.reason, others: misfit.count - 1) }
    self.truth = truth
    ignoredCount = parity == .strict ? 0 : truth.count { $0.isIgnored && !$0.isCrowd }

    var tally = ResultTally(file: file)
    var places: [Int] = []
    places.reserveCapacity(predictions.count)
    for index in predictions.indices {
      let (image, category) = (predictions[index].imageID, predictions[index].categoryID)
      switch judged.place(image: image, category: category, parity: parity) {
      case .unknown(let reason): tally.refuse(index, reason)
      case .unknownClass: tally.unknownClassCount += 1
      case .leftOut: tally.leftOutCount += 1
      case .judged: places.append(index)
      }
    }
    let kind = ResultKind(predictions, parity: parity)
    let checked = places
    let found = Self.checked(places.count) { place, runs throws(ResultMisfit) in
      let prediction = predictions[checked[place]]
      return try Self.detection(prediction, kind, judged.size(of: prediction.imageID), parity, &runs)
    }
    var detections: [DetectedMask] = []
    detections.reserveCapacity(found.count)
    for (place, result) in found.enumerated() {
      switch result {
      case .success(let detection): detections.append(detection)
      case .failure(let error): tally.refuse(places[place], error.reason)
      }
    }
    try tally.check()
    self.detections = detections
    leftOutCount = tally.leftOutCount
    unknownClassCount = tally.unknownClassCount
  }

  private static func detection(
    _ prediction: PredictedObject, _ kind: ResultKind, _ size: MaskSize?, _ parity: EvaluationParity,
    _ runs: inout MaskRuns
  ) throws(ResultMisfit) -> DetectedMask {
    guard prediction.score.isFinite else { throw ResultMisfit("score is not finite") }
    let box = prediction.writtenBox
    if let misfit = kind.misfit(hasBox: box != nil, hasMask: prediction.segmentation != nil) {
      throw ResultMisfit(misfit)
    }
    let segmentation: Segmentation
    if let own = prediction.segmentation {
      segmentation = own
    } else if kind == .boxes, let box {
      let (right, bottom) = (box.x + box.width, box.y + box.height)
      segmentation = Segmentation(polygons: [[box.x, box.y, box.x, bottom, right, bottom, right, box.y]])
    } else {
      throw ResultMisfit("has no \"segmentation\"")
    }
    let (shape, pixels) = try MaskShape.checked(segmentation, size: size, parity: parity, &runs)
    let area = kind == .masks ? pixels : box.map { $0.width * $0.height } ?? pixels
    return DetectedMask(
      image: prediction.imageID, category: prediction.categoryID, area: area, score: prediction.score, shape: shape)
  }

  /// What `body` gives for each of `count` elements, computed on all cores, with storage for runs.
  private static func checked<Success: Sendable>(
    _ count: Int, _ body: @Sendable (Int, inout MaskRuns) throws(ResultMisfit) -> Success
  ) -> [Result<Success, ResultMisfit>] {
    let size = 1024
    let chunks = AveragePrecision.inParallel((count + size - 1) / size) { chunk in
      var runs = MaskRuns()
      return (chunk * size..<min(count, (chunk + 1) * size)).map { index in
        do throws(ResultMisfit) { return Result<Success, ResultMisfit>.success(try body(index, &runs)) } catch {
          return .failure(error)
        }
      }
    }
    return chunks.flatMap { $0 }
  }

  /// Reads labels and predictions from files; parameters as for
  /// ``BoxEvaluation/read(truth:predictions:imageFolder:list:countsDifficult:parity:)``.
  public static func read(
    truth: String, predictions: String, imageFolder: String? = nil, list: String? = nil, countsDifficult: Bool = false,
    parity: EvaluationParity = .corrected
  ) throws(EvaluationError) -> (evaluation: MaskEvaluation, problems: AnnotationProblems) {
    let files = try EvaluatedFiles(truth: truth, predictions: predictions, imageFolder: imageFolder, list: list)
    let evaluation = try MaskEvaluation(
      labels: files.labels, source: truth, predictions: files.predictions, file: predictions,
      knownImages: files.knownImages, countsDifficult: countsDifficult, parity: parity)
    return (evaluation, files.problems)
  }

  /// The figures.
  public func metrics() -> BoxMetrics { averagePrecision(keepsArrays: false).metrics }

  /// The curves behind the figures and, where they are kept, the arrays, for a ladder of limits of detections.
  public func averagePrecision(limits: [Int] = [1, 10, 100], keepsArrays: Bool = true) -> AveragePrecision {
    AveragePrecision(
      truth: truth, detections: detections,
      overlaps: MaskOverlaps(truth: truth, detections: detections, parity: parity), categories: categories,
      images: images, settings: AveragePrecisionSettings(limits: limits, parity: parity), keepsArrays: keepsArrays)
  }
}
