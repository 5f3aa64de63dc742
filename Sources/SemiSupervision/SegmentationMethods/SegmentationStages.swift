import Annotations
import Documents
import Reporting
import Samples
import Segmentation
import Training

/// The stages of self-training that come before a run's own steps: each leaves its result in a folder of the run's, and is not done again
/// where that lies there.
struct SegmentationStages<Method: PseudoMaskSettings> {
  private let settings: SegmentationSettings<Method>
  private let data: SegmentationData
  private let folder: RunFolder

  init(_ settings: SegmentationSettings<Method>, data: SegmentationData, folder: RunFolder) {
    self.settings = settings
    self.data = data
    self.folder = folder
  }

  private func path(_ stage: String) -> String { Path.join(folder.path, stage) }

  /// Trains a network on the labelled images alone, or what is left of it; as many images a step as the run's own steps take.
  ///
  /// - Parameters:
  ///   - steps: 0 for as many as the run's own.
  ///   - snapshots: How many are kept of its weights on the way.
  /// - Returns: The stage's folder.
  func trainTeacher(_ stage: String, steps: Int = 0, snapshots: Int = 0) throws -> String {
    var teacher = settings.stage(of: SupervisedSegmentation.Settings.self)
    teacher.method.labeledImages = settings.method.stepImages.total
    teacher.trainer.steps = steps > 0 ? steps : settings.trainer.steps
    teacher.trainer.keepSnapshots = snapshots
    teacher.run.unlabeled = LabelSource()
    say("\(stage): a network on the labelled images alone, in \(path(stage))")
    return try train(teacher, stage)
  }

  /// Trains a network on the labelled images and those of a table.
  ///
  /// - Parameter steps: 0 for as many as the run's own.
  func retrain(_ stage: String, steps: Int, on masks: PseudoMaskFolder) throws -> String {
    var next = settings.stage(of: ST.Settings.self)
    if steps > 0 { next.trainer.steps = steps }
    next.method.labeledImages = settings.method.labeledImages
    next.method.unlabeledImages = settings.method.unlabeledImages
    next.method.batches = settings.method.batches
    next.method.unlabeledWeight = settings.method.unlabeledWeight
    next.method.strongViews = settings.method.strongViews
    next.method.pseudoLabels = PseudoMaskFolder.table(in: masks.path)
    say("\(stage): a network on the labelled images and \(masks.entries.count) of the others, in \(path(stage))")
    return try train(next, stage)
  }

  private func train<Stage: SegmentationMethodSettings>(
    _ settings: SegmentationSettings<Stage>, _ stage: String
  ) throws -> String {
    try SegmentationRun(settings).train(asStage: stage, of: folder)
  }

  /// Labels images by the best weights of a stage.
  func label(
    _ pool: ImagePool, by checkpoint: String, looking inference: SegmentationInference, as stage: String,
    leastConfidence: Double = 0
  ) throws -> PseudoMaskFolder {
    try MaskLabeler(
      checkpoint: checkpoint, inference: inference, leastConfidence: leastConfidence, purpose: stage,
      run: settings.run, classes: data.classes, audit: data.audit
    ).label(pool, into: path(stage), folder: folder)
  }

  /// The images of a pool with the label maps of a table.
  func labeledPool(_ pool: ImagePool, by table: String) throws -> ImagePool {
    let masks = try PseudoMaskFolder(Path.folder(of: table))
    guard Folder.hasFile(table), masks.isComplete else {
      throw RunError.data("\(table): is no whole table of pseudo-masks, as stages of self-training write it")
    }
    let labeled = masks.labeled(pool)
    guard labeled.count > 0 else {
      throw RunError.data("\(table): has a label map for none of the \(pool.count) unlabelled images")
    }
    return labeled
  }

  private func say(_ line: String) { Console.standardError.print(line) }
}

extension SegmentationSettings {
  /// The settings of a stage of a run: the run's own but for the method, and nothing is tested.
  fileprivate func stage<Stage: SegmentationMethodSettings>(of _: Stage.Type) -> SegmentationSettings<Stage> {
    var stage = SegmentationSettings<Stage>()
    stage.model = model
    stage.initialWeights = initialWeights
    stage.replacePredictor = replacePredictor
    stage.masks = masks
    stage.views = views
    stage.loss = loss
    stage.optimizer = optimizer
    stage.trainer = trainer
    stage.evaluation = evaluation
    stage.absentClasses = absentClasses
    if let selection = SegmentationSettings<Stage>.Selection(rawValue: selectedBy.rawValue) {
      stage.selectedBy = selection
    }
    stage.run = run
    stage.run.audit = LabelSource()
    stage.run.test = LabelSource()
    return stage
  }
}
