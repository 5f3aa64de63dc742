// CPS, cross pseudo supervision: two networks that started apart learn what the other one says.
//
// The idea: two networks of one form, whose heads began with different weights, err differently; each takes the other's most probable
// class of every pixel for true, without a threshold. With CutMix they see mixed images, and labels mixed likewise.
//
// Source: Chen et al., CVPR 2021, sections 3 and 4, as released (github.com/charlesCXK/TorchSemiSeg): λ 1.5 without CutMix and 1 with it on
// Pascal VOC (6 and 5 on Cityscapes); without CutMix labelled images, too, are learnt from each other; three rectangles.
//
// Differences from the source:
// - Labelled and other images go through a network together. Partners of CutMix are never the same image.
// - Views are weak ones, as there; `strong_views` learns mixed strong ones.

import Documents
import Layers
import Randomness
import Reporting
import Samples
import Segmentation
import Torch
import Training

/// Trains two segmenters on labelled images and on each other.
public final class CrossPseudoSupervision: TrainingMethod, PixelLessonMethod {
  /// `cps`.
  public static let name = "cps"

  /// What is set.
  public let settings: Settings
  /// What is seen of the lessons of the first network.
  public let lessons: PixelLessons
  /// Both networks with their optimizers.
  public let trainedModels: [TrainedModel]
  private let networks: [SegmentationNetwork]
  private let loss: PixelLoss

  /// A method that trains `network` and a second one with the same encoder and another head.
  ///
  /// - Parameter seed: Decides the second network's head.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength, seed: UInt64
  ) {
    self.settings = settings
    self.loss = loss
    lessons = PixelLessons(
      .init(
        threshold: 0, isBalanced: settings.balancesPseudoLabels, unlabeledWeight: settings.unlabeledWeight), loss: loss,
      classCount: network.classCount,
      length: length)
    let peer = network.madePeer(seed: seed)
    networks = [network, peer]
    trainedModels = [
      optimizer.trained("student", network, for: length), optimizer.trained("peer", peer, for: length),
    ]
  }

  /// What the settings say.
  public var views: ViewRequest { settings.views }
  /// The first network, which is judged, and the second.
  public var predictors: [(name: String, predictor: any Predictor)] {
    [("student", networks[0]), ("peer", networks[1])]
  }

  /// Both networks' labelled losses, and what each learns of the other. L labelled, U unlabelled images, K classes.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let labeled = batch.labeledWeak[0]
    guard let labels = labeled.labels else { preconditionFailure("expected label maps of the labelled images") }
    let isMixed = settings.cutMix.probability > 0
    let learns = settings.unlabeledWeight > 0
    let weak = batch.unlabeledWeak[0]
    var shown = settings.strongViews ? batch.unlabeledStrong[0] : weak
    // What each network says of the unlabelled images as they are; without CutMix that comes from the pass that learns.
    var said: [PseudoPixels] = []
    var learnt: [PseudoPixels] = []
    if learns, isMixed || settings.strongViews {
      said = networks.enumerated().map { number, network in
        let logits = withoutGradients {
          network(weak.images, dropoutFrom: step.makeGenerator(10 + UInt64(number))).logits
        }
        return lessons.labels(of: logits, weak, at: step)
      }
      var generator = step.makeHostGenerator(2)
      let mix = CutMix(of: shown, settings.cutMix, using: &generator).mix(on: shown.images.device)
      learnt = said.map { $0.carried(from: weak, to: shown).mixed(by: mix) }
      shown = shown.showing(mix.mixed(shown.images))
    }
    let images = learns ? concatenate([labeled.images, shown.images]) : labeled.images
    let outputs = networks.enumerated().map { number, network in
      network(images, dropoutFrom: step.makeGenerator(20 + UInt64(number)))
    }
    var losses = Losses()
    let own = labeled.views.count
    for (number, output) in outputs.enumerated() {
      let terms = loss.terms(
        of: output.first(own), labels, auxiliaryWeight: networks[number].settings.auxiliaryWeight)
      losses.add(terms.map { (number == 0 ? $0.name : "peer_" + $0.name, $0.value, $0.weight) })
    }
    guard learns else { return losses }
    let logits: [Tensor]
    if said.isEmpty {
      // Labelled and unlabelled images alike, as they are.
      let all = ViewBatch(
        images: images, views: labeled.views + weak.views, validity: validity(labeled, weak))
      logits = outputs.map(\.logits)
      said = logits.map { lessons.labels(of: $0, all, at: step) }
      learnt = said
      shown = all
    } else {
      logits = outputs.map { $0.logits.sliced(axis: 0, from: own) }
    }
    let values = [lessons.loss(logits[0], learnt[1]), lessons.loss(logits[1], learnt[0])]
    losses.add("unlabeled_segmentation", values[0], weight: settings.unlabeledWeight)
    losses.add("peer_unlabeled_segmentation", values[1], weight: settings.unlabeledWeight)
    lessons.look(
      said[1], isMixed || settings.strongViews ? weak : shown, strong: shown, logits: logits[0], learnt: learnt[1],
      value: values[0], losses: &losses, teacherEqualsStudent: { self.areEqual })
    return losses
  }

  private func validity(_ labeled: ViewBatch, _ weak: ViewBatch) -> Tensor? {
    guard let first = labeled.validity, let second = weak.validity else { return nil }
    return concatenate([first, second])
  }

  /// Whether the two networks are one, and so learn nothing of each other.
  private var areEqual: Bool {
    zip(networks[0].namedParameters(), networks[1].namedParameters())
      .allSatisfy { $0.parameter.value.detached().isEqual(to: $1.parameter.value.detached()) }
  }

  /// What the watch has seen.
  public var state: MethodState { lessons.state }
  /// Goes on from a saved state.
  public func restore(_ state: MethodState) throws { try lessons.restore(state, method: Self.name) }
}

extension SegmentationNetwork {
  /// A network with the same encoder, whose head begins with other weights.
  func madePeer(seed: UInt64) -> SegmentationNetwork {
    // A stream of its own: the first network's head may come from the same seed.
    var keyed = SeededGenerator(seed: seed, keys: [0x70_6565_72])
    let peer = settings.make(classCount: classCount, using: Generator(seed: keyed.next()))
    peer.computeType = computeType
    if let device = stateEntries().first?.tensor.device { peer.move(to: device) }
    let places = Dictionary(peer.stateEntries().map { ($0.name, $0.tensor) }) { first, _ in first }
    withoutGradients {
      for entry in stateEntries() where entry.name.hasPrefix(backbonePrefix) {
        places[entry.name]?.detached().copyInPlace(from: entry.tensor)
      }
    }
    if isTraining { peer.train() }
    return peer
  }
}
