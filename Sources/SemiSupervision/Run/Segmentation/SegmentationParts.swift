import Annotations
import Reporting
import Samples
import Segmentation
import Torch
import Training

/// What a segmentation run is made of: a method on a network with its first weights, and the judges of held-out images.
struct SegmentationParts: TaskParts {
  let method: any TrainingMethod<SampleBatch>
  /// How held-out images are read.
  let reader: PoolReader
  let validationJudge: (any Judge)?
  let testJudge: (any Judge)?
  /// What checkpoints say about the network.
  let metadata: SegmenterMetadata
  let notes: [String]

  var metadataEntries: [String: String] { metadata.entries }

  /// Builds everything.
  ///
  /// - Parameter saved: What a checkpoint says about the network that is to be continued: its weights are loaded later, so the settings'
  ///   first weights are not wanted.
  init<Method: SegmentationMethodSettings>(
    _ settings: SegmentationSettings<Method>, data: SegmentationData, device: Device, length: RunLength,
    saved: SegmenterMetadata? = nil
  ) throws {
    let network: SegmentationNetwork
    var notes: [String] = []
    if let saved {
      network = saved.network.make(classCount: data.classes.count, using: Generator(seed: settings.run.seed))
    } else {
      let made = try InitialSegmenter(
        settings.model, weights: settings.initialWeights, replacingPredictor: settings.replacePredictor,
        classCount: data.classes.count, seed: settings.run.seed)
      (network, notes) = (made.network, made.notes)
    }
    let (least, atOnce) = (network.smallestTrainingBatch, settings.microBatch.total)
    guard atOnce >= least else {
      throw RunError.data(
        "model.kind \(settings.model.kind.rawValue) normalises means over whole images across a batch, so \(least) images at a time are"
          + " wanted; this run takes \(atOnce) (method.labeled_images, method.unlabeled_images, trainer.accumulation)")
    }
    network.move(to: device)
    network.computeType = settings.run.precision.computeType
    let reader = settings.evaluation.reader(
      workers: settings.run.workers, scaledDecoding: settings.views.scaledDecoding, layout: settings.layout)
    func judge(_ pool: ImagePool?) -> (any Judge)? {
      pool.map {
        MaskJudge(
          $0, labels: LabelMapReader(data.classes), inference: settings.evaluation, reader: reader, device: device,
          absentClasses: settings.absentClasses, selectedBy: settings.selectedBy.rawValue)
      }
    }
    self.reader = reader
    (validationJudge, testJudge) = (judge(data.validation), judge(data.test))
    metadata = SegmenterMetadata(
      network: network.settings,
      input: .init(inference: settings.evaluation, scaledDecoding: settings.views.scaledDecoding),
      classes: data.classes)
    self.notes =
      [
        "network: \(network.summary)",
        "judged by: \(settings.evaluation.summary), absent classes \(settings.absentClasses.rawValue)",
      ] + (try Self.weightNote(settings.loss, data)) + notes
    method = try settings.method.makeMethod(
      network, loss: try settings.loss.makeLoss(pixels: data.labeledPixels, on: device),
      optimizer: settings.optimizer, length: length, classes: data.classes, seed: settings.run.seed)
  }

  /// How much each class counts; nothing where all count alike.
  private static func weightNote(_ loss: PixelLossSettings, _ data: SegmentationData) throws -> [String] {
    let weights = try loss.weights(pixels: data.labeledPixels)
    guard !weights.isEmpty else { return [] }
    let named = zip(data.classes.names, weights).map { "\($0) \(NumberText.fixed($1, 2))" }
    return ["loss: a pixel counts by its class: \(named.joined(separator: ", "))"]
  }

  /// The weight files of a run.
  func checkpoints(of folder: RunFolder) -> Checkpoints { Checkpoints(run: folder, metadata: metadataEntries) }
}
