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
  /// What was noticed about the labels.
  public let problems: AnnotationProblems
  /// What was noticed about the predictions.
  public let notes: [String]

  /// Reads labels and predictions from files.
  ///
  /// - Parameters:
  ///   - truth: a COCO JSON file, a VOC folder, a VOC JSON file or a folder of LabelMe's JSON.
  ///   - predictions: a COCO results file, a file of VOC's results (`comp4_det_test_CLASS.txt`) or a folder of these.
  ///   - base: what the numbers of VOC's files mean.
  ///   - plusOne: one pixel is added to the width and height of boxes that do not include their last pixel.
  public static func read(
    truth: String, predictions: String, imageFolder: String? = nil, list: String? = nil, base: VOCPixelBase = .one,
    plusOne: Bool = false, countsDifficult: Bool = false
  ) throws(EvaluationError) -> VOCEvaluation {
    let (reading, whole): (AnnotationReading, AnnotationReading)
    var (found, notes): ([PredictedObject], [String]) = ([], [])
    let isOwnForm = VOCResults.isThere(predictions)
    do throws(AnnotationError) {
      let all = try AnnotationSource.inspect(truth, images: imageFolder, base: base)
      whole = all
      reading =
        try list.map { (list) throws(AnnotationError) in
          try AnnotationSource.inspect(truth, images: imageFolder, list: list, base: base)
        } ?? all
      guard reading.problems.count(.error) == 0 else { throw .problems(source: truth, reading.problems) }
      if isOwnForm {
        (found, notes) = try VOCResults.read(predictions, labels: whole.set, base: base)
      } else {
        found = try COCOResults.read(predictions)
      }
    } catch { throw .annotations(error) }
    if !isOwnForm, let numbering = try PredictedImages.numbering(of: predictions, by: whole) { notes.append(numbering) }
    var labels = reading.set
    let isVOC = base == .one && (reading.form == .voc || reading.form == .vocJSON)
    let arePredictionsVOC = base == .one && isOwnForm
    if plusOne, !isVOC {
      for place in labels.objects.indices { labels.objects[place].box = wider(labels.objects[place].box) }
    }
    if plusOne, !arePredictionsVOC {
      for place in found.indices { found[place].box = found[place].box.map(wider) }
    }
    let boxes = try BoxEvaluation(
      labels: labels, predictions: found, file: predictions, knownImages: Set(whole.set.images.map(\.id)),
      countsDifficult: countsDifficult)
    return VOCEvaluation(
      boxes: boxes, includesLastPixel: (isVOC || plusOne, arePredictionsVOC || plusOne), problems: reading.problems,
      notes: notes)
  }

  private static func wider(_ box: Box) -> Box {
    Box(x: box.x0, y: box.y0, width: box.width + 1, height: box.height + 1)
  }

  /// The figures.
  public func judged(
    curve: VOCAveragePrecision.Curve = .area, leastOverlap: Double = 0.5
  ) -> VOCAveragePrecision {
    VOCAveragePrecision(
      truth: boxes.truth, detections: boxes.detections, categories: boxes.categories, images: boxes.images,
      curve: curve, leastOverlap: leastOverlap)
  }

  /// The figures as `evaluate voc --json` writes them.
  public func json(_ figures: VOCAveragePrecision) -> JSON {
    let classes = figures.classes
    let categories = classes.map(\.category)
    return [
      "mAP": JSON(figures.mAP), "curve": JSON(figures.curve.rawValue), "overlapAbove": JSON(figures.leastOverlap),
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
