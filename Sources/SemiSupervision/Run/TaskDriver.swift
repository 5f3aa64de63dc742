import Documents
import Reporting
import Samples
import Torch
import Training

/// Runs a task: starts, resumes, rehearses, trains. What differs between detectors and segmenters is the task's own.
///
/// Images become batches in `SampleStream`, losses in the method, steps in `Trainer`; observers log, judge and save; at
/// the end the selected weights are judged on the test images.
struct TaskDriver<Task: DrivenRun> {
  private let task: Task
  private var settings: Task.TaskSettings { task.settings }
  private var setup: RunSetup { task.setup }

  init(_ task: Task) { self.task = task }

  func start(in folder: RunFolder, command: [String]) throws -> RunSummary {
    // Weights that do not fit are found before anything is in the folder, so that the same command can be given again.
    let parts = try task.makeParts(saved: nil)
    try task.record.write(to: folder, of: settings.run)
    try folder.begin(settings: settings.yaml, command: command, versions: versions)
    let ready = try prepared(in: folder)
    return try ready.train(ready.parts(after: self, parts), in: folder, from: nil)
  }

  func resume(in folder: RunFolder, command: [String]) throws -> RunSummary {
    if Folder.hasFile(folder.summaryFile) { return try RunSummary(folder: folder.path) }
    if let begun = try DataRecord(folder: folder.path) {
      try task.record.check(against: begun, of: folder)
    } else {
      try task.record.write(to: folder, of: settings.run)
    }
    let saved = Folder.hasFile(folder.lastCheckpoint) ? try Checkpoints(run: folder).loadLast() : nil
    let parts = try task.makeParts(saved: saved)
    try folder.resume(command: command, versions: versions)
    let ready = try prepared(in: folder)
    return try ready.train(
      saved == nil ? ready.parts(after: self, parts) : parts, in: folder, from: saved, isResumed: true)
  }

  func rehearse(in folder: RunFolder) throws -> [String] {
    let parts = try task.makeParts(saved: nil)
    return try setup.notes + parts.notes + rehearse(parts.method, parts: parts, in: folder)
  }

  /// Takes steps whose outcome nobody looks at.
  func takeSteps(_ count: Int) throws { try takeSteps(count, task.makeParts(saved: nil).method) }

  private func takeSteps<M: TrainingMethod<SampleBatch>>(_ count: Int, _ method: M) throws {
    let trainer = makeTrainer(method)
    for _ in 0..<count { try trainer.takeStep() }
  }

  /// Seconds of steps whose outcome nobody looks at: of some for as long as `isEnough` does not say so of those that were taken.
  func secondsOfSteps(until isEnough: ([Double]) -> Bool) throws -> [Double] {
    try secondsOfSteps(until: isEnough, task.makeParts(saved: nil).method)
  }

  private func secondsOfSteps<M: TrainingMethod<SampleBatch>>(
    until isEnough: ([Double]) -> Bool, _ method: M
  ) throws -> [Double] {
    let trainer = makeTrainer(method)
    var seconds: [Double] = []
    while !isEnough(seconds) { seconds.append(try trainer.takeStep().seconds) }
    return seconds
  }

  private func prepared(in folder: RunFolder) throws -> TaskDriver {
    let prepared = try task.prepared(in: folder)
    // Stages before this one may have set the engine up for themselves.
    Engine.configure(threadCount: settings.run.threads)
    return TaskDriver(prepared)
  }

  /// Parts that were made before the stages that come first, or new ones where these have given the network other first weights.
  private func parts(after unprepared: TaskDriver, _ parts: Task.Parts) throws -> Task.Parts {
    settings.initialWeights == unprepared.settings.initialWeights ? parts : try task.makeParts(saved: nil)
  }

  private var versions: RunVersions {
    RunVersions(
      engine: "libtorch \(Engine.version)", threads: settings.run.threads, device: "\(setup.device)",
      card: setup.device.cardName)
  }

  private func makeTrainer<M: TrainingMethod<SampleBatch>>(_ method: M) -> Trainer<M, SampleStream> {
    Trainer(
      method: method, source: task.makeStream(for: method.views.sharedOut(among: settings.trainer.accumulation)),
      settings: settings.trainer, length: setup.length, seed: settings.run.seed,
      lossScale: settings.run.precision.lossScale)
  }

  private func rehearse<M: TrainingMethod<SampleBatch>>(
    _ method: M, parts: Task.Parts, in folder: RunFolder
  ) throws -> [String] {
    var first: M? = method
    return try DryRun.perform(
      in: folder, metadata: parts.metadataEntries, judge: parts.validationJudge ?? parts.testJudge
    ) { () throws -> Trainer<M, SampleStream> in
      defer { first = nil }
      if let method = first { return makeTrainer(method) }
      guard let again = try task.makeParts(saved: nil).method as? M else {
        preconditionFailure("a method changed its type")
      }
      return makeTrainer(again)
    }
  }

  private func train(
    _ parts: Task.Parts, in folder: RunFolder, from saved: SavedRun?, isResumed: Bool = false
  ) throws -> RunSummary {
    try train(parts.method, parts: parts, in: folder, from: saved, isResumed: isResumed)
  }

  private func train<M: TrainingMethod<SampleBatch>>(
    _ method: M, parts: Task.Parts, in folder: RunFolder, from saved: SavedRun?, isResumed: Bool
  ) throws -> RunSummary {
    MemoryAdvice(settings, on: setup.device, folder: folder).install()
    let trainer = makeTrainer(method)
    if let saved { try trainer.restore(saved) }
    let checkpoints = Checkpoints(run: folder, metadata: parts.metadataEntries)
    let reporter = RunReporter(
      run: folder, every: settings.trainer.reportEvery,
      judgedColumns: (parts.validationJudge.map { EvaluationObserver.columns(trainer.predictors, judge: $0) } ?? [])
        + task.columns(for: parts),
      leftOut: task.data.unusable, resumedAt: isResumed ? trainer.stepsDone : nil)
    if isResumed { reporter.message("resumed \(folder.path) after step \(trainer.stepsDone)") }
    (setup.notes + parts.notes).forEach(reporter.message)
    let evaluation = parts.validationJudge.map {
      EvaluationObserver($0, every: settings.trainer.evaluateEvery, checkpoints: checkpoints, reporter: reporter)
    }
    let watching = try task.observers(
      for: parts, evaluation: evaluation, folder: folder, reporter: reporter, from: saved)
    // The judgement of a step is on the disk before the checkpoint after which it would not be made again.
    trainer.observers =
      [reporter] + (evaluation.map { [$0] } ?? []) + watching
      + [
        CheckpointObserver(checkpoints, every: settings.trainer.saveEvery, willSave: reporter.flush),
        ReportObserver(task.report(of: folder), every: settings.trainer.evaluateEvery, willWrite: reporter.flush),
      ]
    if task.isProfiled { profile(trainer, in: folder, reporter) }
    trainer.isStopRequested = { StopSignals.isStopRequested }
    try trainer.run()
    guard trainer.isComplete else { throw StoppedByUser(folder: folder, stepsDone: trainer.stepsDone) }
    let ending = RunEnding(
      checkpoints: checkpoints, parts: parts, bests: evaluation?.bests ?? [], run: trainer, reporter: reporter)
    let summary = try ending.summary(imagesPerStep: setup.length.imagesPerStep, split: task.data.splitJSON)
    try task.finish(ending, summary: summary)
    return summary
  }

  private func profile<M: TrainingMethod<SampleBatch>>(
    _ trainer: Trainer<M, SampleStream>, in folder: RunFolder, _ reporter: RunReporter
  ) {
    let (precision, device) = (settings.run.precision, setup.device)
    let setting = ProfileReport.Setting(
      device: "\(device)", precision: precision.rawValue, threads: settings.run.threads,
      peak: .measured(on: device, bfloat16: precision == .bfloat16))
    let profile = StepProfile(counter: WorkCounter(peak: setting.peak), synchronize: { device.synchronize() })
    trainer.profile = profile
    trainer.observers.append(
      ProfileObserver(profile, setting: setting, file: folder.profileFile, show: reporter.message))
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
