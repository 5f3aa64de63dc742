import Annotations
import Documents
import Reporting
import Samples
import Segmentation
import Torch
import Training
import Views

/// One run that trains a segmenter, from its settings to its summary: what ``TaskDriver`` needs to know of segmentation.
public struct SegmentationRun<Method: SegmentationMethodSettings>: TaskRun {
  /// What the run does.
  public private(set) var settings: SegmentationSettings<Method>
  /// The images.
  public private(set) var data: SegmentationData
  /// Whether time and work of the parts of steps are shown at the end.
  public var isProfiled = false
  let setup: RunSetup

  /// Reads the data and checks what can be checked before the first step.
  ///
  /// - Throws: For a device that is not there, and whatever is wrong with the data.
  public init(_ settings: SegmentationSettings<Method>) throws {
    try settings.checkViewPolicy()
    let (resolved, device) = try RunSetup.resolve(settings)
    self.settings = resolved
    try resolved.checkImageTags()
    let pretraining = resolved.pretraining
    data = try SegmentationData(
      resolved.run, masks: resolved.masks,
      needsUnlabeled: resolved.method.views.unlabeled.images > 0
        || pretraining.isOn && resolved.run.unlabeled.isGiven)
    try resolved.checkTaggedShare(of: data.unlabeled)
    if pretraining.isOn {
      _ = try PretrainingData(data, grid: pretraining.cpc.grid, views: resolved.views)
    }
    setup = try RunSetup(resolved, data: data, device: device)
  }

  /// Trains in a new folder.
  public func start(in folder: RunFolder, command: [String]) throws -> RunSummary {
    try TaskDriver(self).start(in: folder, command: command)
  }

  /// Goes on with the run of a folder; one that is finished is left as it is, one that had not saved yet begins anew.
  public func resume(in folder: RunFolder, command: [String]) throws -> RunSummary {
    try TaskDriver(self).resume(in: folder, command: command)
  }

  /// One step, one evaluation, one save, one resume, in a folder that the caller removes; the same of the encoder's pre-training before.
  ///
  /// - Returns: What was done and what a run would do, in lines.
  public func rehearse(in folder: RunFolder) throws -> [String] {
    let before = settings.pretraining.isOn ? try EncoderStage.rehearse(for: self, in: folder) : []
    return try before + TaskDriver(self).rehearse(in: folder)
  }

  /// Takes steps as large as the run may ever take them, and says what memory they took.
  public static func measureStep(of settings: SegmentationSettings<Method>) throws -> StepMemory {
    try StepMemory.measure(settings) { try SegmentationRun($0) }
  }

  /// Seconds of one of the run's own steps.
  public static func stepSeconds(of settings: SegmentationSettings<Method>) throws -> Double {
    try StepTime.measure(settings) { try SegmentationRun($0) }
  }

  /// The figures of all classes together, then IoU of each.
  public static func shownFigures(of summary: RunSummary) -> [String] {
    let classes = (summary.test ?? summary.validation.first?.metrics)?["classes"]?.object?.keys ?? []
    return SegmentationReport.figures + classes.map { "classes.\($0)" }
  }
}

extension SegmentationRun: DrivenRun {
  var record: DataRecord { DataRecord(data, of: settings.run) }

  func makeParts(saved: SavedRun?) throws -> SegmentationParts {
    try SegmentationParts(
      settings, data: data, device: setup.device, length: setup.length,
      saved: saved.flatMap { try SegmenterMetadata($0.metadata, file: $0.judgedFile) })
  }

  func prepared(in folder: RunFolder) throws -> SegmentationRun {
    var run = self
    if settings.pretraining.isOn {
      // The stages of the method begin where the pre-training ended, too.
      run.settings.initialWeights = try EncoderStage.weights(for: self, in: folder)
      run.settings.pretraining = PretrainingSettings()
    }
    run.data.unlabeled = try run.settings.method.unlabeledImages(of: run, in: folder)
    return run
  }

  func makeStream(for request: ViewRequest) -> SampleStream {
    let views = settings.views
    let policy = request.hasStrongViews ? views.strongAugmentation.learning : nil
    var request = request
    request.labeled.hasProbes = policy != nil
    func source(_ pool: ImagePool, _ labels: PixelLabels, taggedShare: Double = 0) -> StreamSource {
      StreamSource(
        pool: pool, weak: views.weak, strong: views.strong, continuesWeak: views.sharesGeometry, pixelLabels: labels,
        taggedShare: taggedShare)
    }
    return SampleStream(
      request: request, labeled: source(data.labeled, .maps(LabelMapReader(data.classes))),
      unlabeled: data.unlabeled.map { pool in
        // What a method has written itself is numbered as the network's channels are.
        let isLabeled = pool.images.contains { $0.mask != nil }
        return source(
          pool, isLabeled ? .maps(LabelMapReader(data.classes.renumbered)) : .validity,
          taggedShare: settings.method.taggedShare)
      }, policy: policy,
      options: .init(
        seed: settings.run.seed, workers: settings.run.workers, scaledDecoding: views.scaledDecoding,
        groupByOrientation: false, layout: settings.layout, device: setup.device))
  }

  private func shown(_ parts: SegmentationParts) -> (any PseudoPixelShowing)? {
    parts.method as? any PseudoPixelShowing
  }

  func columns(for parts: SegmentationParts) -> [String] { PixelObservers.columns(of: shown(parts), data: data) }

  func observers(
    for parts: SegmentationParts, evaluation: EvaluationObserver?, folder: RunFolder, reporter: RunReporter,
    from saved: SavedRun?
  ) throws -> [any TrainingObserver] {
    let snapshots =
      settings.trainer.keepSnapshots > 0
      ? [SnapshotObserver(parts.checkpoints(of: folder), count: settings.trainer.keepSnapshots)] : []
    let looks = try shown(parts).map {
      try PixelObservers.make(
        $0, data: data, settings: settings.trainer, normalization: settings.layout.normalization, folder: folder,
        reporter: reporter, saved: saved)
    }
    let policy = settings.method.views.hasStrongViews ? settings.views.strongAugmentation.learning : nil
    return snapshots + (looks ?? [])
      + (policy.map { [ViewPolicyObserver($0, every: settings.trainer.evaluateEvery, folder: folder)] } ?? [])
  }

  func report(of folder: RunFolder) -> RunReport { SegmentationReport.report(of: folder) }

  func finish(_ ending: RunEnding<SegmentationParts>, summary: RunSummary) throws {
    let folder = ending.checkpoints.run
    try SegmentationReport.report(of: folder).write(
      title: ending.title, summary: summary, tables: SegmentationReport.classTables(summary),
      pictures: pictures(of: ending.judged, parts: ending.parts))
  }

  private func pictures(
    of judged: (name: String, predictor: any Predictor), parts: SegmentationParts
  ) throws -> [HTMLReport.Picture] {
    guard let segmenter = judged.predictor as? any PixelSegmenter, let pool = data.test ?? data.validation else {
      return []
    }
    let wasTraining = segmenter.model.isTraining
    segmenter.model.evaluate()
    defer { if wasTraining { segmenter.model.train() } }
    let reader = SegmentationReader(
      segmenter, inference: settings.evaluation, reader: parts.reader, device: setup.device)
    return try SegmentationPictures(pool: pool, classes: data.classes).pictures(of: [(judged.name, reader)])
  }
}

extension SegmentationSettings {
  /// Refuses strong views of which the method cannot make anything.
  func checkViewPolicy() throws(RunError) {
    let (policy, allowed) = (views.strongAugmentation.policy, method.viewPolicies)
    guard method.views.hasStrongViews, !allowed.contains(policy) else { return }
    let names = ViewPolicy.allCases.filter(allowed.contains).map(\.rawValue).joined(separator: " or ")
    throw .data(
      "views.strong_augmentation.policy is \(policy.rawValue), which method '\(method.name)' cannot learn from; \(names) is wanted"
    )
  }

  /// How images become numbers for the network.
  var layout: BatchLayout { model.backbone.batchLayout(onDevice: views.onDevice) }
}

extension ClassTable {
  /// The classes under their dense indices: what label maps are numbered by that the toolkit writes itself.
  var renumbered: ClassTable {
    ClassTable(
      classes.enumerated().map { Class(id: $0.offset, name: $0.element.name, color: $0.element.color) },
      ignoredIDs: [Int(Self.ignored)])
  }
}
