// Soft Teacher: end-to-end semi-supervised object detection.
//
// The idea: a teacher, the moving average of the student, finds boxes in weak views of unlabelled images, and the student
// learns them in strong views of the same images, while it learns the labelled images as ever. What the teacher says counts
// as far as it can be relied on: background by the teacher's background score, boxes by their spread under jittering.
//
// Source: Xu, Zhang, Hu, Wang, Wang, Wei, Bai, Liu, ICCV 2021, as released (github.com/microsoft/SoftTeacher); what the paper
// or mmdetection does otherwise is a preset.
//
// Differences from the source, whatever the preset:
// - The moving average covers buffers too, unless `memory_buffers` is off; the release leaves them out, which spoils teachers
//   with trained batch norms.
// - The teacher is always in evaluation mode; in the release it is put back to training mode, without effect there.
// - The teacher is judged; the release judges the student (`judged`).
// - A burn-in, off by default: for small sets, where a young teacher is sure of nothing.
// - Strong views do not enter the running statistics of trained batch norms (the release trains none).
// - Box losses are torchvision's smooth L1 (β = 1/9) and not L1, as everywhere in this detector.
// - The second student pass, for boxes, predicts objects alone: the same loss, since background adds only its number.

import Detection
import Documents
import Samples
import Torch
import Training

/// Trains a detector on labelled and unlabelled images with a teacher that is its moving average.
public final class SoftTeacher: TeacherMethod {
  /// `soft-teacher`.
  public static let name = "soft-teacher"

  /// The student, and its average.
  public let models: TeacherStudent<Settings>
  /// What the last step took for background.
  private var background: BackgroundRegions?

  /// A method that trains `student`; its teacher starts as a copy.
  public init(_ student: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    models = TeacherStudent(student, settings: settings, optimizer: optimizer, length: length)
  }

  /// What the last step's teacher passed on, and what the student took for background; nil while unlabelled images are not learnt from.
  public var taught: TaughtStep? {
    var taught = models.taught
    taught?.background = background
    return taught
  }

  /// The four losses of the labelled images, and the four of the unlabelled ones times their weight.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    models.losses(for: batch, at: step, learn: learn)
  }

  /// The losses of the strong views: objectness, class and box each from candidates of its own.
  private func learn(_ teaching: Teaching) -> DetectorLosses {
    let (student, heads) = (models.student, models.student.roiHeads)
    let sampler = teaching.sampler
    let images = ImageBatch(teaching.strong)
    let features = student.features(images)
    let prediction = student.rpn.predict(features, images: images)
    let proposals = student.rpn.proposals(prediction, images: images, limits: student.settings.proposals.training)
    let proposalLosses = student.rpn.losses(
      features, prediction: prediction, truth: teaching.targets(.proposals).map(\.boxes), sampler: sampler)

    let objects = teaching.targets(.classes)
    let classSamples = zip(proposals, objects).map { heads.sample($0, target: $1, sampler: sampler) }
    let logits = heads.predict(features, boxes: classSamples.map(\.boxes)).logits
    let weights = teaching.step.part("background weights") {
      models.settings.background.weights(
        of: classSamples, logits: logits, targets: objects, teacher: models.teacher.roiHeads, teaching)
    }
    background = BackgroundRegions(samples: classSamples, weights: weights)
    let labels = classSamples.map(\.labels)
    let classLoss = models.settings.normalization.classLoss(
      heads.entropies(logits, labels: concatenate(labels).to(logits.device)), labels: labels, weights: weights)
    let boxSamples = zip(proposals, teaching.targets(.boxes)).map { heads.sample($0, target: $1, sampler: sampler) }
    let boxLoss = heads.boxLoss(
      features, samples: boxSamples, divisors: models.settings.normalization.boxDivisors(boxSamples))
    return DetectorLosses(
      classes: classLoss, boxes: boxLoss, objectness: proposalLosses.objectness, proposalBoxes: proposalLosses.boxes)
  }
}
