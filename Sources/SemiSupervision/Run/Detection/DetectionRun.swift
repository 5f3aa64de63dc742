import Backbone
import Detection
import Documents
import Imaging
import Reporting
import Samples
import Torch
import Training

/// One run that trains a detector, from its settings to its summary: what ``TaskDriver`` needs to know of detection.
public struct DetectionRun<Method: DetectionMethodSettings>: TaskRun {
  /// What the run does.
  public private(set) var settings: DetectionSettings<Method>
  /// The images.
  public private(set) var data: DetectionData
  /// Whether time and work of the parts of steps are shown at the end.
  public var isProfiled = false
  let setup: RunSetup

  /// Reads the data and checks what can be checked before the first step.
  ///
  /// - Throws: For a device that is not there, and whatever is wrong with the data.
  public init(_ settings: DetectionSettings<Method>) throws {
    let (resolved, device) = try RunSetup.resolve(settings)
    self.settings = resolved
    data = try DetectionData(
      resolved.run, selection: resolved.labels, needsUnlabeled: resolved.method.views.unlabeled.images > 0)
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

  /// One step, one evaluation, one save, one resume, in a folder that the caller removes.
  ///
  /// - Returns: What was done and what a run would do, in lines.
  public func rehearse(in folder: RunFolder) throws -> [String] { try TaskDriver(self).rehearse(in: folder) }

  /// Takes steps as large as the run may ever take them, and says what memory they took.
  public static func measureStep(of settings: DetectionSettings<Method>) throws -> StepMemory {
    try StepMemory.measure(settings) { try DetectionRun($0) }
  }

  /// Seconds of one of the run's own steps.
  public static func stepSeconds(of settings: DetectionSettings<Method>) throws -> Double {
    try StepTime.measure(settings) { try DetectionRun($0) }
  }

  /// Average precisions, and AP50 of each class.
  public static func shownFigures(of summary: RunSummary) -> [String] {
    let classes = (summary.test ?? summary.validation.first?.metrics)?["classesAP50"]?.object?.keys ?? []
    return ["AP", "AP50", "AP75"] + classes.map { "classesAP50.\($0)" }
  }
}

extension DetectionRun: DrivenRun {
  var record: DataRecord { DataRecord(data, of: settings.run) }

  func makeParts(saved: SavedRun?) throws -> DetectionParts {
    try DetectionParts(
      settings, data: data, device: setup.device, length: setup.length,
      saved: saved.flatMap { try DetectorMetadata($0.metadata, file: $0.judgedFile) })
  }

  func prepared(in folder: RunFolder) throws -> DetectionRun {
    var run = self
    run.data.unlabeled = try settings.method.unlabeledImages(of: self, in: folder)
    return run
  }

  private var normalization: ResizeNormalize { .init(settings.model.backbone.inputNormalization) }

  func makeStream(for request: ViewRequest) -> SampleStream {
    let (views, length) = (settings.views, setup.length)
    let images = length.steps * length.imagesPerStep
    let decay = length.images(request.composition.labeledShareDecayImages)
    return SampleStream(
      request: request,
      labeled: StreamSource(
        pool: data.labeled.pool, weak: views.labeled(colorByMethod: request.unlabeled.images > 0), strong: views.strong,
        continuesWeak: views.sharesGeometry),
      unlabeled: data.unlabeled.map {
        StreamSource(pool: $0, weak: views.weak, strong: views.strong, continuesWeak: views.sharesGeometry)
      },
      options: .init(
        seed: settings.run.seed, workers: settings.run.workers, scaledDecoding: views.scaledDecoding,
        groupByOrientation: views.groupByOrientation, labeledShareDecay: images - min(decay, images)..<images,
        layout: BatchLayout(
          sizeDivisor: views.sizeDivisor, isChannelsLast: true, normalization: normalization,
          rendersOnDevice: views.onDevice),
        device: setup.device))
  }

  private func shown(_ parts: DetectionParts) -> (any PseudoBoxShowing)? { parts.method as? any PseudoBoxShowing }

  func columns(for parts: DetectionParts) -> [String] { PseudoBoxObservers.columns(of: shown(parts), data: data) }

  func observers(
    for parts: DetectionParts, evaluation: EvaluationObserver?, folder: RunFolder, reporter: RunReporter,
    from saved: SavedRun?
  ) throws -> [any TrainingObserver] {
    try shown(parts).map {
      try PseudoBoxObservers.make(
        $0, data: data, settings: settings.trainer, normalization: normalization, evaluation: evaluation,
        folder: folder, reporter: reporter, saved: saved)
    } ?? []
  }

  func report(of folder: RunFolder) -> RunReport { PseudoBoxObservers.report(of: folder) }

  func finish(_ ending: RunEnding<DetectionParts>, summary: RunSummary) throws {
    try DetectionRunEnding(ending, data: data, device: setup.device).finish(summary)
  }
}
