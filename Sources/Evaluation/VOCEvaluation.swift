import Annotations
import Documents

/// Labels and predictions as ``VOCAveragePrecision`` judges them, with the convention of their boxes.
///
/// VOC's own files count pixels from 1 and include the last one, so a box is `xmax − xmin + 1` wide; they are read so. Other files say
/// where a box ends. Tools of VOC's time add the 1 to those, too, and so does `plusOne`, to be compared with them.
public struct VOCEvaluation: Sendable {
  /// The boxes that are judged.
  public let boxes: BoxEvaluation
  /// Whether boxes of the labels and of the predictions are as wide as VOC's: with their last pixel.
  public let includesLastPixel: (truth: Bool, predictions: Bool)
  /// The labels as they were read, with what was noticed about them.
  public let labels: AnnotationReading
  /// What was noticed about the predictions.
  public let notes: [String]

  /// Reads labels and predictions from files.
  ///
  /// - Parameters:
  ///   - truth: labels in any of the forms of `AnnotationFormat` that hold boxes.
  ///   - predictions: a COCO results file, a file of VOC's results (`comp4_det_test_CLASS.txt`) or a folder of these.
  ///   - base: what the numbers of VOC's files mean.
  ///   - plusOne: one pixel is added to the width and height of boxes that do not include their last pixel.
  public static func read(
    truth: String, predictions: String, imageFolder: String? = nil, list: String? = nil, base: VOCPixelBase = .one,
    plusOne: Bool = false, countsDifficult: Bool = false
  ) throws(EvaluationError) -> VOCEvaluation {
    let isOwnForm = VOCResults.isThere(predictions)
    var notes: [String] = []
    // VOC's own results say images and classes by their names.
    let files = try EvaluatedFiles(
      truth: truth, predictions: predictions, imageFolder: imageFolder, list: list, base: base, segmentations: true,
      haveIDs: !isOwnForm
    ) { (source) throws(AnnotationError) in
      guard isOwnForm else { return try COCOResults.read(predictions) }
      let own = try VOCResults.read(predictions, labels: source, base: base)
      notes = own.notes
      return own.found
    }
    let reading = files.labels
    var (labels, found) = (reading.set, files.predictions)
    let isVOC = base == .one && (reading.form == .voc || reading.form == .vocJSON)
    let arePredictionsVOC = base == .one && isOwnForm
    if plusOne, !isVOC {
      for place in labels.objects.indices { labels.objects[place].box = wider(labels.objects[place].box) }
    }
    if plusOne, !arePredictionsVOC {
      for place in found.indices { found[place].box = found[place].box.map(wider) }
    }
    let boxes = try BoxEvaluation(
      labels: labels, predictions: found, file: predictions, knownImages: files.knownImages,
      countsDifficult: countsDifficult)
    return VOCEvaluation(
      boxes: boxes, includesLastPixel: (isVOC || plusOne, arePredictionsVOC || plusOne), labels: reading, notes: notes)
  }

  private static func wider(_ box: Box) -> Box {
    Box(x: box.x0, y: box.y0, width: box.width + 1, height: box.height + 1)
  }

  /// The figures.
  public func judged(
    curve: VOCAveragePrecision.Curve = .area, iouThreshold: Double = 0.5
  ) -> VOCAveragePrecision {
    VOCAveragePrecision(
      truth: boxes.truth, detections: boxes.detections, categories: boxes.categories, images: boxes.images,
      curve: curve, iouThreshold: iouThreshold)
  }

  /// The figures as `evaluate voc --json` writes them.
  public func json(_ figures: VOCAveragePrecision) -> JSON {
    let classes = figures.classes
    let categories = classes.map(\.category)
    return [
      "mAP": JSON(figures.mAP), "curve": JSON(figures.curve.rawValue), "overlapAbove": JSON(figures.iouThreshold),
      "includesLastPixel": [
        "truth": .bool(includesLastPixel.truth), "predictions": .bool(includesLastPixel.predictions),
      ], "images": JSON(boxes.images.count),
      "classes": categories.json { JSON(classes[$0].AP) },
      "counts": categories.json {
        [
          "objects": JSON(classes[$0].truthCount), "ignored": JSON(classes[$0].ignoredCount),
          "right": JSON(classes[$0].right), "wrong": JSON(classes[$0].wrong),
        ]
      },
    ]
  }
}
