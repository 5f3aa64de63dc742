// Temporal Ensembling for segmentation: the network is to say of each pixel what it has said of it so far, in the mean.
//
// The idea: one pass a step, of views with noise and dropout; what the network said about an image in earlier passes, averaged with a memory,
// is steadier than what it says now, and is the target of a consistency loss. In the first pass over an image there is no target.
//
// Source: Temporal Ensembling (Laine and Aila, ICLR 2017), section 2.2: α 0.6, bias-corrected targets, the mean over classes of the
// squared difference of probabilities, a weight that rises to 30 times the labelled share of all images; labelled and unlabelled images.
//
// Differences from the source:
// - For pixels, on a coarse grid over each image (see `RunningPredictions`); the mean moves at each look at an image, which is once an
//   epoch of its list.
// - The end of the weight is a number, `unlabeled_weight`: 30 times the labelled share is set by the recipe for one share.
// - The learning rate falls as the run's optimizer says; the source ramps it up and down, and Adam's β₁ down with it.

import Documents
import Layers
import Reporting
import Samples
import Segmentation
import Torch
import Training
import Views

/// Trains a segmenter on labelled images, and to go on saying what it has said.
public final class TemporalEnsembling: SelfTaughtMethod {
  /// `temporal-ensembling`.
  public static let name = "temporal-ensembling"

  /// The network and its average.
  public let student: TrainedStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  /// What is seen of the lessons.
  public let lessons: PixelLessons
  private let loss: PixelLoss
  private let ramp: RampUp
  private let predictions: RunningPredictions
  /// What this step said, which is remembered once the step has been taken.
  private var said: [(key: String, view: View, probabilities: Tensor, validity: Tensor)] = []

  /// A method that trains `network`.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength
  ) {
    self.settings = settings
    self.loss = loss
    ramp = RampUp(images: length.images(settings.rampImages))
    predictions = RunningPredictions(
      classCount: network.classCount, side: settings.gridSide, momentum: settings.momentum)
    lessons = PixelLessons(
      .init(threshold: 0, unlabeledWeight: settings.unlabeledWeight), loss: loss, classCount: network.classCount,
      length: length)
    student = TrainedStudent(network, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
  }

  /// The labelled images' loss, and the difference of what is said from what was said. L labelled, U unlabelled images, K classes.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    if step.microBatch == 0 { said = [] }
    let (labeled, network) = (batch.labeledWeak[0], student.model)
    var losses = Losses()
    guard settings.unlabeledWeight > 0 else {
      losses.add(JointPass(network, labeled, [], at: step).terms(loss, labeled, of: network))
      return losses
    }
    guard let shown = (settings.strongViews ? batch.unlabeledStrong : batch.unlabeledWeak).first else { return losses }
    let pass = JointPass(network, labeled, [shown.images], at: step)
    losses.add(pass.terms(loss, labeled, of: network))
    guard let others = pass.others else { return losses }
    let parts = [("l", labeled, pass.labeled.logits), ("u", shown, others)]
    let targets = parts.map { self.targets($0.0, $0.1, classCount: network.classCount) }
    let logits = concatenate([pass.labeled.logits, others])  // [L + U, K, H, W]
    let value = settings.consistency.loss(
      logits, concatenate(targets.map(\.probabilities)), isValid: concatenate(targets.map(\.isValid)))
    losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight * ramp.factor(at: step))
    for (prefix, batch, logits) in parts { remember(prefix, batch, logits) }
    let before = lessons.labels(
      ofProbabilities: targets[1].probabilities,
      ViewBatch(images: shown.images, views: shown.views, validity: targets[1].isValid), at: step)
    losses.report("pseudo.known", targets[1].isValid.to(.float32).mean())
    // In the first pass over the images there is nothing to be learnt, which is no fault.
    if targets[1].isValid.to(.float32).max().scalar > 0 {
      lessons.look(
        before, shown, strong: shown, logits: others, learnt: before, value: value, losses: &losses)
    }
    return losses
  }

  /// What was said about the pixels of views so far, [N, K, H, W], and of which pixels that is known, bool [N, H, W].
  private func targets(
    _ prefix: String, _ batch: ViewBatch, classCount: Int
  ) -> (probabilities: Tensor, isValid: Tensor) {
    guard let validity = batch.validity else { preconditionFailure("expected the validity of pixels") }
    let (height, width, device) = (batch.images.size(2), batch.images.size(3), batch.images.device)
    return withoutGradients {
      let found = batch.views.map { view in
        predictions.target("\(prefix)\(view.image)", view, height: height, width: width, on: device)
          ?? (
            Tensor.full([classCount, height, width], 1 / Double(classCount), device: device),
            Tensor.zeros([height, width], .bool, device: device)
          )
      }
      return (stack(found.map(\.0)), stack(found.map(\.isKnown)) .& validity)
    }
  }

  private func remember(_ prefix: String, _ batch: ViewBatch, _ logits: Tensor) {
    guard let validity = batch.validity else { return }
    let probabilities = withoutGradients { logits.detached().widened().softmax(1) }
    for (index, view) in batch.views.enumerated() {
      said.append(("\(prefix)\(view.image)", view, probabilities[index], validity[index]))
    }
  }

  /// Moves the means and the average of the weights.
  public func modelsDidUpdate(at step: Step) {
    for (key, view, probabilities, validity) in said {
      predictions.add(key, view, probabilities, validity: validity)
    }
    said = []
    student.update(at: step)
  }

  /// What was said about each image, and what the watch has seen.
  public var state: MethodState {
    MethodState(tensors: predictions.state, values: lessons.state.values)
  }

  /// Goes on from a saved state.
  public func restore(_ state: MethodState) throws {
    guard predictions.restore(state.tensors) else {
      throw RunError.data("the state of method '\(Self.name)' has no predictions of these classes")
    }
    try lessons.restore(MethodState(values: state.values), method: Self.name)
  }
}
