import Detection
import Samples
import Training

/// The settings of a method that trains a detector.
public protocol DetectionMethodSettings: Settings {
  /// The method's name, by which a recipe chooses it.
  var name: String { get }
  /// One line about the method, for `--list-methods`.
  static var summary: String { get }
  /// What the method asks of the streams.
  var views: ViewRequest { get }
  /// Images of each kind that a step takes.
  var stepImages: StepImages { get set }
  /// The method doing from its first step on all that takes memory in any of its steps.
  var atItsFullest: Self { get }
  /// A setting that cannot do its work unless validation images are judged on the way; nil where there is none.
  var settingThatNeedsJudging: String? { get }
  /// Does what comes before the method's own steps, and gives the unlabelled images as they are learnt; what a run that was
  /// stopped has done is not done again.
  func unlabeledImages(of run: DetectionRun<Self>, in folder: RunFolder) throws -> ImagePool?
  /// What the method does with the images of a step, in words, a sentence a line.
  func plan(for length: RunLength) -> [String]
  /// Keys on whose values defaults of a run with the method depend, such as `method.preset`.
  static var choicesOfRun: [SettingsChoice] { get }
  /// Sets what a run with the method has by default outside of the method's own group.
  static func setDefaults(of run: inout DetectionSettings<Self>)
  /// The method on a detector.
  func makeMethod(
    _ detector: FasterRCNN, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch>
}

extension DetectionMethodSettings {
  /// Itself: every step is alike.
  public var atItsFullest: Self { self }
  /// None.
  public var settingThatNeedsJudging: String? { nil }
  /// None.
  public static var choicesOfRun: [SettingsChoice] { [] }
  /// Nothing.
  public static func setDefaults(of run: inout DetectionSettings<Self>) {}
  /// Those of the run; nothing comes before.
  public func unlabeledImages(of run: DetectionRun<Self>, in folder: RunFolder) throws -> ImagePool? {
    run.data.unlabeled
  }
}

/// All that decides a detection run: what a recipe lays over the defaults and what `settings.yaml` keeps.
public struct DetectionSettings<Method: DetectionMethodSettings>: Settings {
  /// The way of learning.
  public var method = Method()
  /// The network.
  public var model = FasterRCNNSettings()
  /// Where the first weights come from: `imagenet` (the backbone's published ones), `random`, or a file.
  public var initialWeights = "imagenet"
  /// Keeps the class and box predictor of `initial_weights` from being loaded: for classes of one's own.
  public var replacePredictor = false
  /// Sizes and augmentation of the images.
  public var views = ViewSettings()
  /// Which labels take part.
  public var labels = LabelSelection()
  /// What moves the weights.
  public var optimizer = OptimizerSettings()
  /// Length and cadence.
  public var trainer = TrainerSettings()
  /// How held-out images are looked at.
  public var evaluation = EvaluationSettings()
  /// The figure on the validation images that selects the best weights.
  public var selectedBy = Selection.ap
  /// What the command line gives.
  public var run = RunInputs()

  /// The figures that may select.
  public enum Selection: String, Codable, CaseIterable, Sendable {
    case ap = "AP"
    case ap50 = "AP50"
    case ap75 = "AP75"
  }

  /// The defaults.
  public init() { Method.setDefaults(of: &self) }

  /// The detector's, and the method's.
  public static var choices: [SettingsChoice] {
    FasterRCNNSettings.choices.map { $0.under("model") } + Method.choicesOfRun
  }

  /// The defaults with the document, where there is one, laid over them, and then the assignments.
  public static func resolved(
    _ document: SettingsDocument?, assignments: [String]
  ) throws(SettingsError) -> DetectionSettings {
    try resolved([document].compactMap { $0 }, assignments: assignments)
  }

  /// A source of weights, and micro-batches that are alike.
  public var rules: [SettingsRule] {
    let images = method.stepImages
    return [
      SettingsRule("initial_weights", !initialWeights.isEmpty, "imagenet, random or a file"),
      SettingsRule(
        "trainer.accumulation", images.sharedOut(among: trainer.accumulation) != nil,
        "a number that divides a step's images, \(images)"),
    ]
  }
}

/// What the command line decides about a run; kept with it so that it can be repeated and resumed.
public struct RunInputs: Settings {
  /// Decides everything random.
  public var seed: UInt64 = 1
  /// Where the run computes.
  public var device = "cpu"
  /// What the network computes in while it trains; `auto` until the run begins.
  public var precision = Precision.auto
  /// Threads of the engine.
  public var threads = 2
  /// Threads that decode images.
  public var workers = 2
  /// The recipe's own number of steps, by which times are scaled when `trainer.steps` differs.
  public var recipeSteps = 0
  /// The recipe's own images a step, by which times are scaled when the method's number differs; 0 for the method's.
  public var recipeStepImages = 0
  /// Trains and judges on the first images of the labelled set alone; 0 for all.
  public var overfit = 0
  /// Labelled images.
  public var labeled = LabelSource()
  /// Unlabelled images: a folder, a glob pattern, a text list, or labels that are not read.
  public var unlabeled = LabelSource()
  /// The labels of unlabelled images, for an audit of the pseudo-boxes alone.
  public var audit = LabelSource()
  /// Leaves unlabelled images out that are also held out, which is an error otherwise.
  public var excludeHeldOut = false
  /// Held-out images that select the best checkpoint.
  public var validation = LabelSource()
  /// Held-out images that are judged once, at the end.
  public var test = LabelSource()

  /// The defaults.
  public init() {}

  /// Counts.
  public var rules: [SettingsRule] {
    [
      SettingsRule("threads", threads >= 1, "1 or more"), SettingsRule("workers", workers >= 0, "0 or more"),
      SettingsRule("overfit", overfit >= 0, "0 or more"),
      SettingsRule("recipe_step_images", recipeStepImages >= 0, "0 or more"),
    ]
  }
}

/// A source of labels as the command line names it.
public struct LabelSource: Settings {
  /// A COCO JSON file, a VOC folder, a VOC JSON file or a folder of LabelMe's JSON; empty for none.
  public var source = ""
  /// The folder of the images; empty for where the source says.
  public var images = ""
  /// A list of image names that choose a subset; empty for all.
  public var list = ""

  /// No source.
  public init() {}

  /// A source with its images and its list; nil for what is not given.
  public init(source: String?, images: String?, list: String?) {
    self.source = source ?? ""
    self.images = images ?? ""
    self.list = list ?? ""
  }

  /// Whether there is a source.
  public var isGiven: Bool { !source.isEmpty }
}

extension Supervised.Settings: DetectionMethodSettings {
  /// For `--list-methods`.
  public static var summary: String { "Faster R-CNN on the labelled images alone." }

  /// Labelled images; any number of them makes a step.
  public var stepImages: StepImages {
    get { StepImages(labeled: labeledImages) }
    set { labeledImages = newValue.labeled }
  }

  /// The supervised method.
  public func makeMethod(
    _ detector: FasterRCNN, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    Supervised(detector, settings: self, optimizer: optimizer, length: length)
  }
}
