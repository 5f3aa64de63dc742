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
// - Strong views do not enter the running statistics of trained batch norms (the release trains none).
// - Box losses are torchvision's smooth L1 (β = 1/9) and not L1, as everywhere in this detector.
// - The second student pass, for boxes, predicts objects alone: the same loss, since background adds only its number.

import Detection
import Documents
import Layers
import Samples
import Torch
import Training

/// Trains a detector on labelled and unlabelled images with a teacher that is its moving average.
public final class SoftTeacher: TrainingMethod, PseudoBoxShowing {
  /// `soft-teacher`.
  public static let name = "soft-teacher"

  private let student: FasterRCNN
  private let average: AveragedDetector
  private var teacher: FasterRCNN { average.detector }
  private let norms: [BatchNorm]
  private let settings: Settings
  private let length: RunLength
  private var burnInHasEnded = false
  private var watch = PseudoBoxWatch()
  /// The student with its optimizer.
  public let trainedModels: [TrainedModel]
  /// What the last step's teacher passed on; nil while unlabelled images are not learnt from.
  public private(set) var sheet: PseudoBoxSheet?

  /// A method that trains `student`; its teacher starts as a copy.
  public init(_ student: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    self.student = student
    self.settings = settings
    self.length = length
    norms = settings.countsStrongViews ? [] : student.trainedNorms()
    average = AveragedDetector(of: student, memoryImages: length.images(settings.memoryImages))
    trainedModels = [optimizer.trained("student", student, for: length)]
  }

  /// One weak view of each labelled image; one weak and one strong view of each unlabelled image.
  public var views: ViewRequest { settings.views }

  /// The teacher is judged, the student is shown beside it.
  public var predictors: [(name: String, predictor: any Predictor)] { [("teacher", teacher), ("student", student)] }

  /// The four losses of the labelled images, and the four of the unlabelled ones times their weight.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    sheet = nil
    var losses = Losses()
    let labeled = batch.labeledWeak[0]
    let sampler = BalancedSampler(generator: step.makeGenerator())
    let values = step.part("student, labelled") {
      student.losses(ImageBatch(labeled), targets: DetectionTarget.targets(of: labeled), sampler: sampler)
    }
    for (name, value) in values { losses.add(name, value) }
    if isBurningIn(at: step) {
      // The same names in every step, so that the columns of the log do not change.
      for name in Self.unlabeledNames {
        losses.add(name, .zeros([], like: labeled.images), weight: settings.unlabeledWeight)
      }
      report([], to: &losses)
    } else {
      learnUnlabeled(batch.unlabeledWeak[0], batch.unlabeledStrong[0], at: step, losses: &losses)
    }
    return losses
  }

  private static let unlabeledNames = [
    "unlabeled_classifier", "unlabeled_box_reg", "unlabeled_objectness", "unlabeled_rpn_box_reg",
  ]

  /// Whether only labels are learnt yet; once it has ended, the burn-in does not begin again.
  private func isBurningIn(at step: Step) -> Bool {
    if step.imagesSeen >= length.images(settings.burnInImages) { burnInHasEnded = true }
    return !burnInHasEnded
  }

  private func learnUnlabeled(_ weak: ViewBatch, _ strong: ViewBatch, at step: Step, losses: inout Losses) {
    let weakImages = ImageBatch(weak)
    let (weakFeatures, detections) = withoutGradients {
      step.part("teacher") {
        let features = teacher.features(weakImages)
        return (
          features,
          teacher.detections(features, images: weakImages, limits: Self.proposalLimits(teacher.settings))
        )
      }
    }
    let found = step.part("pseudo-boxes") {
      PseudoBoxes.candidates(
        of: detections, above: settings.thresholds.candidateScore, teacher: teacher.roiHeads, features: weakFeatures,
        images: weakImages, jitter: settings.jitter, using: step.makeGenerator(2))
    }
    func targets(_ purpose: PseudoBoxes.Purpose) -> [DetectionTarget] {
      step.part("pseudo-boxes") {
        zip(found, zip(weak.views, strong.views)).map { boxes, views in
          boxes.targets(for: purpose, settings.thresholds, from: views.0, to: views.1)
        }
      }
    }
    let sampler = BalancedSampler(generator: step.makeGenerator(1))
    let images = ImageBatch(strong)
    let values = step.part("student, unlabelled") {
      norms.forEach { $0.keepsStatistics = true }
      defer { norms.forEach { $0.keepsStatistics = false } }
      let features = student.features(images)
      let prediction = student.rpn.predict(features, images: images)
      let proposals = student.rpn.proposals(prediction, images: images, limits: student.settings.proposals.training)
      let proposalLosses = student.rpn.losses(
        features, prediction: prediction, truth: targets(.proposals).map(\.boxes), sampler: sampler)

      let heads = student.roiHeads
      let classSamples = zip(proposals, targets(.classes)).map { heads.sample($0, target: $1, sampler: sampler) }
      let weights =
        settings.weighsBackground
        ? step.part("background weights") {
          BackgroundWeighting.weights(
            of: classSamples, teacher: teacher.roiHeads, features: weakFeatures, weak: weak.views, strong: strong.views)
        }
        : Tensor.ones([classSamples.reduce(0) { $0 + $1.labels.count }], device: images.pixels.device)
      let classLoss = heads.classLoss(features, samples: classSamples, weights: weights)
      let boxSamples = zip(proposals, targets(.boxes)).map { heads.sample($0, target: $1, sampler: sampler) }
      let boxLoss = heads.boxLoss(features, samples: boxSamples)
      return [classLoss, boxLoss, proposalLosses.objectness, proposalLosses.boxes]
    }
    for (name, value) in zip(Self.unlabeledNames, values) {
      losses.add(name, value, weight: settings.unlabeledWeight)
    }
    let passed = report(found, to: &losses)
    let lines = watch.look(
      images: found.count, passed: passed,
      best: { detections.map { $0.count == 0 ? 0 : $0.scores.max().scalar }.max() ?? 0 },
      threshold: settings.thresholds.classScore,
      lossIsZero: settings.unlabeledWeight == 0 || stack(values.map { $0.detached() }).abs().sum().scalar == 0,
      teacherEqualsStudent: { average.equalsSource })
    lines.forEach { losses.warn($0) }
    sheet = PseudoBoxSheet(weak: weak, strong: strong, found: found, thresholds: settings.thresholds)
  }

  /// The teacher classifies proposals as they are made in training, at most 1000 of them, as released (torchvision's
  /// 2000 would double what it costs).
  private static func proposalLimits(_ settings: FasterRCNNSettings) -> ProposalLimits {
    var limits = settings.proposals.training
    limits.count = min(limits.count, 1000)
    return limits
  }

  /// Candidates an image, and how many of them pass the filter of each loss.
  ///
  /// - Returns: How many of all images pass the class filter.
  @discardableResult private func report(_ found: [PseudoBoxes], to losses: inout Losses) -> Int {
    func mean(_ count: Int) -> Double { Double(count) / Double(max(1, found.count)) }
    losses.report("pseudo.candidates", mean(found.reduce(0) { $0 + $1.count }))
    var passed: [PseudoBoxes.Purpose: Int] = [:]
    for purpose in PseudoBoxes.Purpose.allCases {
      let count = found.reduce(0) { $0 + $1.count(passing: purpose, settings.thresholds) }
      losses.report("pseudo.\(purpose)", mean(count))
      passed[purpose] = count
    }
    return passed[.classes] ?? 0
  }

  /// Moves the teacher towards the student.
  public func modelsDidUpdate(at step: Step) { average.update(at: step) }

  /// Ends the burn-in where the judged model is as good as it is to become.
  public func modelsWereJudged(_ judgements: [(name: String, judgement: Judgement)]) {
    guard let wanted = settings.burnInAP.value, let judged = judgements.first?.judgement["AP"] else { return }
    if judged >= wanted { burnInHasEnded = true }
  }

  /// Whether the burn-in has ended, and what the watch has seen; the teacher is what is judged, and saved as such.
  public var state: MethodState {
    MethodState(values: JSONObject([("burnInHasEnded", .bool(burnInHasEnded)), ("watch", watch.state)]))
  }

  /// Goes on from a saved state.
  public func restore(_ state: MethodState) throws {
    guard let ended = state.values["burnInHasEnded"]?.bool else {
      throw RunError.data("the state of method '\(Self.name)' does not say whether the burn-in has ended")
    }
    burnInHasEnded = ended
    watch = PseudoBoxWatch(state.values["watch"])
  }
}
