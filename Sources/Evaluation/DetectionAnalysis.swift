/// All that is said of a detector beside its figures: where it errs and what that costs, by class and by size, how precision falls
/// with recall, whether scores can be taken for probabilities, and which thresholds on them serve best.
public struct DetectionAnalysis: Sendable {
  /// What was judged; of masks the boxes around them.
  public let boxes: BoxEvaluation
  /// Whether overlaps are those of masks.
  public let isOfMasks: Bool
  /// COCO's figures.
  public let metrics: BoxMetrics
  /// Errors and their costs.
  public let errors: ErrorAnalysis
  /// Precision and recall of each class at thresholds on the score.
  public let thresholds: ScoreThresholds
  /// The score over which detections count in the confusion matrix and in pictures.
  public let threshold: Double
  /// Which classes are taken for which.
  public let confusion: DetectionConfusion
  /// How far scores are from the share of right detections, of all classes together; nil where scores are no probabilities.
  public let calibration: CalibrationError?
  /// The same of each class; nothing is counted where scores are no probabilities.
  public let classCalibrations: [CalibrationError]
  /// Of each class its errors: those of detections by their class, missed objects by their own; kinds that do not occur are left out.
  public let classErrors: [[ErrorAnalysis.Kind: Int]]
  /// Of each class the precision at the recalls 0, 0.01 … 1 with an overlap of 0.5; empty where no object is wanted.
  public let curves: [[Double]]
  /// The figures of small, medium and large objects.
  public let sizes: [Size]
  /// Of each class its average precision of small, medium and large objects; -1 where there is none.
  public let classSizes: [[Double]]

  /// Objects of a range of size.
  public struct Size: Sendable, Equatable {
    /// The range's name.
    public var name: String
    /// Areas in square pixels.
    public var areas: ClosedRange<Double>
    /// Objects to be found.
    public var truthCount: Int
    /// Of these found at an overlap of 0.5.
    public var found: Int
    /// Average precision, as `APs`, `APm`, `APl`.
    public var AP: Double
    /// Average recall, as `ARs`, `ARm`, `ARl`.
    public var AR: Double
    /// Errors about objects of this size, or of detections of this size where no object is near.
    public var errors: [ErrorAnalysis.Kind: Int]
  }

  /// Analyses labels and predictions.
  ///
  /// - Parameter threshold: the score over which detections count in the confusion matrix; nil for the one that balances precision
  ///   and recall best.
  public init(_ boxes: BoxEvaluation, threshold: Double? = nil) {
    self.init(
      boxes, boxes.averagePrecision(keepsArrays: false),
      ScoreThresholds(
        truth: boxes.truth, detections: boxes.detections, categories: boxes.categories, images: boxes.images,
        scores: Self.steps(boxes.detections), wantedPrecision: 0.9),
      overlaps: nil, threshold: threshold)
  }

  /// Analyses labels and predictions by their masks; parameters as for boxes.
  public init(_ masks: MaskEvaluation, threshold: Double? = nil) {
    let overlaps = masks.overlaps
    let boxes = masks.boxes
    self.init(
      boxes, masks.averagePrecision(keepsArrays: false),
      ScoreThresholds(
        truth: masks.truth, detections: masks.detections, overlaps: overlaps, categories: masks.categories,
        images: masks.images, scores: Self.steps(boxes.detections), wantedPrecision: 0.9),
      overlaps: ImageOverlaps(truth: masks.truth, detections: masks.detections, overlaps: overlaps),
      threshold: threshold)
  }

  /// Thresholds over the range of the scores, for curves over them.
  private static func steps(_ detections: [DetectedBox]) -> [Double] {
    let scores = detections.map(\.score)
    guard let low = scores.min(), let high = scores.max(), low < high, (high - low).isFinite else { return [] }
    return (0...50).map { low + (high - low) * Double($0) / 50 }
  }

  private init(
    _ boxes: BoxEvaluation, _ result: AveragePrecision, _ thresholds: ScoreThresholds, overlaps: ImageOverlaps?,
    threshold: Double?
  ) {
    (self.boxes, self.thresholds, isOfMasks) = (boxes, thresholds, overlaps != nil)
    let (truth, detections) = (boxes.truth, boxes.detections)
    let (categories, images) = (boxes.categories, boxes.images)
    let overlap = overlaps.map { overlaps in { overlaps.of($0, $1) } }
    let metrics = result.metrics
    let errors = ErrorAnalysis(
      truth: truth, detections: detections, categories: categories, images: images, overlap: overlap)
    let score = threshold ?? thresholds.best?.score ?? 0.5
    self.threshold = score
    confusion = DetectionConfusion(
      truth: truth, detections: detections, categories: categories, images: images, threshold: score,
      overlap: overlap)
    let curves = result.curvesAsGiven
    self.curves = curves.map { $0.isJudged[0] ? $0.precision(area: 0, overlap: 0) : [] }
    classSizes = curves.map { curve in (1...3).map { curve.meanPrecision(area: $0) } }
    let places = Dictionary(categories.enumerated().map { ($1.id, $0) }) { first, _ in first }
    let areProbabilities = detections.allSatisfy { (0...1).contains($0.score) }
    var (all, each) = (CalibrationError(), categories.map { _ in CalibrationError() })
    var classErrors: [[ErrorAnalysis.Kind: Int]] = categories.map { _ in [:] }
    for (detection, verdict) in zip(detections, errors.verdicts) {
      guard verdict.isCounted, let index = places[detection.category] else { continue }
      if case .wrong(let kind, _) = verdict { classErrors[index][kind, default: 0] += 1 }
      guard areProbabilities else { continue }
      all.add(probability: detection.score, isRight: verdict.isRight)
      each[index].add(probability: detection.score, isRight: verdict.isRight)
    }
    for (object, fate) in zip(truth, errors.fates) where fate == .missed {
      if let index = places[object.category] { classErrors[index][.missed, default: 0] += 1 }
    }
    self.classErrors = classErrors
    (calibration, classCalibrations) = (all.count > 0 ? all : nil, each)
    let figures = [(metrics.APs, metrics.ARs), (metrics.APm, metrics.ARm), (metrics.APl, metrics.ARl)]
    sizes = zip(["small", "medium", "large"], figures).enumerated().map { place, entry in
      let areas = AveragePrecision.areaRanges[place + 1]
      var size = Size(
        name: entry.0, areas: areas, truthCount: 0, found: 0, AP: entry.1.0, AR: entry.1.1, errors: [:])
      for (object, fate) in zip(truth, errors.fates) where fate != .notWanted && areas.contains(object.area) {
        size.truthCount += 1
        if fate == .found { size.found += 1 }
        if fate == .missed { size.errors[.missed, default: 0] += 1 }
      }
      for (detection, verdict) in zip(detections, errors.verdicts) {
        guard case .wrong(let kind, let object) = verdict else { continue }
        let area = object.map { truth[$0].area } ?? detection.area
        if areas.contains(area) { size.errors[kind, default: 0] += 1 }
      }
      return size
    }
    (self.metrics, self.errors) = (metrics, errors)
  }

  /// An image with what is wrong in it at the threshold.
  public struct BadImage: Sendable, Equatable {
    /// The image.
    public var image: Int
    /// Wrong detections that score more than the threshold.
    public var wrong: Int
    /// Objects that no detection over the threshold finds.
    public var missed: Int
  }

  /// The images with the most errors, those with more first; equal ones by their ids.
  public func worstImages(_ count: Int) -> [BadImage] {
    var images: [Int: BadImage] = [:]
    var found: Set<Int> = []
    for (detection, verdict) in zip(boxes.detections, errors.verdicts) where detection.score > threshold {
      if case .right(let object) = verdict { found.insert(object) }
      guard case .wrong = verdict else { continue }
      images[detection.image, default: BadImage(image: detection.image, wrong: 0, missed: 0)].wrong += 1
    }
    for (place, object) in boxes.truth.enumerated() where errors.fates[place] != .notWanted && !found.contains(place) {
      images[object.image, default: BadImage(image: object.image, wrong: 0, missed: 0)].missed += 1
    }
    return Array(
      images.values.sorted { ($1.wrong + $1.missed, $0.image) < ($0.wrong + $0.missed, $1.image) }.prefix(count))
  }
}

extension ErrorAnalysis.Verdict {
  /// Whether an object was found.
  public var isRight: Bool { if case .right = self { true } else { false } }
  /// Whether it is right or wrong, rather than ignored or left out.
  public var isCounted: Bool { self != .ignored && self != .leftOut }
}
