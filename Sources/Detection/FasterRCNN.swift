import Backbone
import Layers
import Torch

/// Faster R-CNN with a feature pyramid (Ren et al. 2015; Lin et al. 2017).
///
/// Parameter names are those of torchvision's `fasterrcnn_resnet50_fpn`, whose state dicts load unchanged, also in
/// mmdetection's convention, in which mmdetection's load renamed (`MMDetectionWeights.swift`). The parts of a
/// step are methods of their own, so that a semi-supervised method can compute a teacher's features once and use them
/// for several sets of boxes.
public final class FasterRCNN: Module, HeadedNetwork {
  /// The network up to the pyramid.
  public let backbone: PyramidBackbone
  /// Proposes regions.
  public let rpn: RegionProposalNetwork
  /// Classifies and refines regions.
  public let roiHeads: RegionHeads
  /// The sizes and thresholds this was made with.
  public let settings: FasterRCNNSettings
  /// Classes without background.
  public let classCount: Int
  /// What the network computes in while it trains; nil for the type of the pixels. With 16 bits, weights, losses, boxes
  /// and scores are float32 still.
  public var computeType: ElementType?

  /// A detector with random heads.
  ///
  /// - Parameter classCount: Without background.
  public init(_ settings: FasterRCNNSettings, classCount: Int, using generator: Generator) {
    self.settings = settings
    self.classCount = classCount
    backbone = settings.backbone.makePyramid(using: generator)
    let anchors = AnchorGenerator(
      sizes: settings.anchorSizes.map { [$0] }, aspectRatios: settings.anchorRatios,
      strides: settings.convention.rules.roundsAnchors ? nil : backbone.strides)
    rpn = RegionProposalNetwork(
      channels: backbone.fpn.width, anchors: anchors, settings: settings.proposals, convention: settings.convention,
      using: generator)
    roiHeads = RegionHeads(
      channels: backbone.fpn.width, strides: backbone.body.strides, classes: classCount + 1, settings: settings.regions,
      convention: settings.convention, using: generator)
  }

  /// The pyramid's maps of a batch, of the compute type; the last one, made by pooling, serves proposals only.
  public func features(_ images: ImageBatch) -> [Tensor] {
    backbone(images.converted(to: computeType).pixels)
  }

  /// The four losses of a labelled batch.
  public func losses(
    _ images: ImageBatch, targets: [DetectionTarget], sampler: any RegionSampler
  ) -> DetectorLosses {
    let features = self.features(images)
    let prediction = rpn.predict(features, images: images)
    let proposals = rpn.proposals(prediction, images: images, limits: settings.proposals.training)
    let proposalLosses = rpn.losses(features, prediction: prediction, truth: targets.map(\.boxes), sampler: sampler)
    let regionLosses = roiHeads.losses(features, proposals: proposals, targets: targets, sampler: sampler)
    return DetectorLosses(
      classes: regionLosses.classes, boxes: regionLosses.boxes, objectness: proposalLosses.objectness,
      proposalBoxes: proposalLosses.boxes)
  }

  /// What is found in each image, in pixels of the padded batch: in the type of the pixels, whatever the training's
  /// compute type is, so that saved weights find the same. No gradient flows.
  ///
  /// - Precondition: The model is in evaluation mode where it has trained batch norms.
  public func detect(_ images: ImageBatch) -> [Detections] {
    withoutGradients { detections(backbone(images.pixels), images: images, limits: settings.proposals.evaluation) }
  }

  /// What is found by features that are there already, in pixels of the padded batch. No gradient flows.
  ///
  /// - Parameter keepsProbabilities: Whether the probabilities of all classes come with what is found.
  public func detections(
    _ features: [Tensor], images: ImageBatch, limits: ProposalLimits, keepsProbabilities: Bool = false
  ) -> [Detections] {
    withoutGradients {
      let proposals = rpn.proposals(rpn.predict(features, images: images), images: images, limits: limits)
      return roiHeads.detections(
        features, proposals: proposals, images: images, keepsProbabilities: keepsProbabilities)
    }
  }

  /// The pyramid is new like the heads, so it counts as one.
  public var backbonePrefix: String { "backbone.body." }

  /// Older spellings of torchvision's names, as in files saved before version 0.14.
  public static let olderNames = RenameTable([
    ("backbone.fpn.inner_blocks.*.weight", "backbone.fpn.inner_blocks.*.0.weight"),
    ("backbone.fpn.inner_blocks.*.bias", "backbone.fpn.inner_blocks.*.0.bias"),
    ("backbone.fpn.layer_blocks.*.weight", "backbone.fpn.layer_blocks.*.0.weight"),
    ("backbone.fpn.layer_blocks.*.bias", "backbone.fpn.layer_blocks.*.0.bias"),
    ("rpn.head.conv.weight", "rpn.head.conv.0.0.weight"),
    ("rpn.head.conv.bias", "rpn.head.conv.0.0.bias"),
  ])
}
