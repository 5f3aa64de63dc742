import Annotations
import Documents
import Evaluation
import Samples
import Torch
import Training

/// Judges segmenters by the intersection over union of classes over all pixels of labelled images.
public struct MaskJudge: Judge {
  private let pool: ImagePool
  private let labels: LabelMapReader
  private let reader: PoolReader
  private let inference: SegmentationInference
  private let absentClasses: AbsentClasses
  private let device: Device

  private static let calibrationError = "calibrationError"

  /// The figure that selects the best checkpoint.
  public let selectedBy: String
  /// Mean IoU and the figures beside it, then IoU of each class, then the expected calibration error.
  public let figureNames: [String]

  /// - Parameters:
  ///   - pool: Images with label maps.
  ///   - labels: Reads them.
  ///   - selectedBy: A name of ``SegmentationMetrics/summary``.
  public init(
    _ pool: ImagePool, labels: LabelMapReader, inference: SegmentationInference, reader: PoolReader, device: Device,
    absentClasses: AbsentClasses = .skipped, selectedBy: String = "mIoU"
  ) {
    self.pool = pool
    self.labels = labels
    self.inference = inference
    self.reader = reader
    self.device = device
    self.absentClasses = absentClasses
    self.selectedBy = selectedBy
    let empty = SegmentationMetrics(
      ConfusionMatrix(classCount: labels.classes.count), names: labels.classes.names, absentClasses: absentClasses)
    figureNames =
      empty.summary.map(\.name) + labels.classes.names.map { "IoU.\($0)" } + [Self.calibrationError]
  }

  /// The figures of a segmenter: those of `evaluate segmentation` on label maps that it writes, and how far its probabilities are to be
  /// believed. Images that cannot be used are listed in
  /// the judgement, and count for nothing.
  public func judge(_ predictor: any Predictor) throws -> Judgement {
    guard let segmenter = predictor as? any PixelSegmenter else {
      preconditionFailure("a judge of label maps got a \(type(of: predictor)), which gives none")
    }
    var matrix = ConfusionMatrix(classCount: labels.classes.count)
    var calibration = CalibrationError()
    let skipped = try SegmentationReader(segmenter, inference: inference, reader: reader, device: device)
      .forEachImage(of: pool) { found in
        let image = pool.images[found.image]
        guard let masked = image.masked(height: found.height, width: found.width) else {
          preconditionFailure("MaskJudge: expected a label map for \(image.name)")
        }
        let truth = try labels.labels(of: masked, height: found.height, width: found.width)
        matrix.add(truth: truth.pixels, prediction: found.labels.pixels)
        calibration.add(
          truth: truth.pixels, prediction: found.labels.pixels, probability: found.probabilities.max(0).values.floats,
          ignored: ClassTable.ignored)
      }
    let metrics = SegmentationMetrics(matrix, names: labels.classes.names, absentClasses: absentClasses)
    // -1 stands for "nothing to judge by".
    func figure(_ name: String, _ value: Double) -> Figure { Figure(name, value < 0 ? .nan : value) }
    var json = metrics.json.object ?? JSONObject()
    json[Self.calibrationError] = calibration.value.isNaN ? .null : JSON(calibration.value)
    return Judgement(
      figures: metrics.summary.map { figure($0.name, $0.value) }
        + metrics.classes.map { figure("IoU.\($0.name)", $0.IoU) }
        + [Figure(Self.calibrationError, calibration.value)],
      json: .object(json), skipped: skipped)
  }
}
