import Documents
import Layers
import Samples
import Segmentation
import Torch
import Training

/// What methods that learn pseudo-labels of pixels do alike: how sure pixels are, what counts how much, the loss, and what is seen of it
/// beside the steps.
public final class PixelLessons {
  /// What such a method's settings say of it.
  struct Rules {
    /// The probability from which a pixel is sure, where that is fixed.
    var threshold: Double
    /// Whether it moves.
    var policy = PixelThresholdSettings()
    /// What sureness does to the loss.
    var weighting = PixelWeighting.pixels
    /// What the sum over pixels is divided by.
    var denominator = PixelLosses.Denominator.valid
    /// Whether a pixel counts by its class, too, as labelled ones do.
    var isBalanced = false
    /// The loss beside that of labelled images.
    var unlabeledWeight = 1.0
  }

  private let loss: PixelLoss
  private let rules: Rules
  private let thresholds: PixelThresholds
  private var watch = PseudoLabelWatch(of: .pixels)
  /// What was learnt in the last step; nil where unlabelled images were not learnt from.
  private(set) var taught: TaughtPixels?

  init(_ rules: Rules, loss: PixelLoss, classCount: Int, length: RunLength) {
    self.rules = rules
    self.loss = loss
    thresholds = PixelThresholds(rules.policy, threshold: rules.threshold, classCount: classCount, length: length)
  }

  /// A step begins in which nothing is learnt of unlabelled images yet.
  func begin() { taught = nil }

  /// The labels that logits [N, K, H, W] of weak views give them; no gradient flows.
  func labels(of logits: Tensor, _ weak: ViewBatch, at step: Step) -> PseudoPixels {
    labels(ofProbabilities: withoutGradients { logits.detached().widened().softmax(1) }, weak, at: step)
  }

  /// The labels that probabilities [N, K, H, W] of weak views give them.
  func labels(ofProbabilities probabilities: Tensor, _ weak: ViewBatch, at step: Step) -> PseudoPixels {
    guard let validity = weak.validity else { preconditionFailure("expected the validity of pixels") }
    let pseudo = PseudoPixels(probabilities: probabilities, validity: validity)
    thresholds.observe(pseudo, probabilities: probabilities, at: step)
    return pseudo
  }

  /// How much each pixel counts, float32 [N, H, W].
  ///
  /// - Parameter weighting: What sureness does; nil for the rule.
  func weights(of pseudo: PseudoPixels, weighting: PixelWeighting? = nil) -> Tensor {
    (weighting ?? rules.weighting).weights(thresholds.sureness(of: pseudo), isValid: pseudo.isValid)
  }

  /// The loss of logits [N, K, H, W] against labels.
  func loss(_ logits: Tensor, _ pseudo: PseudoPixels, weighting: PixelWeighting? = nil) -> Tensor {
    loss.pseudo(
      logits, pseudo.labels, weights: weights(of: pseudo, weighting: weighting), over: rules.denominator,
      isBalanced: rules.isBalanced)
  }

  /// Notes what was learnt, reports figures, and says in words where that is nothing.
  ///
  /// - Parameters:
  ///   - said: The labels of the weak views.
  ///   - strong: What was learnt, as the network saw it.
  ///   - logits: What it said of that, [N, K, H, W].
  ///   - learnt: The labels it was to say.
  ///   - value: The loss.
  ///   - teacherEqualsStudent: Asked now and then.
  func look(
    _ said: PseudoPixels, _ weak: ViewBatch, strong: ViewBatch, logits: Tensor, learnt: PseudoPixels, value: Tensor,
    losses: inout Losses, teacherEqualsStudent: () -> Bool = { false }
  ) {
    withoutGradients {
      let sureness = thresholds.sureness(of: said)
      let (valid, shown) = (said.isValid.to(.float32), learnt.isValid.to(.float32))
      let count = valid.sum().clamped(min: 1)
      let kept = (sureness * valid).sum()
      losses.report("pseudo.kept", kept / count)
      losses.report("pseudo.confidence", (said.confidence * valid).sum() / count)
      let agrees = (logits.detached().argmax(1) .== learnt.labels).to(.float32)
      losses.report("pseudo.agreement", (agrees * shown).sum() / shown.sum().clamped(min: 1))
      if rules.policy.policy != .fixed { losses.report("pseudo.threshold", thresholds.shown) }
      taught = TaughtPixels(
        weak: weak, said: said.labels, sureness: sureness, strong: strong, learnt: learnt.labels,
        weights: weights(of: learnt))
      // Read together, so that a device is waited for once.
      let read = Tensor.onHost([kept, value.detached()])
      let lines = watch.look(
        images: weak.views.count, passed: Int(read[0].scalar.rounded(.up)),
        best: { (said.confidence * valid).max().scalar }, threshold: thresholds.shown.scalar,
        lossIsZero: rules.unlabeledWeight == 0 || read[1].scalar == 0,
        teacherEqualsStudent: teacherEqualsStudent)
      lines.forEach { losses.warn($0) }
    }
  }

  /// Thresholds, and what the watch has seen.
  var state: MethodState {
    MethodState(tensors: thresholds.state, values: JSONObject([("watch", watch.state)]))
  }

  /// Goes on from a saved state.
  func restore(_ state: MethodState, method: String) throws {
    watch = PseudoLabelWatch(state.values["watch"], of: .pixels)
    guard thresholds.restore(state.tensors) else {
      throw RunError.data("the state of method '\(method)' has no thresholds of these classes")
    }
  }
}
