// How close a network's prediction of a probe comes to its labels, by which CTAugment learns how far strong views may go.
//
// Source: ReMixMatch (Berthelot et al., ICLR 2020), section 3.2: ω = 1 − ½ · Σ |p − one-hot label|, predicted as for evaluation. Its
// extension to pixels here: the mean over those that have a label. As Σ |p − one-hot| is 2 · (1 − p of the label), ω is the mean
// probability of the true classes.
//
// Difference from FixMatch's release: there the moving average of the weights predicts, here the network itself.

import Samples
import Segmentation
import Torch
import Training
import Views

/// How close predictions of probes come to their labels.
enum ProbeProximity {
  /// ω of each probe by the network's logits [P, K, H, W] and labels, int64 [P, H, W]: float32 [P], 0…1; no number where a probe has no
  /// labelled pixel. No gradient.
  static func proximities(_ logits: Tensor, labels: Tensor) -> Tensor {
    withoutGradients {
      let isLearnt: Tensor = labels .!= Int(View.ignoredLabel)
      let classes = labels.filled(0, where: !isLearnt).unsqueezed(1)
      let probability = logits.detached().widened().softmax(1).picked(classes, axis: 1).squeezed(1)
      let sums = probability.filled(0, where: !isLearnt).flattened(from: 1).sum(1)
      return sums / isLearnt.to(.float32).flattened(from: 1).sum(1)
    }
  }
}

extension Losses {
  /// Looks at the probes of a batch as for evaluation, and says how close the network comes to their labels; nothing without probes.
  mutating func add(proximitiesOf probes: ViewBatch?, by network: SegmentationNetwork, at step: Step) {
    guard let probes else { return }
    guard let labels = probes.labels else { preconditionFailure("probes: expected label maps") }
    let proximities = step.part("probes") {
      let wasTraining = network.isTraining
      network.evaluate()
      defer { if wasTraining { network.train() } }
      return ProbeProximity.proximities(withoutGradients { network(probes.images).logits }, labels: labels)
    }
    add(proximities: proximities)
    let isNumber = proximities.isFinite()
    report(
      "probe_proximity",
      proximities.filled(0, where: !isNumber).sum() / isNumber.to(.float32).sum().clamped(min: 1))
  }
}
