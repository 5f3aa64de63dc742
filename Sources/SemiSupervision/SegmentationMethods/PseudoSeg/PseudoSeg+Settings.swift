import Annotations
import Reporting
import Samples
import Segmentation
import Training

extension PseudoSeg {
  /// What pseudo-labels are made of.
  public enum Fusion: String, Codable, CaseIterable, Sendable {
    /// Decoder and self-attention Grad-CAM.
    case fused
    /// The decoder's logits alone.
    case decoder
    /// Those of self-attention Grad-CAM alone.
    case gradCAM = "grad_cam"
  }

  /// How the classifier's maps are made.
  public enum Activation: String, Codable, CaseIterable, Sendable {
    /// By gradients of the classes' scores, as in the source.
    case gradCAM = "grad_cam"
    /// By the classifier's weights: the same maps, as the classifier is linear in the means, without a backward pass for each class.
    case cam
  }

  /// What of the method can be set; the defaults are those of the release, but for the images a step.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = PseudoSeg.name
    /// Labelled images a step (released: 64 over 16 GPUs).
    public var labeledImages = 8
    /// Unlabelled images a step (released: 64 over 16 GPUs).
    public var unlabeledImages = 8
    /// The share of them that have image tags, drawn from a stream of their own; 0 for one stream of images with and without.
    public var taggedShare = 0.0
    /// The soft cross-entropy of unlabelled images beside the loss of labelled ones.
    public var unlabeledWeight = 1.0
    /// Whether pixels of unlabelled images count by their classes, too, as `loss.balance` has labelled ones do.
    public var balancesPseudoLabels = true
    /// The image-level classifier's loss.
    public var imageWeight = 1.0
    /// Whether that trains the network's encoder too.
    public var imageTrainsBackbone = true
    /// The loss of self-attention Grad-CAM against labels.
    public var gradCamWeight = 1.0
    /// What pseudo-labels are made of.
    public var fusion = Fusion.fused
    /// What sharpens them: below 1 the likeliest class gains, 1 leaves them.
    public var temperature = 0.5
    /// How the classifier's maps are made.
    public var activation = Activation.gradCAM
    /// Channels of keys and queries.
    public var attentionWidth = 128
    /// Whether maps are added to what self-attention makes of them, as in the release's second version, its default; false is its first.
    public var attentionSkip = true
    /// The class that is what no other class is, which images are not classified by: its name; `none`; or `auto` for a class called
    /// `background`, else none.
    public var background = "auto"
    /// Images seen over which an average of the weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == PseudoSeg.name, "'\(PseudoSeg.name)'"),
        SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
        SettingsRule("unlabeled_images", unlabeledImages >= 1, "1 or more"),
        SettingsRule("tagged_share", (0...1).contains(taggedShare), "in 0...1"),
        SettingsRule("unlabeled_weight", unlabeledWeight >= 0, "0 or more"),
        SettingsRule("image_weight", imageWeight >= 0, "0 or more"),
        SettingsRule("grad_cam_weight", gradCamWeight >= 0, "0 or more"),
        SettingsRule("temperature", temperature > 0 && temperature <= 1, "above 0 and at most 1"),
        SettingsRule("attention_width", attentionWidth >= 1, "1 or more"),
        SettingsRule("background", !background.isEmpty, "auto, none or a class's name"),
        SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
      ]
    }

    /// The place of the background among the classes; nil for none.
    ///
    /// - Throws: For a name that is no class's.
    func backgroundPlace(in classes: ClassTable) throws(RunError) -> Int? {
      switch background {
      case "auto": return classes.index(of: "background")
      case "none": return nil
      default:
        guard let place = classes.index(of: background) else {
          throw .data(
            "method.background is '\(background)', which is none of the classes \(classes.names.joined(separator: ", "));"
              + " one of them, none or auto is wanted")
        }
        return place
      }
    }
  }
}

extension PseudoSeg.Settings: SegmentationMethodSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "PseudoSeg (Zou et al. 2021): soft pseudo-labels of decoder and Grad-CAM, fused, are learnt in a strong view; learns image tags."
  }

  /// Image-level labels of unlabelled images are learnt.
  public var usesImageTags: Bool { true }

  /// One weak view of each labelled image, a weak and a strong view of each unlabelled one.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1), unlabeled: .init(images: unlabeledImages, weak: 1, strong: 1))
  }

  /// Labelled and unlabelled images.
  public var stepImages: StepImages {
    get { StepImages(labeled: labeledImages, unlabeled: unlabeledImages) }
    set { (labeledImages, unlabeledImages) = (newValue.labeled, newValue.unlabeled) }
  }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image, and of each unlabelled one what is said of its weak view, in its strong view",
      "pseudo-labels: \(fusion.words), sharpened with the temperature \(temperature); all pixels that show their image, times"
        + " \(unlabeledWeight)",
      "beside the network: an image-level classifier of all classes but the background (\(background)), times \(imageWeight)"
        + (imageTrainsBackbone ? "" : ", which does not train the encoder")
        + "; self-attention Grad-CAM, times \(gradCamWeight)",
    ]
      + (taggedShare > 0
        ? ["unlabelled images: \(NumberText.short(100 * taggedShare)) % are drawn from those with tags, the rest apart"]
        : []) + AverageMemory.judgedPlan(memoryImages: memoryImages, for: length)
  }

  /// Those of the run.
  ///
  /// - Throws: Where strong views do not have the geometry of weak ones, pixel by pixel.
  public func unlabeledImages(of run: SegmentationRun<Self>, in folder: RunFolder) throws -> ImagePool? {
    guard run.settings.views.sharesGeometry else {
      throw RunError.data(
        "views.shares_geometry is false, and \(name) learns in strong views what it says about pixels of weak ones; true is wanted"
      )
    }
    return run.data.unlabeled
  }

  /// The method on a network whose classes have no names: without a background.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    PseudoSeg(
      network, background: nil, settings: self, loss: loss, optimizer: optimizer, length: length, seed: 0)
  }

  /// The method on a network for the images of a run.
  ///
  /// - Throws: For a background that is none of the classes.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength,
    classes: ClassTable, seed: UInt64
  ) throws -> any TrainingMethod<SampleBatch> {
    PseudoSeg(
      network, background: try backgroundPlace(in: classes), settings: self, loss: loss, optimizer: optimizer,
      length: length, seed: seed)
  }
}
