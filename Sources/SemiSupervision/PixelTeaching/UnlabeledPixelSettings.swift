import Samples
import Segmentation
import Training

/// What can be set of every method that learns labelled and unlabelled images in each step, pixel by pixel.
public protocol UnlabeledPixelSettings: SegmentationMethodSettings {
  /// Labelled images a step.
  var labeledImages: Int { get set }
  /// Unlabelled images a step.
  var unlabeledImages: Int { get set }
  /// The loss of unlabelled images beside that of labelled ones.
  var unlabeledWeight: Double { get }
}

extension UnlabeledPixelSettings {
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

  /// Ranges of what they have in common.
  var unlabeledRules: [SettingsRule] {
    [
      SettingsRule("labeled_images", labeledImages >= 1, "1 or more"),
      SettingsRule("unlabeled_images", unlabeledImages >= 1, "1 or more"),
      SettingsRule("unlabeled_weight", unlabeledWeight >= 0, "0 or more"),
    ]
  }

  /// Those of the run.
  ///
  /// - Throws: Where strong views do not have the geometry of weak ones, pixel by pixel.
  public func unlabeledImages(of run: SegmentationRun<Self>, in folder: RunFolder) throws -> ImagePool? {
    guard run.settings.views.sharesGeometry else {
      throw RunError.data(
        "views.shares_geometry is false, and \(name) learns in strong views what is said about pixels of weak ones; true is wanted"
      )
    }
    return run.data.unlabeled
  }
}

/// What can be set of every method in which a network's average says what is learnt of unlabelled pixels.
public protocol TeacherPixelSettings: UnlabeledPixelSettings {
  /// Images seen over which the teacher remembers the student.
  var memoryImages: Int { get }
  /// Which of the two is judged, and selects the best checkpoint: declared beforehand.
  var judged: JudgedModel { get }
}

extension TeacherPixelSettings {
  /// Ranges of what they have in common.
  var teacherRules: [SettingsRule] {
    unlabeledRules + [SettingsRule("memory_images", memoryImages >= 1, "1 or more")]
  }

  /// What the teacher is and what is judged, in words.
  func teacherPlan(for length: RunLength) -> [String] {
    [
      "teacher: looks at a weak view of each unlabelled image, in evaluation mode; it "
        + AverageMemory.plan(memoryImages: memoryImages, for: length), "judged is the \(judged.rawValue)",
    ]
  }
}
