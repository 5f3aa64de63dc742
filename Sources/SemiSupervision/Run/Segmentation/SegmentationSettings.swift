import Annotations
import Evaluation
import Samples
import Segmentation
import Training
import Views

/// The settings of a method that trains a segmenter.
public protocol SegmentationMethodSettings: RunMethodSettings {
  /// What strong views may be made by. One that moves pixels wants a method that carries what it says of weak views to strong ones
  /// (`PseudoPixels`), or label maps; one that learns wants a method that looks at probes (`Losses.add(proximitiesOf:by:at:)`).
  var viewPolicies: Set<ViewPolicy> { get }
  /// Does what comes before the method's own steps, and gives the unlabelled images as they are learnt, with label maps where the method
  /// has made some; what a run that was stopped has done is not done again.
  func unlabeledImages(of run: SegmentationRun<Self>, in folder: RunFolder) throws -> ImagePool?
  /// Whether the method learns image-level labels of unlabelled images.
  var usesImageTags: Bool { get }
  /// The share of the unlabelled images of a step that have such labels, drawn from a stream of their own; 0 for one stream of all.
  var taggedShare: Double { get }
  /// The method on a network.
  func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch>
  /// Keys of a run, the method's among them, that bring defaults with them; none unless a method has presets.
  static var choicesOfRun: [SettingsChoice] { get }
  /// The same for a method that depends on the classes' names, or that trains more than the network.
  ///
  /// - Parameter seed: Decides the first weights of what is trained beside the network.
  func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength,
    classes: ClassTable, seed: UInt64
  ) throws -> any TrainingMethod<SampleBatch>
}

extension SegmentationMethodSettings {
  /// None.
  public static var choicesOfRun: [SettingsChoice] { [] }

  /// Strong data augmentation, which keeps pixels where they are.
  public var viewPolicies: Set<ViewPolicy> { [.sda] }

  /// Those of the run; nothing comes before.
  public func unlabeledImages(of run: SegmentationRun<Self>, in folder: RunFolder) throws -> ImagePool? {
    run.data.unlabeled
  }
  /// It does not.
  public var usesImageTags: Bool { false }
  /// One stream of all.
  public var taggedShare: Double { 0 }
  /// The method whatever the classes are called.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength,
    classes: ClassTable, seed: UInt64
  ) throws -> any TrainingMethod<SampleBatch> {
    makeMethod(network, loss: loss, optimizer: optimizer, length: length)
  }
}

/// All that decides a segmentation run: what a recipe lays over the defaults and what `settings.yaml` keeps.
public struct SegmentationSettings<Method: SegmentationMethodSettings>: RunSettings {
  /// What tells the settings from those of a detector: `segmentation`.
  public var task = SegmentationMethods.taskName
  /// The way of learning.
  public var method = Method()
  /// The network.
  public var model = SegmentationNetworkSettings()
  /// Where the first weights come from: `imagenet` (the backbone's published ones), `random`, or a file.
  public var initialWeights = "imagenet"
  /// Keeps the last layers of `initial_weights`, which know the classes, from being loaded: for classes of one's own.
  public var replacePredictor = false
  /// What the encoder learns of all images without labels before the method's first stage.
  public var pretraining = PretrainingSettings()
  /// Where label maps are, and what their numbers mean.
  public var masks = MaskInputs()
  /// Sizes and augmentation of the images.
  public var views = SegmentationViewSettings()
  /// What is learnt of a pixel.
  public var loss = PixelLossSettings()
  /// What moves the weights.
  public var optimizer = OptimizerSettings()
  /// Length and cadence.
  public var trainer = TrainerSettings()
  /// How held-out images are looked at.
  public var evaluation = SegmentationInference()
  /// What is done about classes that do not occur in the truth when their mean IoU is taken.
  public var absentClasses = AbsentClasses.skipped
  /// The figure on the validation images that selects the best weights.
  public var selectedBy = Selection.mIoU
  /// What the command line gives.
  public var run = RunInputs()

  /// The figures that may select.
  public enum Selection: String, Codable, CaseIterable, Sendable {
    case mIoU
    case pixelAccuracy
    case meanAccuracy
    case frequencyWeightedIoU
  }

  /// The defaults.
  public init() {}

  /// The network's and the method's.
  public static var choices: [SettingsChoice] {
    SegmentationNetworkSettings.choices.map { $0.under("model") } + Method.choicesOfRun
  }

  /// The task, a source of weights, and micro-batches that are alike.
  public var rules: [SettingsRule] {
    [SettingsRule("task", task == SegmentationMethods.taskName, "'\(SegmentationMethods.taskName)'")] + rulesOfRun
  }

  /// The encoder's pre-training where there is one, then the method's.
  public var stages: [StageLength] {
    get { pretraining.stages + method.stages }
    set {
      let count = pretraining.stages.count
      pretraining.stages = Array(newValue.prefix(count))
      method.stages = Array(newValue.dropFirst(count))
    }
  }

  /// As the settings say.
  public var evaluationBatchSize: Int { evaluation.batchSize }
  /// By the part that a view is.
  public var waysToSmallerViews: String {
    "--set views.crop_height=N, now \(views.cropHeight), and views.crop_width, now \(views.cropWidth)"
  }
  /// Itself: views are of one size.
  public var withLargestViews: SegmentationSettings { self }
  /// The plan of a segmentation run.
  public var plan: [String] { SegmentationPlan(self).lines }
}

/// Where the label maps of a segmentation run are, and what their numbers mean; the images' sources stand in `run`.
public struct MaskInputs: Settings {
  /// The folder of the labelled images' label maps; empty for where the source says.
  public var labeled = ""
  /// The folder of the validation images' label maps.
  public var validation = ""
  /// The folder of the test images' label maps.
  public var test = ""
  /// The folder of the unlabelled images' hidden label maps, for an audit alone.
  public var audit = ""
  /// A file of image-level labels of unlabelled images; empty for none.
  public var imageTags = ""
  /// A file with a line for each class; empty for where the source says.
  public var classes = ""
  /// Numbers of pixels that are nobody's; empty for 255, unless that is a class.
  public var ignoreIds: [Int] = []
  /// The numbers that stand for classes 0, 1, … in the files, where they are others, such as 0 and 255; empty for those of the classes.
  public var values: [Int] = []

  /// The defaults.
  public init() {}

  /// Numbers that a label map can hold.
  public var rules: [SettingsRule] {
    [
      SettingsRule("ignore_ids", ignoreIds.allSatisfy((0...255).contains), "numbers in 0...255"),
      SettingsRule("values", values.allSatisfy((0...255).contains), "numbers in 0...255"),
    ]
  }
}
