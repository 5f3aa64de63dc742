import Annotations
import Detection
import Documents
import Evaluation
import Reporting
import Samples
import Torch
import Training

/// What thresholds would let through of what a detector finds in images whose objects are known, though it has not learnt from
/// them: `thresholds.json`, by which the next run's `method.thresholds` are chosen.
struct ThresholdAdvice {
  /// Images at most, spread evenly over all; more would cost time and change little.
  static let mostImages = 500
  /// The thresholds that are looked at.
  static let scores = [0.5, 0.7, 0.9]
  /// The share that the advice for each class wants to be right.
  static let wantedPrecision = 0.9

  /// Whose labels the images have.
  enum Origin: String {
    /// Hidden ones of unlabelled images.
    case audit
    /// Those of the validation images.
    case validation
  }

  /// Labels of the images.
  let reading: AnnotationReading
  /// The detector's classes.
  let classes: [String]
  /// Where the labels are from.
  let origin: Origin

  /// Asks a detector.
  ///
  /// - Parameters:
  ///   - model: The name by which it is shown, such as `teacher`.
  ///   - selected: Whether its weights are those that were selected, else they are the last.
  func ask(
    _ detector: any BoxDetector, model: String, selected: Bool, reader: PoolReader, device: Device
  ) throws -> JSON {
    var part = reading
    let all = reading.set.images
    let wanted = min(Self.mostImages, all.count)
    let chosen = Set((0..<wanted).map { all[$0 * all.count / wanted].id })
    part.set = part.set.subset { chosen.contains($0.id) }
    let judge = try BoxJudge(part, classes: classes, reader: reader, device: device)
    let wasTraining = detector.model.isTraining
    detector.model.evaluate()
    defer { if wasTraining { detector.model.train() } }
    let (objects, skipped) = withoutGradients { judge.predictions(of: detector) }
    let evaluation = try BoxEvaluation(labels: part.set, predictions: objects, file: reading.source)
    let found = ScoreThresholds(
      truth: evaluation.truth, detections: evaluation.detections, categories: evaluation.categories,
      images: evaluation.images, scores: Self.scores, wantedPrecision: Self.wantedPrecision)
    var members = JSONObject([
      ("from", JSON(origin.rawValue)), ("source", JSON(reading.source)), ("model", JSON(model)),
      ("weights", JSON(selected ? "selected" : "last")), ("images", JSON(wanted - skipped.count)),
      ("ofImages", JSON(all.count)),
    ])
    for member in (found.json.object ?? JSONObject()).members { members[member.key] = member.value }
    return .object(members)
  }
}
