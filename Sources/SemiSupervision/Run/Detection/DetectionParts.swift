import Backbone
import Detection
import Samples
import Torch
import Training

/// What a detection run is made of: a method on a detector with its first weights, and the judges of held-out images.
struct DetectionParts: TaskParts {
  let method: any TrainingMethod<SampleBatch>
  /// How held-out images are read.
  let reader: PoolReader
  let validation: BoxJudge?
  let test: BoxJudge?
  /// What checkpoints say about the detector.
  let metadata: DetectorMetadata
  /// What there is to say about the first weights, a line each.
  let notes: [String]

  var validationJudge: (any Judge)? { validation }
  var testJudge: (any Judge)? { test }
  var metadataEntries: [String: String] { metadata.entries }

  /// Builds everything.
  ///
  /// - Parameter saved: What a checkpoint says about the detector that is to be continued: its weights are loaded
  ///   later, so the settings' first weights are not wanted.
  init<Method: DetectionMethodSettings>(
    _ settings: DetectionSettings<Method>, data: DetectionData, device: Device, length: RunLength,
    saved: DetectorMetadata? = nil
  ) throws {
    let classes = data.labeled.classes
    let made: InitialWeights.Outcome
    if let saved {
      let detector = FasterRCNN(
        saved.detector, classCount: classes.count, using: Generator(seed: settings.run.seed))
      made = InitialWeights.Outcome(detector: detector, settings: saved.detector, notes: [])
    } else {
      made = try InitialWeights.makeDetector(
        settings.model, weights: settings.initialWeights, replacingPredictor: settings.replacePredictor,
        classCount: classes.count, seed: settings.run.seed)
    }
    made.detector.move(to: device)
    made.detector.computeType = settings.run.precision.computeType
    var input = DetectorMetadata.Input()
    input.shortSide = settings.evaluation.shortSide
    input.longSide = settings.evaluation.longSide
    input.sizeDivisor = settings.views.sizeDivisor
    input.scaledDecoding = settings.views.scaledDecoding
    let reader = input.reader(
      batchSize: settings.evaluation.batchSize, workers: settings.run.workers,
      normalization: settings.model.backbone.inputNormalization)
    let judges = try [data.validation, data.test].map { reading in
      try reading.map {
        try BoxJudge($0, classes: classes, reader: reader, device: device, selectedBy: settings.selectedBy.rawValue)
      }
    }
    self.reader = reader
    (validation, test) = (judges[0], judges[1])
    metadata = DetectorMetadata(detector: made.settings, input: input, classes: classes)
    notes = made.notes
    method = settings.method.makeMethod(made.detector, optimizer: settings.optimizer, length: length)
  }
}
