import Detection
import Samples
import Training
import Views

/// The settings of a method that trains a detector.
public protocol DetectionMethodSettings: RunMethodSettings {
  /// Does what comes before the method's own steps, and gives the unlabelled images as they are learnt; what a run that was
  /// stopped has done is not done again.
  func unlabeledImages(of run: DetectionRun<Self>, in folder: RunFolder) throws -> ImagePool?
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
public struct DetectionSettings<Method: DetectionMethodSettings>: RunSettings {
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
  public var rules: [SettingsRule] { rulesOfRun }

  /// As the settings say.
  public var evaluationBatchSize: Int { evaluation.batchSize }
  /// By their sides.
  public var waysToSmallerViews: String {
    "--set views.short_side_to=N, now \(views.shortSideTo), and views.long_side, now \(views.longSide)"
  }
  /// Wide and high views of the largest size in one batch.
  public var withLargestViews: DetectionSettings {
    var settings = self
    settings.views.shortSideFrom = views.shortSideTo
    settings.views.groupByOrientation = false
    return settings
  }
  /// The plan of a detection run.
  public var plan: [String] { DetectionPlan(self).lines }
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
