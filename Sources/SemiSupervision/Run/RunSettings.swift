import Samples
import Training

/// The settings of a method, whatever kind of network it trains.
public protocol RunMethodSettings: Settings {
  /// The method's name, by which a recipe chooses it.
  var name: String { get }
  /// One line about the method, for `--list-methods`.
  static var summary: String { get }
  /// What the method asks of the streams.
  var views: ViewRequest { get }
  /// Images of each kind that a step takes.
  var stepImages: StepImages { get set }
  /// The stages that train a network before the run's own steps, in their order; only their steps can be set.
  var stages: [StageLength] { get set }
  /// The method without what it begins with, such as a burn-in: as most of its steps are.
  var underway: Self { get }
  /// The method doing from its first step on all that takes memory in any of its steps.
  var atItsFullest: Self { get }
  /// Whether unlabelled images are mixed with others of the same micro-batch.
  var mixesImages: Bool { get }
  /// A setting that cannot do its work unless validation images are judged on the way; nil where there is none.
  var settingThatNeedsJudging: String? { get }
  /// What the method does with the images of a step, in words, a sentence a line.
  func plan(for length: RunLength) -> [String]
}

extension RunMethodSettings {
  /// None.
  public var stages: [StageLength] {
    get { [] }
    set {}
  }
  /// Itself: it begins with nothing else.
  public var underway: Self { self }
  /// Itself: every step is alike.
  public var atItsFullest: Self { self }
  /// No.
  public var mixesImages: Bool { false }
  /// None.
  public var settingThatNeedsJudging: String? { nil }
}

/// All that decides a run, whatever kind of network it trains: what a recipe lays over the defaults and what `settings.yaml` keeps.
public protocol RunSettings: Settings {
  /// The settings of a way of learning.
  associatedtype Method: RunMethodSettings
  /// The way of learning.
  var method: Method { get set }
  /// Where the first weights come from: `imagenet` (the backbone's published ones), `random`, or a file.
  var initialWeights: String { get set }
  /// Keeps the last layer of `initial_weights`, which knows the classes, from being loaded: for classes of one's own.
  var replacePredictor: Bool { get set }
  /// The stages that train a network before the run's own steps, in their order; only their steps can be set.
  var stages: [StageLength] { get set }
  /// What moves the weights.
  var optimizer: OptimizerSettings { get set }
  /// Length and cadence.
  var trainer: TrainerSettings { get set }
  /// What the command line gives.
  var run: RunInputs { get set }
  /// Images of a batch while a model is judged.
  var evaluationBatchSize: Int { get }
  /// How views are made smaller, for whoever has no memory left: the keys and what they say now.
  var waysToSmallerViews: String { get }
  /// Whether `--batch` and `--micro-batch` say how many images its steps take.
  var takesBatchFlags: Bool { get }
  /// The same run with every view as large as it may ever be.
  var withLargestViews: Self { get }
  /// What the run is going to do, a sentence a line.
  var plan: [String] { get }
}

extension RunSettings {
  /// The method's.
  public var stages: [StageLength] {
    get { method.stages }
    set { method.stages = newValue }
  }

  /// They do.
  public var takesBatchFlags: Bool { true }

  /// The run's length beside that of its recipe.
  var length: RunLength {
    let images = method.views.imagesPerStep
    return RunLength(
      steps: trainer.steps, recipeSteps: run.recipeSteps == 0 ? trainer.steps : run.recipeSteps, imagesPerStep: images,
      recipeImagesPerStep: run.recipeStepImages == 0 ? images : run.recipeStepImages)
  }

  /// A source of weights, and micro-batches that are alike.
  var rulesOfRun: [SettingsRule] {
    let images = method.stepImages
    return [
      SettingsRule("initial_weights", !initialWeights.isEmpty, "imagenet, random or a file"),
      SettingsRule(
        "trainer.accumulation", images.sharedOut(among: trainer.accumulation) != nil,
        "a number that divides a step's images, \(images)"),
    ]
  }
}
