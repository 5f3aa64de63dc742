// ST++: self-training in six stages, the reliable images first.
//
// The idea: what a teacher says of an image is as reliable as it is stable: the label maps that three snapshots of its training give to
// the image are compared with the last one's. The more stable half is learnt first; the student of it labels the other half anew; a
// fresh network learns all.
//
// Source: ST++ (Yang et al., CVPR 2022), section 3.3 and algorithm 2, as released: snapshots after a third, two thirds and the whole,
// reliability by the mean IoU with the last over classes that occur in either map, without several sizes; the paper sums where the code
// takes the mean, which ranks alike.
//
// Differences from the source: see `PseudoMaskTraining` and `ST`; other ways to select are there to be compared with (section 4.3).

import Samples
import Segmentation
import Training

/// Names the method ST++ and its settings.
public enum STPlusPlus {
  /// `st++`.
  public static let name = "st++"

  /// How images are chosen that are learnt first.
  public enum Selection: String, Codable, CaseIterable, Sendable {
    /// The share whose label maps are most alike among snapshots: ST++.
    case stability
    /// A share that is drawn.
    case random
    /// All of them: labelling and training twice.
    case none
    /// All of them, without the pixels that the teacher is not sure of.
    case pixelThreshold = "pixel_threshold"
    /// The share whose label maps are most alike among passes with dropout.
    case dropout
  }

  /// What of the method can be set; the defaults are those of the release.
  public struct Settings: PseudoMaskSettings {
    /// The method's name, by which a recipe chooses it.
    public var name = STPlusPlus.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// Whether the numbers of each kind are drawn for each step, or fixed.
    public var batches = BatchComposition(.drawn)
    /// How much a pixel of an unlabelled image counts beside one of a labelled image.
    public var unlabeledWeight = 1.0
    /// Whether pixels of unlabelled images count by their class, too, as `loss.balance` has labelled ones do.
    public var balancesPseudoLabels = true
    /// Whether unlabelled images are learnt in strong views.
    public var strongViews = true
    /// Steps of the first stage; 0 for as many as of the last.
    public var teacherSteps = 0
    /// Steps of the fourth stage; 0 for as many as of the last.
    public var retrainingSteps = 0
    /// How teachers look at the images that they label.
    public var labeling = SegmentationInference.released
    /// How images are chosen that are learnt first.
    public var selection = Selection.stability
    /// The share of images that is learnt first, where some are.
    public var reliableShare = 0.5
    /// Snapshots that are compared, or passes with dropout.
    public var snapshots = 3
    /// Probability below which a pixel is not learnt where `selection` is `pixel_threshold`.
    public var pixelThreshold = 0.9
    /// Images seen over which an average of the last stage's weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0

    /// As released.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [SettingsRule("name", name == STPlusPlus.name, "'\(STPlusPlus.name)'")] + commonRules + [
        SettingsRule("teacher_steps", teacherSteps >= 0, "0 or more"),
        SettingsRule("retraining_steps", retrainingSteps >= 0, "0 or more"),
        SettingsRule("reliable_share", reliableShare > 0 && reliableShare < 1, "between 0 and 1"),
        SettingsRule("snapshots", snapshots >= 2, "2 or more"),
        SettingsRule("pixel_threshold", (0...1).contains(pixelThreshold), "between 0 and 1"),
      ]
    }

    /// For `--list-methods`.
    public static var summary: String {
      "ST++ (Yang et al. 2022): ST with the unlabelled images in two portions, the more reliable first, in six stages."
    }

    /// The first and the fourth.
    public var stages: [StageLength] {
      get {
        let images = labeledImages + unlabeledImages
        return [
          StageLength(steps: teacherSteps, stepImages: images, least: selection == .stability ? snapshots : 1),
          StageLength(steps: retrainingSteps, stepImages: images),
        ]
      }
      set {
        guard newValue.count == 2 else { return }
        (teacherSteps, retrainingSteps) = (newValue[0].steps, newValue[1].steps)
      }
    }

    /// The six stages.
    public func plan(for length: RunLength) -> [String] {
      let steps = teacherSteps > 0 ? teacherSteps : length.steps
      return [
        "stage 1: a network learns the labelled images alone, \(steps) steps of \(labeledImages + unlabeledImages)",
        "stage 2: " + selectionPlan,
        "stage 3: the best network of stage 1 labels these: \(labeling.summary)",
        "stage 4: a fresh network learns the labelled images and these, in \(strongViews ? "strong" : "weak") views, "
          + "\(retrainingSteps > 0 ? retrainingSteps : length.steps) steps",
        "stage 5: the best of it labels \(learnsAllFirst ? "all images anew" : "the others")",
        "stage 6: a fresh network learns the labelled images and all others",
      ]
    }

    private var selectionPlan: String {
      let share = "\(Int((100 * reliableShare).rounded())) % of the unlabelled images"
      return switch selection {
      case .stability: "\(share) are chosen whose label maps are most alike among \(snapshots) snapshots"
      case .dropout: "\(share) are chosen whose label maps are most alike among \(snapshots) passes with dropout"
      case .random: "\(share) are drawn"
      case .none: "all unlabelled images are taken"
      case .pixelThreshold: "all unlabelled images are taken, without pixels below a probability of \(pixelThreshold)"
      }
    }

    /// Whether all images are learnt in stage 4 already, so that stage 5 labels all anew.
    var learnsAllFirst: Bool { selection == .none || selection == .pixelThreshold }

    /// Stages one to five.
    public func unlabeledImages(of run: SegmentationRun<Self>, in folder: RunFolder) throws -> ImagePool? {
      guard let pool = run.data.unlabeled else { return nil }
      let steps = teacherSteps > 0 ? teacherSteps : run.settings.trainer.steps
      guard selection != .stability || steps >= snapshots else {
        throw RunError.data(
          "method.snapshots is \(snapshots), more than the \(steps) \(steps == 1 ? "step" : "steps") of the first stage; "
            + "--steps or method.teacher_steps of \(snapshots) or more are wanted")
      }
      let stages = SegmentationStages(run.settings, data: run.data, folder: folder)
      let teacher = try stages.trainTeacher(
        "stage-1", steps: teacherSteps, snapshots: selection == .stability ? snapshots : 0)
      let chosen = try ReliableImages(run.settings, data: run.data, folder: folder).choose(from: pool, teacher: teacher)
      let first = try stages.label(
        chosen.reliable, by: teacher, looking: labeling, as: "stage-3",
        leastConfidence: selection == .pixelThreshold ? pixelThreshold : 0)
      let student = try stages.retrain("stage-4", steps: retrainingSteps, on: first)
      let second = try stages.label(chosen.rest, by: student, looking: labeling, as: "stage-5")
      let (early, late) = (first.labeled(pool), second.labeled(pool))
      // In the pool's order, so that the order of epochs does not depend on the selection.
      let masks = Dictionary((early.images + late.images).map { ($0.path, $0.mask) }) { _, later in later }
      return ImagePool(
        name: pool.name,
        images: pool.images.compactMap { image in
          guard let mask = masks[image.path] ?? nil else { return nil }
          var image = image
          image.mask = mask
          return image
        })
    }
  }
}
