import Documents
import Layers
import Reporting
import Samples
import Segmentation
import Torch
import Training
import Views

/// The run that pre-trains the encoder of a segmentation run: what ``TaskDriver`` needs to know of it.
struct PretrainingRun: TaskRun {
  let settings: PretrainingRunSettings
  let data: PretrainingData
  var isProfiled = false
  let setup: RunSetup
  let record: DataRecord

  init(_ settings: PretrainingRunSettings) throws {
    let data = try SegmentationData(
      settings.run, masks: settings.masks, needsUnlabeled: settings.run.unlabeled.isGiven)
    try self.init(settings, data: data)
  }

  /// - Parameter data: The images of the run whose stage this is.
  init(_ settings: PretrainingRunSettings, data: SegmentationData) throws {
    let (resolved, device) = try RunSetup.resolve(settings)
    self.settings = resolved
    self.data = try PretrainingData(data, grid: resolved.method.grid, views: resolved.views)
    setup = try RunSetup(resolved, data: self.data, device: device)
    record = DataRecord(data, of: resolved.run)
  }

  func start(in folder: RunFolder, command: [String]) throws -> RunSummary {
    try TaskDriver(self).start(in: folder, command: command)
  }

  func resume(in folder: RunFolder, command: [String]) throws -> RunSummary {
    try TaskDriver(self).resume(in: folder, command: command)
  }

  func rehearse(in folder: RunFolder) throws -> [String] { try TaskDriver(self).rehearse(in: folder) }

  static func measureStep(of settings: PretrainingRunSettings) throws -> StepMemory {
    try StepMemory.measure(settings) { try PretrainingRun($0) }
  }

  static func stepSeconds(of settings: PretrainingRunSettings) throws -> Double {
    try StepTime.measure(settings) { try PretrainingRun($0) }
  }

  static func shownFigures(of summary: RunSummary) -> [String] { ["bound", "accuracy", "loss"] }
}

extension PretrainingRun: DrivenRun {
  func makeParts(saved: SavedRun?) throws -> PretrainingParts {
    try PretrainingParts(self, saved: saved.flatMap { try EncoderMetadata($0.metadata, file: $0.judgedFile) })
  }

  func prepared(in folder: RunFolder) throws -> PretrainingRun { self }

  func makeStream(for request: ViewRequest) -> SampleStream { stream(of: data.images, request) }

  /// Views of the grid's size.
  func stream(of pool: ImagePool, _ request: ViewRequest) -> SampleStream {
    let grid = settings.method.grid
    return SampleStream(
      request: request, labeled: nil,
      unlabeled: StreamSource(pool: pool, weak: settings.views.weak(filling: grid.height, grid.width)),
      options: .init(
        seed: settings.run.seed, workers: settings.run.workers, scaledDecoding: settings.views.scaledDecoding,
        groupByOrientation: false,
        layout: settings.model.backbone.batchLayout(onDevice: settings.views.onDevice), device: setup.device))
  }

  func columns(for parts: PretrainingParts) -> [String] { [] }

  func observers(
    for parts: PretrainingParts, evaluation: EvaluationObserver?, folder: RunFolder, reporter: RunReporter,
    from saved: SavedRun?
  ) throws -> [any TrainingObserver] { [] }

  func report(of folder: RunFolder) -> RunReport {
    var report = RunReport(folder)
    report.figures = ["accuracy"]
    return report
  }

  func finish(_ ending: RunEnding<PretrainingParts>, summary: RunSummary) throws {
    let folder = ending.checkpoints.run
    var table = MetricTable(EncoderStageFigures.columns)
    if let figures = try EncoderStageFigures(folder: folder.path, summary: summary) { table.append(figures.cells) }
    try report(of: folder).write(
      title: ending.title, summary: summary,
      tables: [
        (
          table,
          "How well patches are told from \(settings.method.candidates) of a step; at most "
            + "\(NumberText.fixed(InfoNCE.largestBound(candidates: settings.method.candidates), 3)) nats can be shown"
        )
      ])
  }
}
