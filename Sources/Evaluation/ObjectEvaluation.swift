import Annotations

/// Boxes or masks of labels and predictions brought together, which are judged by COCO's rules.
public protocol ObjectEvaluation: Sendable {
  /// The classes of the labels, in their order.
  var categories: [EvaluatedCategory] { get }
  /// The images that are judged.
  var images: [Int] { get }
  /// Whose rules decide.
  var parity: EvaluationParity { get }
  /// The objects that are judged.
  var truthCount: Int { get }
  /// The predictions that are judged.
  var detectionCount: Int { get }
  /// Objects, crowds not among them, that corrected parity neither wants nor holds against a detector; with strict parity they
  /// count like others.
  var ignoredCount: Int { get }
  /// Predictions for images of the labels that are not judged now.
  var leftOutCount: Int { get }
  /// Predictions of classes that the labels do not have, left out with strict parity.
  var unknownClassCount: Int { get }

  /// Reads labels and predictions from files.
  ///
  /// - Parameters:
  ///   - truth: labels in any of the forms of `AnnotationFormat` that hold what is judged.
  ///   - predictions: a COCO results file.
  ///   - imageFolder: the folder of the images, where the source needs it.
  ///   - list: a file of image names that choose a part of the source.
  ///   - countsDifficult: difficult objects (VOC) count like others.
  ///   - parity: whose rules decide where the reference has a quirk.
  /// - Throws: also where an `images.json` beside the predictions says that their ids mean other images or classes.
  /// - Returns: what is to be judged, and the labels with what their reader has noticed.
  static func read(
    truth: String, predictions: String, imageFolder: String?, list: String?, countsDifficult: Bool,
    parity: EvaluationParity
  ) throws(EvaluationError) -> (evaluation: Self, labels: AnnotationReading)

  /// The curves behind the figures and, where they are kept, the arrays, for a ladder of limits on detections.
  func averagePrecision(maxDetections: [Int], keepsArrays: Bool) -> AveragePrecision
}

extension ObjectEvaluation {
  /// The figures.
  public func metrics() -> BoxMetrics { averagePrecision(maxDetections: [1, 10, 100], keepsArrays: false).metrics }
}
