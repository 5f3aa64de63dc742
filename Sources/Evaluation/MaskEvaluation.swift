import Annotations

/// Labels and predictions with masks, as read from files, judged by COCO's average precision of masks.
///
/// Polygons and run lengths are judged alike. The size of an object is its `area` in the file; that of a detection is its
/// box's where it has one, else its mask's, as in the reference.
public struct MaskEvaluation: ObjectEvaluation {
  /// The objects and predictions with what their masks have in common.
  let overlaps: MaskOverlaps
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
  var truth: [TruthMask] { overlaps.truth }
  var detections: [DetectedMask] { overlaps.detections }

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
    let truths = MaskReading(objects.count) { index, block, runs throws(ResultMisfit) in
      guard let segmentation = objects[index].segmentation else { throw ResultMisfit("has no segmentation") }
      let mask = try runs.append(segmentation, size: judged.size(of: objects[index].imageID), parity: parity)
      return TruthMask(
        image: objects[index].imageID, category: objects[index].categoryID, area: objects[index].area,
        isCrowd: objects[index].isCrowd,
        isIgnored: judged.isIgnored(objects[index], countsDifficult: countsDifficult),
        hasIDZero: objects[index].id == 0,
        box: runs.box(of: mask), mask: mask, block: block)
    }
    if let misfit = truths.misfits.first {
      throw .object(
        source: source, id: objects[misfit.index].id, reason: misfit.reason, others: truths.misfits.count - 1)
    }
    ignoredCount = truths.values.count { $0.isIgnored && !$0.isCrowd }

    var tally = ResultTally(file: file)
    var places: [Int] = []
    places.reserveCapacity(predictions.count)
    for index in predictions.indices where tally.takes(predictions[index], at: index, of: judged, parity: parity) {
      places.append(index)
    }
    let found = FoundMasks(predictions, places: places, judged: judged, parity: parity)
    let classes = ImageClasses(truths.values)
    let detections = MaskReading(places.count) { place, _, runs throws(ResultMisfit) in
      var (detection, mask) = try found.read(place, &runs)
      if classes.contain(detection.category, inImage: detection.image) { detection.box = runs.box(of: mask) }
      return detection
    }
    for misfit in detections.misfits { tally.refuse(places[misfit.index], misfit.reason) }
    try tally.check()
    overlaps = MaskOverlaps(
      truth: truths.values, blocks: truths.blocks, detections: detections.values, found: found)
    leftOutCount = tally.leftOutCount
    unknownClassCount = tally.unknownClassCount
  }

  /// Reads labels and predictions from files, as ``ObjectEvaluation`` says.
  public static func read(
    truth: String, predictions: String, imageFolder: String? = nil, list: String? = nil, countsDifficult: Bool = false,
    parity: EvaluationParity = .corrected
  ) throws(EvaluationError) -> (evaluation: MaskEvaluation, labels: AnnotationReading) {
    let files = try EvaluatedFiles(
      truth: truth, predictions: predictions, imageFolder: imageFolder, list: list, segmentations: true
    ) { (_) throws(AnnotationError) in try EvaluatedFiles.results(predictions, segmentations: true) }
    let evaluation = try MaskEvaluation(
      labels: files.labels.set, source: truth, predictions: files.predictions, file: predictions,
      knownImages: files.knownImages, countsDifficult: countsDifficult, parity: parity)
    return (evaluation, files.labels)
  }

  /// The curves behind the figures and, where they are kept, the arrays, for a ladder of limits on detections.
  public func averagePrecision(maxDetections: [Int] = [1, 10, 100], keepsArrays: Bool = true) -> AveragePrecision {
    AveragePrecision(
      truth: overlaps.truth, detections: overlaps.detections, overlaps: overlaps, categories: categories,
      images: images, settings: AveragePrecisionSettings(maxDetections: maxDetections, parity: parity),
      keepsArrays: keepsArrays)
  }
}
