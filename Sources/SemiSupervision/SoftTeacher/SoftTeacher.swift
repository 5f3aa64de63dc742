// Soft Teacher: end-to-end semi-supervised object detection.
//
// The idea: a teacher, the moving average of the student, finds boxes in weak views of unlabelled images, and the student
// learns them in strong views of the same images, while it learns the labelled images as ever. What the teacher says counts
// as far as it can be relied on: background by the teacher's background score, boxes by their spread under jittering.
//
// Source: Xu, Zhang, Hu, Wang, Wang, Wei, Bai, Liu, ICCV 2021, as released (github.com/microsoft/SoftTeacher).
//
// Differences from the source:
// - The moving average covers buffers too; the release leaves them out, which spoils teachers with trained batch norms.
// - The teacher is always in evaluation mode; in the release it is put back to training mode, without effect there.
// - Labelled and unlabelled images come in fixed numbers a step; the release draws their numbers.
// - A burn-in, off by default: for small sets, where a young teacher is sure of nothing.
// - Box losses are torchvision's smooth L1 (β = 1/9) and not L1, as everywhere in this detector.
// - The second student pass, for boxes, predicts objects alone: the same loss, since background adds only its number.

import Detection
import Documents
import Layers
import Samples
import Torch
import Training

/// Trains a detector on labelled and unlabelled images with a teacher that is its moving average.
public final class SoftTeacher: TrainingMethod {
  /// `soft-teacher`.
  public static let name = "soft-teacher"

  private let student: FasterRCNN
  private let average: AveragedDetector
  private var teacher: FasterRCNN { average.detector }
  private let settings: Settings
  private let length: RunLength
  /// The student with its optimizer.
  public let trainedModels: [TrainedModel]

  /// A method that trains `student`; its teacher starts as a copy.
  public init(_ student: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    self.student = student
    self.settings = settings
    self.length = length
    average = AveragedDetector(of: student, memoryImages: length.images(settings.memoryImages))
    trainedModels = [optimizer.trained("student", student, for: length)]
  }

  /// One weak view of each labelled image; one weak and one strong view of each unlabelled image.
  public var views: ViewRequest { settings.views }

  /// The teacher is judged, the student is shown beside it.
  public var predictors: [(name: String, predictor: any Predictor)] { [("teacher", teacher), ("student", student)] }

  /// The four losses of the labelled images, and the four of the unlabelled ones times their weight.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    var losses = Losses()
    let labeled = batch.labeledWeak[0]
    let sampler = BalancedSampler(generator: step.makeGenerator())
    for (name, value) in student.losses(
      ImageBatch(labeled), targets: DetectionTarget.targets(of: labeled), sampler: sampler)
    {
      losses.add(name, value)
    }
    addUnlabeled(batch, at: step, to: &losses)
    return losses
  }

  private func addUnlabeled(_ batch: SampleBatch, at step: Step, to losses: inout Losses) {
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    let names = ["unlabeled_classifier", "unlabeled_box_reg", "unlabeled_objectness", "unlabeled_rpn_box_reg"]
    guard step.imagesSeen >= length.images(settings.burnInImages) else {
      // The same names in every step, so that the columns of the log do not change.
      for name in names { losses.add(name, .zeros([], like: weak.images), weight: settings.unlabeledWeight) }
      reportCounts([], images: weak.views.count, to: &losses)
      return
    }
    let weakImages = ImageBatch(weak)
    let weakFeatures = withoutGradients { teacher.features(weakImages) }
    let found = pseudoBoxes(weakImages, features: weakFeatures, at: step)
    func targets(_ purpose: PseudoBoxes.Purpose) -> [DetectionTarget] {
      zip(found, zip(weak.views, strong.views)).map { boxes, views in
        boxes.targets(for: purpose, settings.thresholds, from: views.0, to: views.1)
      }
    }
    let sampler = BalancedSampler(generator: step.makeGenerator(1))
    let images = ImageBatch(strong)
    let features = student.features(images)
    let prediction = student.rpn.predict(features, images: images)
    let proposals = student.rpn.proposals(prediction, images: images, limits: student.settings.proposals.training)
    let proposalLosses = student.rpn.losses(prediction, truth: targets(.proposals).map(\.boxes), sampler: sampler)

    let heads = student.roiHeads
    let classSamples = zip(proposals, targets(.classes)).map { heads.sample($0, target: $1, sampler: sampler) }
    let weights =
      settings.weighsBackground
      ? BackgroundWeighting.weights(
        of: classSamples, teacher: teacher.roiHeads, features: weakFeatures, weak: weak.views, strong: strong.views)
      : Tensor.ones([classSamples.reduce(0) { $0 + $1.labels.count }], device: images.pixels.device)
    let classLoss = heads.classLoss(features, samples: classSamples, weights: weights)
    let boxSamples = zip(proposals, targets(.boxes)).map { heads.sample($0, target: $1, sampler: sampler) }
    let boxLoss = heads.boxLoss(features, samples: boxSamples)

    for (name, value) in zip(names, [classLoss, boxLoss, proposalLosses.objectness, proposalLosses.boxes]) {
      losses.add(name, value, weight: settings.unlabeledWeight)
    }
    reportCounts(found, images: weak.views.count, to: &losses)
  }

  /// What the teacher finds in weak views: its detections above the candidates' score, with their uncertainty.
  private func pseudoBoxes(_ images: ImageBatch, features: [Tensor], at step: Step) -> [PseudoBoxes] {
    withoutGradients {
      let detections = teacher.detections(features, images: images, limits: teacher.settings.proposals.training)
      let candidates = detections.map {
        $0.gathered(($0.scores .> settings.thresholds.candidateScore).trueIndices())
      }
      let uncertainty = BoxJitterReliability.uncertainty(
        of: candidates, teacher: teacher.roiHeads, features: features, images: images, settings: settings.jitter,
        using: step.makeGenerator(2))
      return zip(candidates, uncertainty).map {
        PseudoBoxes(boxes: $0.boxes, scores: $0.scores, labels: $0.labels, uncertainty: $1)
      }
    }
  }

  /// Candidates an image, and how many of them pass the filter of each loss.
  private func reportCounts(_ found: [PseudoBoxes], images: Int, to losses: inout Losses) {
    func mean(_ count: Int) -> Double { Double(count) / Double(max(1, images)) }
    losses.report("pseudo.candidates", mean(found.reduce(0) { $0 + $1.count }))
    for (purpose, name) in [(PseudoBoxes.Purpose.proposals, "proposals"), (.classes, "classes"), (.boxes, "boxes")] {
      let passed = found.reduce(0) { $0 + $1.passes(purpose, settings.thresholds).trueIndices().count }
      losses.report("pseudo.\(name)", mean(passed))
    }
  }

  /// Moves the teacher towards the student.
  public func modelsDidUpdate(at step: Step) { average.update(at: step) }

  /// The student; the teacher is what is judged, and saved as such.
  public var state: MethodState { MethodState() }

  /// Nothing beside the models is remembered.
  public func restore(_ state: MethodState) throws {}
}
