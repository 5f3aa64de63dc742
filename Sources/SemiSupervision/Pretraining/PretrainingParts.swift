import Samples
import Segmentation
import Torch
import Training

/// What the pre-training of an encoder is made of: CPC on it with its first weights, and the judge of held-out images.
struct PretrainingParts: TaskParts {
  let method: any TrainingMethod<SampleBatch>
  let validationJudge: (any Judge)?
  let testJudge: (any Judge)? = nil
  let metadata: EncoderMetadata
  let notes: [String]

  var metadataEntries: [String: String] { metadata.entries }

  /// - Parameter saved: What a checkpoint says about the encoder that is to be continued: its weights are loaded later.
  init(_ run: PretrainingRun, saved: EncoderMetadata?) throws {
    let settings = run.settings
    let seed = settings.run.seed
    let network: SegmentationNetwork
    var model = settings.model
    var notes: [String] = []
    if let saved {
      model.backbone = saved.encoder
      network = model.make(classCount: 2, using: Generator(seed: seed))
    } else {
      // The run's own network, so that an encoder begins as it would without this stage; its decoder is not trained.
      let made = try InitialSegmenter(
        model, weights: settings.initialWeights, replacingPredictor: true, classCount: 2, seed: seed)
      guard !made.isWholeNetwork else {
        throw RunError.data(
          "\(settings.initialWeights): holds a whole network, whose decoder would lose its encoder by pre-training; imagenet, random or"
            + " a backbone's file is wanted for initial_weights, or pretraining.kind none")
      }
      (network, model, notes) = (made.network, made.settings, made.notes)
    }
    let encoder = network.backbone
    encoder.move(to: run.setup.device)
    metadata = EncoderMetadata(model.backbone)
    let grid = settings.method.grid
    self.notes =
      [
        "encoder: \(model.backbone.kind.rawValue), \(encoder.parameterCount) parameters, "
          + "\(encoder.channels[encoder.channels.count - 1]) channels at stride \(encoder.strides[encoder.strides.count - 1])",
        "patches: \(grid.rows)×\(grid.columns) of \(grid.patch) pixels every \(grid.stride) in views of \(grid.width)×\(grid.height), "
          + "\(settings.method.candidates) a step",
      ] + notes
    method = CPC(
      encoder, settings: settings.method, computeType: settings.run.precision.computeType,
      optimizer: settings.optimizer, length: run.setup.length, seed: seed)
    validationJudge = run.data.validation.map { pool in
      InfoNCEJudge(makeStream: { run.stream(of: pool, settings.method.views) }, imageCount: pool.count)
    }
  }
}
