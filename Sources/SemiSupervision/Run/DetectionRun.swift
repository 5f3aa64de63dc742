import Backbone
import Detection
import Documents
import Imaging
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
  public private(set) var data: DetectionData
  /// Whether time and work of the parts of steps are shown at the end; no setting, as it changes nothing that comes out.
  public var isProfiled = false
  private let device: Device
  private let notes: [String]
  private let length: RunLength

  /// Reads the data and checks what can be checked before the first step.
  ///
  /// - Throws: For a device that is not there, and whatever is wrong with the data.
  public init(_ settings: DetectionSettings<Method>) throws {
    device = try Self.device(of: settings)
    var settings = settings
    if settings.run.recipeSteps == 0 { settings.run.recipeSteps = settings.trainer.steps }
    if settings.run.recipeStepImages == 0 { settings.run.recipeStepImages = settings.method.views.imagesPerStep }
    settings.run.precision = try settings.run.precision.resolved(on: device)
    self.settings = settings
    data = try DetectionData(
      settings.run, selection: settings.labels, needsUnlabeled: settings.method.views.unlabeled.images > 0)
    if let setting = settings.method.settingThatNeedsJudging,
      data.validation == nil || settings.trainer.evaluateEvery == 0
    {
      throw RunError.data("\(setting) wants --validation SRC and trainer.evaluate_every above 0, to be ended by")
    }
    notes =
      data.notes
      + [settings.stepImagesNote, settings.microBatchNote, settings.run.precision.warning(on: device)].compactMap { $0 }
    length = settings.length
    Engine.configure(threadCount: settings.run.threads)
    MemoryAdvice(settings, on: device, folder: nil).install()
  }

  /// The device that settings ask for.
  ///
  /// - Throws: For one that is not there.
  static func device(of settings: DetectionSettings<Method>) throws -> Device {
    guard let device = Device(settings.run.device) else {
      throw RunError.data("device '\(settings.run.device)': cpu, cuda or cuda:N is wanted")
    }
    try device.requireAvailable()
    return device
  }

  /// Trains in a new folder.
  public func start(in folder: RunFolder, command: [String]) throws -> RunSummary {
    // Weights that do not fit are found before anything is in the folder, so that the same command can be given again.
    let parts = try makeParts()
    try DataRecord(data, of: settings.run).write(to: folder, of: settings.run)
    try folder.begin(settings: settings.yaml, command: command, versions: versions)
    return try prepared(in: folder).train(parts, in: folder, from: nil)
  }

  /// Goes on with the run of a folder; one that is finished is left as it is, one that had not saved yet begins anew.
  public func resume(in folder: RunFolder, command: [String]) throws -> RunSummary {
    if Folder.hasFile(folder.summaryFile) { return try RunSummary(folder: folder.path) }
    let record = DataRecord(data, of: settings.run)
    if let begun = try DataRecord(folder: folder.path) {
      try record.check(against: begun, of: folder)
    } else {
      try record.write(to: folder, of: settings.run)
    }
    let saved = Folder.hasFile(folder.lastCheckpoint) ? try Checkpoints(run: folder).loadLast() : nil
    let parts = try makeParts(saved: saved.flatMap { try DetectorMetadata($0.metadata, file: $0.judgedFile) })
    try folder.resume(command: command, versions: versions)
    return try prepared(in: folder).train(parts, in: folder, from: saved, isResumed: true)
  }

  /// The run after what its method does before its own steps.
  private func prepared(in folder: RunFolder) throws -> DetectionRun {
    var run = self
    run.data.unlabeled = try settings.method.unlabeledImages(of: self, in: folder)
    Engine.configure(threadCount: settings.run.threads)
    return run
  }

  /// One step, one evaluation, one save, one resume, in a folder that the caller removes.
  ///
  /// - Returns: What was done and what a run would do, in lines.
  public func rehearse(in folder: RunFolder) throws -> [String] {
    let parts = try makeParts()
    return try notes + parts.notes + rehearse(parts.method, parts: parts, in: folder)
  }

  /// Takes steps whose outcome nobody looks at.
  func takeSteps(_ count: Int) throws {
    try takeSteps(count, makeParts().method)
  }

  private func takeSteps<M: TrainingMethod<SampleBatch>>(_ count: Int, _ method: M) throws {
    let trainer = makeTrainer(method)
    for _ in 0..<count { try trainer.takeStep() }
  }

  private var versions: RunVersions {
    RunVersions(engine: "libtorch \(Engine.version)", threads: settings.run.threads, device: "\(device)")
  }

  private func makeParts(saved: DetectorMetadata? = nil) throws -> DetectionParts {
    try DetectionParts(settings, data: data, device: device, length: length, saved: saved)
  }

  private var normalization: ResizeNormalize { .init(settings.model.backbone.inputNormalization) }

  private func makeTrainer<M: TrainingMethod<SampleBatch>>(_ method: M) -> Trainer<M, SampleStream> {
    let views = settings.views
    let readsUnlabeled = method.views.unlabeled.images > 0
    let images = length.steps * length.imagesPerStep
    let decay = length.images(method.views.composition.labeledShareDecayImages)
    let stream = SampleStream(
      request: method.views.sharedOut(among: settings.trainer.accumulation),
      labeled: StreamSource(
        pool: data.labeled.pool, weak: views.labeled(colorByMethod: readsUnlabeled), strong: views.strong,
        continuesWeak: views.sharesGeometry),
      unlabeled: data.unlabeled.map {
        StreamSource(pool: $0, weak: views.weak, strong: views.strong, continuesWeak: views.sharesGeometry)
      },
      options: .init(
        seed: settings.run.seed, workers: settings.run.workers, scaledDecoding: settings.views.scaledDecoding,
        groupByOrientation: settings.views.groupByOrientation,
        labeledShareDecay: images - min(decay, images)..<images,
        layout: BatchLayout(
          sizeDivisor: settings.views.sizeDivisor, isChannelsLast: true,
          normalization: normalization, rendersOnDevice: settings.views.onDevice),
        device: device))
    return Trainer(
      method: method, source: stream, settings: settings.trainer, length: length, seed: settings.run.seed,
      lossScale: settings.run.precision.lossScale)
  }

  private func rehearse<M: TrainingMethod<SampleBatch>>(
    _ method: M, parts: DetectionParts, in folder: RunFolder
  ) throws -> [String] {
    var first: M? = method
    return try DryRun.perform(
      in: folder, metadata: parts.metadata.entries, judge: parts.validation ?? parts.test
    ) { () throws -> Trainer<M, SampleStream> in
      defer { first = nil }
      if let method = first { return makeTrainer(method) }
      guard let again = try makeParts().method as? M else { preconditionFailure("a method changed its type") }
      return makeTrainer(again)
    }
  }

  private func train(
    _ parts: DetectionParts, in folder: RunFolder, from saved: SavedRun?, isResumed: Bool = false
  ) throws -> RunSummary {
    try train(parts.method, parts: parts, in: folder, from: saved, isResumed: isResumed)
  }

  private func train<M: TrainingMethod<SampleBatch>>(
    _ method: M, parts: DetectionParts, in folder: RunFolder, from saved: SavedRun?, isResumed: Bool
  ) throws -> RunSummary {
    MemoryAdvice(settings, on: device, folder: folder).install()
    let trainer = makeTrainer(method)
    if let saved { try trainer.restore(saved) }
    let checkpoints = Checkpoints(run: folder, metadata: parts.metadata.entries)
    let shown = method as? any PseudoBoxShowing
    let reporter = RunReporter(
      run: folder, every: settings.trainer.reportEvery,
      judgedColumns: (parts.validation.map { EvaluationObserver.columns(trainer.predictors, judge: $0) } ?? [])
        + PseudoBoxObservers.columns(of: shown, data: data),
      leftOut: data.unusable, resumedAt: isResumed ? trainer.stepsDone : nil)
    if isResumed { reporter.message("resumed \(folder.path) after step \(trainer.stepsDone)") }
    (notes + parts.notes).forEach(reporter.message)
    let evaluation = parts.validation.map {
      EvaluationObserver($0, every: settings.trainer.evaluateEvery, checkpoints: checkpoints, reporter: reporter)
    }
    let watching = try shown.map {
      try PseudoBoxObservers.make(
        $0, data: data, settings: settings.trainer, normalization: normalization, evaluation: evaluation,
        folder: folder, reporter: reporter, saved: saved)
    }
    // The judgement of a step is on the disk before the checkpoint after which it would not be made again.
    trainer.observers =
      [reporter] + (evaluation.map { [$0] } ?? []) + (watching ?? [])
      + [
        CheckpointObserver(checkpoints, every: settings.trainer.saveEvery, willSave: reporter.flush),
        ReportObserver(
          PseudoBoxObservers.report(of: folder), every: settings.trainer.evaluateEvery, willWrite: reporter.flush),
      ]
    if isProfiled {
      let precision = settings.run.precision
      let setting = ProfileReport.Setting(
        device: "\(device)", precision: precision.rawValue, threads: settings.run.threads,
        peak: .measured(on: device, bfloat16: precision == .bfloat16))
      let profile = StepProfile(
        counter: WorkCounter(peak: setting.peak), synchronize: { [device] in device.synchronize() })
      trainer.profile = profile
      trainer.observers.append(
        ProfileObserver(profile, setting: setting, file: folder.profileFile, show: reporter.message))
    }
    trainer.isStopRequested = { StopSignals.isStopRequested }
    try trainer.run()
    guard trainer.isComplete else { throw StoppedByUser(folder: folder, stepsDone: trainer.stepsDone) }
    let ending = DetectionRunEnding(
      checkpoints: checkpoints, parts: parts, data: data, device: device, bests: evaluation?.bests ?? [],
      reporter: reporter)
    return try ending.finish(trainer, imagesPerStep: length.imagesPerStep)
  }
}

/// A run that was stopped by a signal after it had saved.
public struct StoppedByUser: Error, CustomStringConvertible {
  /// The run.
  public let folder: RunFolder
  /// Steps that are done.
  public let stepsDone: Int
  /// Of which stage; empty for the run's own steps.
  public var stage = ""

  /// One line with how to go on.
  public var description: String {
    "stopped after \(stage.isEmpty ? "" : stage + ", ")step \(stepsDone) and saved; go on with --resume \(folder.path)"
  }
}
