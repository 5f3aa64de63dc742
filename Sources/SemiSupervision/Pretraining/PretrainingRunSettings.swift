import Segmentation
import Training
import Views

/// All that decides the stage of a segmentation run that pre-trains its encoder: what `settings.yaml` of the stage's folder keeps.
struct PretrainingRunSettings: RunSettings {
  /// What tells the settings from those of a whole run: `pretraining`.
  var task = PretrainingRunSettings.taskName
  /// What is learnt.
  var method = CPC.Settings()
  /// The network whose encoder it is.
  var model = SegmentationNetworkSettings()
  /// Where the encoder's first weights come from.
  var initialWeights = "imagenet"
  /// Of no matter to an encoder.
  var replacePredictor = false
  /// Where label maps are, and what their numbers mean; the images are read with them, and nothing is learnt of them.
  var masks = MaskInputs()
  /// Sizes of the images; views have the size of the grid.
  var views = SegmentationViewSettings()
  /// What moves the weights.
  var optimizer = OptimizerSettings()
  /// Length and cadence.
  var trainer = TrainerSettings()
  /// Images and machine.
  var run = RunInputs()

  static let taskName = "pretraining"

  init() {}

  static var choices: [SettingsChoice] { SegmentationNetworkSettings.choices.map { $0.under("model") } }

  var rules: [SettingsRule] {
    [SettingsRule("task", task == Self.taskName, "'\(Self.taskName)'")] + rulesOfRun
  }

  var evaluationBatchSize: Int { 1 }
  var waysToSmallerViews: String {
    "--set pretraining.cpc.images=N, now \(method.images), and pretraining.cpc.patch=N, now \(method.patch)"
  }
  var takesBatchFlags: Bool { false }
  var withLargestViews: PretrainingRunSettings { self }
  var plan: [String] { method.plan(for: length) }
}

extension PretrainingRunSettings {
  /// The stage of a run: its images, views, trainer and machine, at the pre-training's own number of steps; nothing is tested.
  init<Method: SegmentationMethodSettings>(of whole: SegmentationSettings<Method>) {
    let pretraining = whole.pretraining
    method = pretraining.cpc
    model = whole.model
    // What is not trained would stay as it was drawn.
    model.backbone.frozenStages = 0
    initialWeights = whole.initialWeights
    masks = whole.masks
    views = whole.views
    optimizer = pretraining.optimizer
    trainer = whole.trainer
    trainer.accumulation = 1
    trainer.keepSnapshots = 0
    run = whole.run
    run.recipeStepImages = pretraining.cpc.images
    if pretraining.steps > 0 {
      trainer.steps = pretraining.steps
      run.recipeSteps = pretraining.steps
    }
    run.audit = LabelSource()
    run.test = LabelSource()
    (masks.audit, masks.test) = ("", "")
  }
}
