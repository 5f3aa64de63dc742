// ST: self-training with strong data augmentation, in three stages; and plain self-training without it, what ST is measured against.
//
// The idea: a network trained on the labelled images labels the others once; a fresh network learns both, the others in strong views.
//
// Source: ST++ (Yang et al., CVPR 2022), section 3.2 and algorithm 1, as released: the best teacher by validation labels, with five sizes
// and mirroring, every pixel, without a threshold; the student begins anew from the backbone's published weights.
//
// Differences from the source: see `PseudoMaskTraining`; stages are as long as each other in steps here unless `teacher_steps` says
// otherwise, in the release in passes over their lists.

import Samples
import Segmentation
import Training

/// ST.
public enum ST: StagedMethod {
  /// `st`.
  public static let name = "st"
  /// As released.
  public static let hasStrongViews = true
  /// For `--list-methods`.
  public static let summary =
    "ST (Yang et al. 2022): train, label the unlabelled images once, train anew on both with strong augmentation."
}

/// Plain self-training: ST's numbers without strong views.
public enum PlainSelfTraining: StagedMethod {
  /// `self-training`.
  public static let name = "self-training"
  /// None.
  public static let hasStrongViews = false
  /// For `--list-methods`.
  public static let summary =
    "Self-training as it was before ST: the unlabelled images are learnt in weak views."
}

/// A method of self-training in three stages.
public protocol StagedMethod: Sendable {
  /// By which a recipe chooses it.
  static var name: String { get }
  /// Whether unlabelled images are learnt in strong views by default.
  static var hasStrongViews: Bool { get }
  /// One line about it.
  static var summary: String { get }
}

extension StagedMethod {
  /// What of the method can be set.
  public typealias Settings = StagedSettings<Self>
}

/// What of a method of self-training in three stages can be set; the defaults are those of ST's release.
public struct StagedSettings<Method: StagedMethod>: PseudoMaskSettings {
  /// The method's name, by which a recipe chooses it.
  public var name = Method.name
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
  public var strongViews = Method.hasStrongViews
  /// Steps of the first stage; 0 for as many as of the last.
  public var teacherSteps = 0
  /// How the teacher looks at the images that it labels.
  public var labeling = SegmentationInference.released
  /// A table of label maps that are there already; empty to train a teacher that makes them.
  public var pseudoLabels = ""
  /// Images seen over which an average of the last stage's weights remembers them; it is judged then. 0 for none.
  public var memoryImages = 0

  /// The defaults.
  public init() {}

  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [SettingsRule("name", name == Method.name, "'\(Method.name)'")] + commonRules
      + [SettingsRule("teacher_steps", teacherSteps >= 0, "0 or more")]
  }

  /// For `--list-methods`.
  public static var summary: String { Method.summary }

  /// The teacher's, unless label maps are there already.
  public var stages: [StageLength] {
    get {
      pseudoLabels.isEmpty ? [StageLength(steps: teacherSteps, stepImages: labeledImages + unlabeledImages)] : []
    }
    set { teacherSteps = newValue.first?.steps ?? teacherSteps }
  }

  /// The three stages.
  public func plan(for length: RunLength) -> [String] {
    let last =
      "a fresh network learns a weak view of each labelled and a \(strongViews ? "strong" : "weak") view of each unlabelled image"
    guard pseudoLabels.isEmpty else { return ["learns: \(last), whose label maps are those of \(pseudoLabels)"] }
    let steps = teacherSteps > 0 ? teacherSteps : length.steps
    return [
      "stage 1: a network learns the labelled images alone, \(steps) steps of \(labeledImages + unlabeledImages)",
      "stage 2: the best of it labels every unlabelled image once: \(labeling.summary)", "stage 3: " + last,
    ]
  }

  /// The first stages: trains a teacher in the run's folder, and labels with it.
  public func unlabeledImages(of run: SegmentationRun<Self>, in folder: RunFolder) throws -> ImagePool? {
    guard let pool = run.data.unlabeled else { return nil }
    let stages = SegmentationStages(run.settings, data: run.data, folder: folder)
    if !pseudoLabels.isEmpty { return try stages.labeledPool(pool, by: pseudoLabels) }
    let teacher = try stages.trainTeacher("stage-1", steps: teacherSteps)
    return try stages.label(pool, by: teacher, looking: labeling, as: "stage-2").labeled(pool)
  }
}
