import Backbone
import Detection
import Documents
import Reporting
import Samples
import Torch
import Training

/// One run that trains a detector, from its settings to its summary.
///
/// Images become batches in `SampleStream`, losses in the method, steps in `Trainer`; observers log, judge and save; at
/// the end the selected weights are judged on the test images.
public struct DetectionRun<Method: DetectionMethodSettings> {
  /// What the run does.
  public private(set) var settings: DetectionSettings<Method>
  /// The images.
  public let data: DetectionData
  private let device: Device
  private let notes: [String]
  private let length: RunLength

  /// Reads the data and checks what can be checked before the first step.
  ///
  /// - Throws: For a device that is not there, and whatever is wrong with the data.
  public init(_ settings: DetectionSettings<Method>) throws {
    guard let device = Device(settings.run.device), device.isAvailable else {
      throw RunError.data(
        "device '\(settings.run.device)' is not available: this build and machine have "
          + (Engine.cudaDeviceCount == 0 ? "cpu alone" : "cpu and cuda:0…\(Engine.cudaDeviceCount - 1)"))
    }
    self.device = device
    var settings = settings
    if settings.run.recipeSteps == 0 { settings.run.recipeSteps = settings.trainer.steps }
    self.settings = settings
    data = try DetectionData(settings.run, selection: settings.labels)
    notes = data.notes
    length = RunLength(
      steps: settings.trainer.steps, recipeSteps: settings.run.recipeSteps,
      imagesPerStep: settings.method.views.imagesPerStep)
    Engine.configure(threadCount: settings.run.threads)
  }

  /// Trains in a new folder.
  public func start(in folder: RunFolder, command: [String]) throws -> RunSummary {
    try folder.begin(settings: settings.yaml, command: command, versions: versions)
    return try train(in: folder, resuming: false)
  }

  /// Goes on with the run of a folder.
  public func resume(in folder: RunFolder, command: [String]) throws -> RunSummary {
    try folder.resume(command: command, versions: versions)
    return try train(in: folder, resuming: true)
  }

  /// One step, one evaluation, one save, one resume, in a folder that the caller removes.
  ///
  /// - Returns: What was done and what a run would do, in lines.
  public func rehearse(in folder: RunFolder) throws -> [String] {
    let parts = try makeParts()
    return try parts.notes
      + rehearse(parts.method, in: folder, judge: parts.validation ?? parts.test, metadata: parts.metadata)
  }

  private var versions: RunVersions {
    RunVersions(engine: "libtorch \(Engine.version)", threads: settings.run.threads, device: "\(device)")
  }

  /// What a run is made of.
  private struct Parts {
    let method: any TrainingMethod<SampleBatch>
    let validation: BoxJudge?
    let test: BoxJudge?
    let metadata: [String: String]
    let notes: [String]
  }

  private func makeParts() throws -> Parts {
    let (detector, used, weightNotes) = try InitialWeights.makeDetector(
      settings.model, weights: settings.initialWeights, replacingPredictor: settings.replacePredictor,
      classCount: data.labeled.classes.count, seed: settings.run.seed)
    detector.move(to: device)
    var input = DetectorMetadata.Input()
    input.shortSide = settings.evaluation.shortSide
    input.longSide = settings.evaluation.longSide
    input.sizeDivisor = settings.views.sizeDivisor
    input.scaledDecoding = settings.views.scaledDecoding
    let reader = input.reader(
      batchSize: settings.evaluation.batchSize, workers: settings.run.workers, normalization: normalization)
    let judges = try [data.validation, data.test].map { reading in
      try reading.map {
        try BoxJudge(
          $0, classes: data.labeled.classes, reader: reader, device: device,
          selectedBy: settings.selectedBy.rawValue)
      }
    }
    let metadata = DetectorMetadata(detector: used, input: input, classes: data.labeled.classes)
    return Parts(
      method: settings.method.makeMethod(detector, optimizer: settings.optimizer, length: length),
      validation: judges[0], test: judges[1], metadata: metadata.entries, notes: notes + weightNotes)
  }

  private var normalization: (mean: [Double], deviation: [Double]) {
    let input = settings.model.backbone.kind.inputNormalization
    return (input.mean, input.deviation)
  }

  private func makeStream(_ views: ViewRequest) -> SampleStream {
    let normalization = self.normalization
    return SampleStream(
      request: views, labeled: StreamSource(pool: data.labeled.pool, weak: settings.views.weak),
      options: .init(
        seed: settings.run.seed, workers: settings.run.workers, scaledDecoding: settings.views.scaledDecoding,
        groupByOrientation: settings.views.groupByOrientation,
        layout: BatchLayout(
          sizeDivisor: settings.views.sizeDivisor, isChannelsLast: true,
          normalization: .init(
            mean: normalization.mean.map(Float.init), deviation: normalization.deviation.map(Float.init))),
        device: device))
  }

  private func makeTrainer<M: TrainingMethod<SampleBatch>>(_ method: M) -> Trainer<M, SampleStream> {
    Trainer(
      method: method, source: makeStream(method.views), settings: settings.trainer, length: length,
      seed: settings.run.seed)
  }

  private func rehearse<M: TrainingMethod<SampleBatch>>(
    _ method: M, in folder: RunFolder, judge: BoxJudge?, metadata: [String: String]
  ) throws -> [String] {
    var first: M? = method
    return try DryRun.perform(in: folder, metadata: metadata, judge: judge) { () throws -> Trainer<M, SampleStream> in
      defer { first = nil }
      if let method = first { return makeTrainer(method) }
      guard let again = try makeParts().method as? M else { preconditionFailure("a method changed its type") }
      return makeTrainer(again)
    }
  }

  private func train(in folder: RunFolder, resuming: Bool) throws -> RunSummary {
    let parts = try makeParts()
    return try train(parts.method, parts: parts, in: folder, resuming: resuming)
  }

  private func train<M: TrainingMethod<SampleBatch>>(
    _ method: M, parts: Parts, in folder: RunFolder, resuming: Bool
  ) throws -> RunSummary {
    let started = ContinuousClock.now
    let trainer = makeTrainer(method)
    let checkpoints = Checkpoints(run: folder, metadata: parts.metadata)
    if resuming { try trainer.restore(checkpoints.loadLast()) }
    let reporter = RunReporter(
      run: folder, every: settings.trainer.reportEvery,
      judgedColumns: parts.validation.map { EvaluationObserver.columns(trainer.predictors, judge: $0) } ?? [],
      resumedAt: resuming ? trainer.stepsDone : nil)
    if resuming { reporter.message("resumed \(folder.path) after step \(trainer.stepsDone)") }
    parts.notes.forEach(reporter.message)
    let evaluation = parts.validation.map {
      EvaluationObserver($0, every: settings.trainer.evaluateEvery, checkpoints: checkpoints, reporter: reporter)
    }
    // The judgement of a step is on the disk before the checkpoint after which it would not be made again.
    trainer.observers =
      [reporter] + (evaluation.map { [$0] } ?? [])
      + [CheckpointObserver(checkpoints, every: settings.trainer.saveEvery, willSave: reporter.flush)]
    trainer.isStopRequested = { StopSignals.isStopRequested }
    try trainer.run()
    guard trainer.isComplete else { throw StoppedByUser(folder: folder, stepsDone: trainer.stepsDone) }
    return try summarize(trainer, parts: parts, checkpoints: checkpoints, evaluation: evaluation, since: started)
  }

  private func summarize<M: TrainingMethod<SampleBatch>>(
    _ trainer: Trainer<M, SampleStream>, parts: Parts, checkpoints: Checkpoints, evaluation: EvaluationObserver?,
    since started: ContinuousClock.Instant
  ) throws -> RunSummary {
    let best = evaluation?.best
    var test: JSON?
    if let judged = trainer.predictors.first, let judge = parts.test {
      try checkpoints.loadSelected(into: judged.predictor.model)
      test = try EvaluationObserver.judge([judged], by: judge).first?.judgement.json
    }
    let summary = RunSummary(
      method: trainer.methodName, seed: trainer.seed, steps: trainer.stepsDone,
      imagesSeen: trainer.stepsDone * length.imagesPerStep, seconds: (ContinuousClock.now - started) / .seconds(1),
      selectedBy: best == nil ? "last step" : "validation \(settings.selectedBy.rawValue)",
      step: best?.step ?? trainer.stepsDone,
      validation: (best?.figures.object ?? JSONObject()).members.map { RunSummary.Judged($0.key, $0.value) },
      test: test)
    try summary.write(to: checkpoints.run.path)
    return summary
  }
}

/// A run that was stopped by a signal after it had saved.
public struct StoppedByUser: Error, CustomStringConvertible {
  /// The run.
  public let folder: RunFolder
  /// Steps that are done.
  public let stepsDone: Int

  /// One line with how to go on.
  public var description: String {
    "stopped after step \(stepsDone) and saved; go on with --resume \(folder.path)"
  }
}
