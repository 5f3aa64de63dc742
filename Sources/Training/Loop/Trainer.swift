import Documents
import Layers
import Reporting
import Samples
import Torch

/// Runs the steps of a method over a stream of batches; one step is `takeStep`, written out once.
///
/// The trainer knows no method and no task: losses come from the method, batches from the source, and what happens
/// beside the steps (log, evaluation, checkpoints) from observers.
public final class Trainer<Method: TrainingMethod, Source: BatchSource>: TrainingRun
where Source.Batch == Method.Batch {
  /// What computes the losses.
  public let method: Method
  /// Where the batches come from.
  public let source: Source
  /// Length, cadence and safety.
  public let settings: TrainerSettings
  /// The length of the run.
  public let length: RunLength
  /// The run's seed.
  public let seed: UInt64
  /// The models that are optimized.
  public let models: [TrainedModel]
  /// Called in order after every step.
  public var observers: [any TrainingObserver] = []
  /// Asked after every step; a request ends the run after its observers have been told.
  public var isStopRequested: () -> Bool = { false }
  /// Measures the parts of steps, where it is wanted.
  public var profile: StepProfile?

  /// Steps that are done.
  public private(set) var stepsDone = 0
  /// Steps that were skipped because something was not finite.
  public private(set) var skippedSteps = 0
  private var skippedInARow = 0
  private let preparation: SharedPreparation
  /// What the loss is multiplied by for the sake of its gradients; nil where they need no help.
  public private(set) var lossScale: LossScale?
  private var secondsBefore = 0.0
  private var begun: ContinuousClock.Instant?

  /// A run at its beginning.
  ///
  /// - Parameter lossScale: For gradients in float16.
  /// - Precondition: every trained model has a name of its own.
  public init(
    method: Method, source: Source, settings: TrainerSettings, length: RunLength, seed: UInt64,
    lossScale: LossScale? = nil
  ) {
    self.lossScale = lossScale
    self.method = method
    self.source = source
    self.settings = settings
    self.length = length
    self.seed = seed
    models = method.trainedModels
    precondition(
      Set(models.map(\.name)).count == models.count,
      "trained models: expected different names, got \(models.map(\.name))")
    preparation = SharedPreparation(of: models.map(\.model))
    for trained in models { trained.optimizer.reserve() }
  }

  /// Runs to the end, or until a stop is asked for.
  public func run() throws {
    begun = .now
    for observer in observers { try observer.runWillBegin(self) }
    while !isComplete, !isStopRequested() {
      let report = try profile?.measureStep { try takeStep() } ?? takeStep()
      for observer in observers { try observer.stepDidEnd(report, of: self) }
      if let skip = report.skip, skippedInARow >= settings.notFiniteLimit {
        throw RunError.notFinite(step: report.step.index, terms: skip.terms, images: skip.images, count: skippedInARow)
      }
    }
    for observer in observers { try observer.runDidEnd(self) }
  }

  /// One step: batches, losses, gradients, update. A step of several micro-batches moves the models once, by the mean of
  /// their gradients.
  @discardableResult
  public func takeStep() throws -> StepReport {
    let started = ContinuousClock.now
    let step = Step(
      index: stepsDone, stepsPerEpoch: stepsPerEpoch, imagesPerStep: source.imagesPerStep * settings.accumulation,
      seed: seed, profile: profile)
    Engine.searchConvolutions(settings.searchConvolutions)
    defer { Engine.searchConvolutions(false) }
    if step.indexInEpoch == 0 { method.epochWillBegin(step.epoch) }
    for trained in models { trained.optimizer.clearGradients() }

    let scale = lossScale?.value ?? 1
    var sum = StepLosses(microBatches: settings.accumulation)
    for index in 0..<settings.accumulation {
      let batch = try sum.waiting { try step.part("loader") { try source.next() } }
      preparation {
        let losses = step.part("losses") { method.losses(for: batch, at: step.at(microBatch: index)) }
        sum.add(losses, images: source.imageNames(of: batch))
        if let proximities = losses.proximities { source.learn(proximities.doubles, from: batch) }
        // What is not finite moves nothing, so no gradient of the step is wanted any more.
        guard sum.problems.isEmpty else { return }
        step.part("backward") { losses.total(times: scale / Double(settings.accumulation)).backward() }
      }
    }
    var problems = sum.problems
    var norms: [Figure] = []
    var isScaledBack = false
    if problems.isEmpty {
      norms = step.part("clipping") {
        models.map {
          let limit = settings.gradientClip.value ?? .infinity
          return Figure($0.name, $0.optimizer.clipGradients(toNorm: limit, dividedBy: scale))
        }
      }
      problems = norms.filter { !$0.value.isFinite }.map { "gradient of '\($0.name)'" }
      if problems.isEmpty {
        lossScale?.hold()
      } else if lossScale?.back() == true {
        isScaledBack = true
        problems = problems.map { "\($0) at a loss scale of \(NumberText.short(scale)), which is halved" }
      }
    }
    if problems.isEmpty {
      step.part("optimizer") {
        for trained in models { trained.optimizer.step(learningRate: trained.learningRate(at: step.index)) }
      }
      step.part("average") { method.modelsDidUpdate(at: step) }
      skippedInARow = 0
    } else {
      skippedSteps += 1
      if !isScaledBack { skippedInARow += 1 }
      try checkBuffers(at: step, sum.imagesOfProblems)
    }
    for trained in models { trained.optimizer.clearGradients() }
    stepsDone += 1

    return StepReport(
      step: step, total: sum.total, terms: sum.terms, figures: sum.figures, warnings: sum.warnings,
      learningRates: models.map { Figure($0.name, $0.learningRate(at: step.index)) }, gradientNorms: norms,
      skip: problems.isEmpty ? nil : .init(terms: problems, images: sum.imagesOfProblems),
      dataSeconds: sum.waited / .seconds(1), seconds: (ContinuousClock.now - started) / .seconds(1))
  }

  /// What batch normalization remembers has seen the batch already: once it is not finite, no later step is any good.
  private func checkBuffers(at step: Step, _ images: [String]) throws(RunError) {
    for trained in models {
      for entry in trained.model.stateEntries() where entry.tensor.elementType.isFloatingPoint {
        guard case .buffer = entry.kind, !entry.tensor.isFinite().isAllTrue else { continue }
        throw .diverged(step: step.index, tensor: "\(trained.name).\(entry.name)", images: images)
      }
    }
  }

  /// Steps for one pass over the list that defines an epoch.
  public var stepsPerEpoch: Int {
    (source.stepsPerEpoch + settings.accumulation - 1) / settings.accumulation
  }
  /// Whether the last step is done.
  public var isComplete: Bool { stepsDone >= length.steps }
  /// Seconds that the run has taken, evaluations and saving included, also those before it was resumed.
  public var seconds: Double { secondsBefore + (begun.map { (.now - $0) / .seconds(1) } ?? 0) }
  /// The method's name.
  public var methodName: String { Method.name }
  /// What is evaluated, the one to be judged by first.
  public var predictors: [(name: String, predictor: any Predictor)] { method.predictors }
  /// Tells the method.
  public func modelsWereJudged(_ judgements: [(name: String, judgement: Judgement)]) {
    method.modelsWereJudged(judgements)
  }
  /// Images that could not be used so far.
  public var skippedImages: [SkippedImage] { source.skippedImages }

  /// All that a checkpoint holds.
  public func snapshot() -> Snapshot {
    let judged = method.predictors.first
    precondition(judged != nil, "method '\(Method.name)': expected a predictor to be judged by")
    let counters: JSON = [
      "step": JSON(stepsDone), "skippedSteps": JSON(skippedSteps), "skippedInARow": JSON(skippedInARow),
      "seed": .string("\(seed)"), "seconds": JSON(seconds), "lossScale": lossScale?.state ?? .null,
    ]
    let saved = observers.compactMap { $0 as? any SavedObserver }
    return Snapshot(
      method: Method.name, step: stepsDone, judgedName: judged?.name ?? "",
      judged: judged?.predictor.model ?? Module(), models: models, methodState: method.state, source: source.state,
      counters: counters, observers: .object(JSONObject(saved.map { (type(of: $0).stateName, $0.state) })))
  }

  /// Goes on from what a checkpoint holds.
  public func restore(_ saved: SavedRun) throws(RunError) {
    guard saved.method == Method.name else {
      throw .checkpoint(file: saved.file, reason: "saved by method '\(saved.method)', this run uses '\(Method.name)'")
    }
    guard let step = saved.counters["step"]?.int, let skipped = saved.counters["skippedSteps"]?.int,
      let inARow = saved.counters["skippedInARow"]?.int, saved.counters["seed"]?.string == "\(seed)"
    else {
      throw .checkpoint(
        file: saved.file, reason: "its counters are damaged, or it belongs to another seed than \(seed)")
    }
    do {
      let judged = method.predictors.first?.predictor.model
      for trained in models where trained.model !== judged {
        try trained.model.load(saved.tensors.removingPrefix("models/\(trained.name)/"), source: saved.file)
      }
      try judged?.load(saved.judged, source: saved.judgedFile)
      for trained in models {
        let tensors = saved.tensors.removingPrefix("optimizers/\(trained.name)/")
        let steps = saved.optimizerSteps[trained.name]?.int ?? 0
        try trained.optimizer.restore(OptimizerState(tensors: tensors, step: steps))
      }
      try method.restore(
        MethodState(tensors: saved.tensors.removingPrefix("method/"), values: saved.methodValues.object ?? JSONObject())
      )
      try source.restore(saved.source)
    } catch let error as RunError {
      throw error
    } catch {
      throw .checkpoint(file: saved.file, reason: "\(error)")
    }
    stepsDone = step
    skippedSteps = skipped
    skippedInARow = inARow
    if lossScale != nil { lossScale = LossScale(saved.counters["lossScale"]) ?? lossScale }
    secondsBefore = saved.counters["seconds"]?.double ?? 0
    begun = nil
  }
}
