// UniMatch: FixMatch with two strong views of each image, and with features of the weak view of which half of the channels are dropped.
//
// The idea: what the network is sure of in a weak view is learnt in two strong views at once, and in the weak view itself where the decoder
// sees but half of the encoder's channels.
//
// Source: UniMatch (Yang et al., CVPR 2023), section 3, as released (github.com/LiheYoung/UniMatch, `unimatch.py`): loss
// (L_x + ¼ L_s1 + ¼ L_s2 + ½ L_fp) / 2; channels are dropped with probability 0.5; threshold 0.95; labels come from the network in
// training mode; labelled and weak views go through it together, and the two strong views together.
//
// Differences from the source:
// - The labelled loss has weight 1 and all unlabelled terms together `unlabeled_weight`: ¼, ¼ and ½ of it; there all are halved.
// - Partners of CutMix are other images; the two strong views may have a cutout, which is not learnt.

import Layers
import Reporting
import Samples
import Segmentation
import Torch
import Training
import Views

/// Trains a segmenter on labelled images, and on what it is sure of in unlabelled ones, in two strong views and in perturbed features.
public final class UniMatch: SelfTaughtMethod {
  /// What of the method can be set.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = UniMatch.name
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// All losses of unlabelled images beside that of labelled ones.
    public var unlabeledWeight = 1.0
    /// The share of the perturbed features in them; the two strong views have the rest.
    public var featureShare = 0.5
    /// How likely a channel of the perturbed features is dropped.
    public var channelDropout = 0.5
    /// Probability from which a pixel is learnt (released: 0.95; for Cityscapes 0).
    public var threshold = 0.95
    /// Whether the threshold stays, or follows what pixels are like.
    public var thresholdPolicy = PixelThresholdSettings()
    /// What the sum over sure pixels is divided by: all that show their image, or the sure ones.
    public var denominator = PixelLosses.Denominator.valid
    /// Whether a pixel with a pseudo-label counts by its class, too, as `loss.balance` has labelled ones do: rare classes are learnt more,
    /// and so is what is taken for one of them by mistake.
    public var balancesPseudoLabels = false
    /// Rectangles of other images.
    public var cutMix = CutMixSettings()
    /// Images seen over which an average of the weights remembers them; it is judged then. 0 for none.
    public var memoryImages = 0

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      unlabeledRules + [
        SettingsRule("name", name == UniMatch.name, "'\(UniMatch.name)'"),
        SettingsRule("feature_share", (0...1).contains(featureShare), "between 0 and 1"),
        SettingsRule("channel_dropout", (0..<1).contains(channelDropout), "in 0..<1"),
        SettingsRule("threshold", (0...1).contains(threshold), "between 0 and 1"),
        SettingsRule("memory_images", memoryImages >= 0, "0 or more"),
      ]
    }
  }

  /// `unimatch`.
  public static let name = "unimatch"

  /// The network and its average.
  public let student: TrainedStudent<SegmentationNetwork>
  /// What is set.
  public let settings: Settings
  /// Which pixels are learnt.
  public let lessons: PixelLessons
  private let loss: PixelLoss

  /// A method that trains `network`.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength
  ) {
    self.settings = settings
    self.loss = loss
    lessons = PixelLessons(
      .init(
        threshold: settings.threshold, policy: settings.thresholdPolicy, denominator: settings.denominator,
        isBalanced: settings.balancesPseudoLabels, unlabeledWeight: settings.unlabeledWeight), loss: loss,
      classCount: network.classCount, length: length)
    student = TrainedStudent(network, memoryImages: settings.memoryImages, optimizer: optimizer, length: length)
  }

  /// The labelled images' loss, and those of the strong views and of the perturbed features. L labelled, U unlabelled images.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let (labeled, network) = (batch.labeledWeak[0], student.model)
    var losses = Losses()
    guard settings.unlabeledWeight > 0 else {
      losses.add(JointPass(network, labeled, [], at: step).terms(loss, labeled, of: network))
      return losses
    }
    let weak = batch.unlabeledWeak[0]
    let (own, count) = (labeled.views.count, weak.views.count)
    let (height, width) = (weak.images.size(2), weak.images.size(3))
    let generator = step.makeGenerator()
    let features = network.withDropout(from: generator) {
      network.features(concatenate([labeled.images, weak.images]))  // of L + U images
    }
    let perturbed = FeatureDropout.dropped(
      features.map { $0.sliced(axis: 0, from: own) }, rate: settings.channelDropout, using: step.makeGenerator(5))
    let output = network.output(
      zip(features, perturbed).map { concatenate([$0, $1]) }, height: height, width: width,
      dropoutFrom: generator)  // L + 2 U
    guard let labels = labeled.labels else { preconditionFailure("expected label maps of the labelled images") }
    losses.add(
      loss.terms(of: output.first(own), labels, auxiliaryWeight: network.settings.auxiliaryWeight))
    let said = lessons.labels(of: output.logits.sliced(axis: 0, from: own, to: own + count), weak, at: step)
    losses.add(
      "unlabeled_features_segmentation", lessons.loss(output.logits.sliced(axis: 0, from: own + count), said),
      weight: settings.unlabeledWeight * settings.featureShare)

    let views = batch.unlabeledStrong.enumerated().map { number, strong in
      MixedView(said, from: weak, to: strong, number: number, settings.cutMix, at: step)
    }
    let logits = network(concatenate(views.map(\.view.images)), dropoutFrom: step.makeGenerator(6)).logits
    let value = MixedView.meanLoss(views, logits, by: lessons)
    losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight * (1 - settings.featureShare))
    lessons.look(
      said, weak, strong: views[0].view, logits: logits.sliced(axis: 0, to: count), learnt: views[0].learnt,
      value: value, losses: &losses)
    return losses
  }
}

extension UniMatch.Settings: UnlabeledPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "UniMatch (Yang et al. 2023): FixMatch with two strong views, and with half of the weak view's channels dropped."
  }

  /// A weak view of each labelled image, a weak and two strong views of each unlabelled one.
  public var views: ViewRequest {
    ViewRequest(
      labeled: .init(images: labeledImages, weak: 1), unlabeled: .init(images: unlabeledImages, weak: 1, strong: 2))
  }

  /// By CutMix.
  public var mixesImages: Bool { cutMix.probability > 0 }

  /// Pseudo-labels go with views that are moved.
  public var viewPolicies: Set<ViewPolicy> { [.sda, .randaugment] }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    [
      "learns: a weak view of each labelled image; of each unlabelled one what the network says of its weak view, in two strong views and in the "
        + "weak view without \(NumberText.short(100 * channelDropout)) % of the channels, \(NumberText.short(1 - featureShare)) to "
        + "\(NumberText.short(featureShare)), times \(NumberText.short(unlabeledWeight))",
      "pseudo-labels: " + thresholdPolicy.plan(threshold: threshold, for: length)
        + "; the loss is the sum over them by "
        + denominator.plan, cutMix.plan,
    ] + AverageMemory.judgedPlan(memoryImages: memoryImages, for: length)
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    UniMatch(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
