import Reporting
import Samples
import Segmentation
import Training

extension CPC {
  /// What of CPC can be set; the defaults are the sources', but for what the header of ``CPC`` says.
  public struct Settings: Training.Settings {
    /// Images a step.
    public var images = 16
    /// Pixels a side of a patch.
    public var patch = 64
    /// Pixels from one patch to the next.
    public var stride = 32
    /// Patches below each other.
    public var rows = 7
    /// Patches beside each other.
    public var columns = 7
    /// The nearest row that is predicted, so many below the context.
    public var predictFrom = 2
    /// The farthest row that is predicted.
    public var predictTo = 5
    /// Channels within a block of the context network.
    public var contextWidth = 256
    /// Blocks of the context network: rows that a context sees above its own.
    public var contextBlocks = 5
    /// Channels of predictions, and of what they are compared with.
    public var predictionWidth = 64
    /// What scores are divided by.
    public var temperature = 10.0
    /// Pixels by which a patch is cut smaller, at a place that is drawn for each.
    public var patchJitter = 4
    /// How likely a patch has no colour.
    public var greyProbability = 0.5

    /// The defaults.
    public init() {}

    /// Ranges of the numbers, and a grid whose predictions say something.
    public var rules: [SettingsRule] {
      [
        SettingsRule("images", images >= 2, "2 or more"),
        SettingsRule("patch", patch >= 8, "8 or more"),
        SettingsRule("stride", (1...max(1, patch)).contains(stride), "between 1 and patch"),
        SettingsRule("columns", columns >= 1, "1 or more"),
        SettingsRule(
          "predict_from", predictFrom >= rowsApart,
          "\(rowsApart) or more, as nearer rows share pixels with their context"),
        SettingsRule("predict_to", predictTo >= predictFrom, "predict_from or more"),
        SettingsRule(
          "rows", rows > predictTo, "\(predictTo + 1) or more, as row \(predictTo) below the first is predicted"),
        SettingsRule("context_width", contextWidth >= 1, "1 or more"),
        SettingsRule("context_blocks", contextBlocks >= 1, "1 or more"),
        SettingsRule("prediction_width", predictionWidth >= 1, "1 or more"),
        SettingsRule("temperature", temperature > 0, "more than 0"),
        SettingsRule("patch_jitter", (0...max(0, patch / 2)).contains(patchJitter), "between 0 and half of patch"),
        SettingsRule("grey_probability", (0...1).contains(greyProbability), "between 0 and 1"),
      ]
    }

    /// Rows from a patch to the first one below that shares no pixel with it.
    private var rowsApart: Int { stride < 1 ? 1 : max(1, patch / stride + (patch % stride > 0 ? 1 : 0)) }

    /// The patches of an image.
    var grid: PatchGrid { PatchGrid(patch: patch, stride: stride, rows: rows, columns: columns) }
    /// Patches that a step chooses from.
    var candidates: Int { images * grid.count }
    /// Sizes of what is trained on top of the encoder.
    var widths: PredictiveCoding.Widths {
      .init(context: contextWidth, contextBlocks: contextBlocks, prediction: predictionWidth)
    }
  }
}

extension CPC.Settings: RunMethodSettings {
  /// `cpc`; no key, as `pretraining.kind` says it.
  public var name: String { CPC.name }

  /// For `--list-methods`.
  public static var summary: String {
    "CPC (van den Oord et al. 2018): the encoder learns to predict patches of all images from those above them."
  }

  /// One view of each image, whether it is labelled or not.
  public var views: ViewRequest { ViewRequest(unlabeled: .init(images: images, weak: 1)) }

  /// Images, none of them with its labels.
  public var stepImages: StepImages {
    get { StepImages(labeled: 0, unlabeled: images) }
    set { images = newValue.total }
  }

  /// What is learnt.
  public func plan(for length: RunLength) -> [String] {
    let grid = grid
    return [
      "CPC: the encoder sees \(rows)×\(columns) patches of \(patch) pixels every \(stride) in a view of "
        + "\(grid.width)×\(grid.height); from all patches down to a row it learns to tell those "
        + "\(predictFrom == predictTo ? "\(predictFrom)" : "\(predictFrom) to \(predictTo)") rows below among all \(candidates) of the step"
    ]
  }
}
