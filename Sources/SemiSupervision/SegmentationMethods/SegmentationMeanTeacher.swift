// Mean Teacher for segmentation: the student is to say of a strong view what its average says of the weak view of the same image.
//
// The idea: the average of the weights over the last steps is better than the weights of any one step; what it says of each pixel, all
// classes' probabilities, is the target of a consistency loss whose weight rises over the first images.
//
// Source: Mean Teacher (Tarvainen and Valpola, NeurIPS 2017), section 2; for segmentation as the baseline of CPS's release has it
// (github.com/charlesCXK/TorchSemiSeg): squared difference of probabilities, weight 100, EMA 0.99.
//
// Differences from the source:
// - The teacher is in evaluation mode with averaged buffers; the releases leave it in training mode, where it depends on the batch.
// - The memory of the teacher is in images; 0.99 at 16 images a step is a memory of 1600.
// - The noise between teacher and student is that of strong views.

import Layers
import Reporting
import Samples
import Segmentation
import Torch
import Training

/// Trains a segmenter on labelled images, and on what its average says about unlabelled ones.
public final class SegmentationMeanTeacher: TaughtMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = SegmentationMeanTeacher.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// The loss of unlabelled images beside that of labelled ones, once it has risen.
    public var unlabeledWeight = 100.0
    /// Images seen over which the weight rises.
    public var rampImages = 0
    /// What the student's difference from the teacher is measured by.
    public var consistency = PixelConsistency.squaredError
    /// Images seen over which the teacher remembers the student.
    public var memoryImages = 1600
    /// Which model is judged.
    public var judged = JudgedModel.teacher

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      [
        SettingsRule("name", name == SegmentationMeanTeacher.name, "'\(SegmentationMeanTeacher.name)'"),
        SettingsRule("ramp_images", rampImages >= 0, "0 or more"),
      ] + teacherRules
    }
  }

  /// `mean-teacher`.
  public static let name = "mean-teacher"

  /// The network and its average.
  public let models: TaughtStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  /// What is seen of the lessons.
  public let lessons: PixelLessons
  private let loss: PixelLoss
  private let ramp: RampUp

  /// A method that trains `network`; its teacher starts as a copy.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength
  ) {
    self.settings = settings
    self.loss = loss
    ramp = RampUp(images: length.images(settings.rampImages))
    lessons = PixelLessons(
      .init(threshold: 0, unlabeledWeight: settings.unlabeledWeight), loss: loss, classCount: network.classCount,
      length: length)
    models = TaughtStudent(
      network, memoryImages: settings.memoryImages, judged: settings.judged, optimizer: optimizer, length: length)
  }

  /// The labelled images' loss, and the student's difference from the teacher. U unlabelled images, K classes.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let (labeled, student) = (batch.labeledWeak[0], models.student)
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    var losses = Losses()
    guard settings.unlabeledWeight > 0 else {
      losses.add(JointPass(student, labeled, [], at: step).terms(loss, labeled, of: student))
      return losses
    }
    let wanted = withoutGradients { models.teacher(weak.images).logits.widened().softmax(1) }  // [U, K, H, W]
    let said = lessons.labels(ofProbabilities: wanted, weak, at: step)
    let learnt = said.carried(from: weak, to: strong)
    let pass = JointPass(student, labeled, [strong.images], at: step)
    losses.add(pass.terms(loss, labeled, of: student))
    guard let logits = pass.others else { return losses }
    let value = settings.consistency.loss(logits, wanted, isValid: learnt.isValid)
    losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight * ramp.factor(at: step))
    lessons.look(
      said, weak, strong: strong, logits: logits, learnt: learnt, value: value, losses: &losses,
      teacherEqualsStudent: { self.models.teacherEqualsStudent })
    return losses
  }
}

extension SegmentationMeanTeacher.Settings: TeacherPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Mean Teacher (Tarvainen and Valpola 2017): strong views are to look as the network's average sees the weak ones."
  }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image; of each unlabelled one what the teacher says, by \(consistency.rawValue) in a strong view, times "
        + NumberText.short(unlabeledWeight) + RampUp.plan(rampImages, for: length)
    ] + teacherPlan(for: length)
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    SegmentationMeanTeacher(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
