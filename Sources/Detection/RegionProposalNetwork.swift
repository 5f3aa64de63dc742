import Layers
import Torch

/// Proposes regions that may hold an object (Ren et al., Faster R-CNN, section 3.1).
public final class RegionProposalNetwork: Module {
  let head: RegionProposalHead
  private let settings: ProposalSettings
  private let anchorGenerator: AnchorGenerator
  private let coder: BoxCoder
  private let matcher: Matcher
  private let rules: ConventionRules

  /// The proposal network over a pyramid.
  public init(
    channels: Int, anchors: AnchorGenerator, settings: ProposalSettings, convention: DetectorConvention = .torchvision,
    using generator: Generator
  ) {
    let counts = Set(anchors.countsPerPosition)
    precondition(counts.count == 1, "every level has the same number of anchors, got \(anchors.countsPerPosition)")
    head = RegionProposalHead(channels: channels, anchors: counts.first ?? 0, using: generator)
    anchorGenerator = anchors
    self.settings = settings
    rules = convention.rules
    coder = BoxCoder(weights: (1, 1, 1, 1), limitsShrinking: rules.limitsShrinking)
    matcher = Matcher(
      high: settings.objectOverlap, low: settings.backgroundOverlap, keepsBest: true,
      nearestTakenFrom: rules.nearestTakenFrom)
  }

  /// What the network says about every anchor of a batch.
  public struct Prediction {
    /// Logits [N, Al] and offsets [N, Al, 4] of each level.
    let levels: [(logits: Tensor, offsets: Tensor)]
    /// The anchors of all levels, [A, 4], and of each, [Al, 4], on the CPU.
    let anchors: (all: Tensor, levels: [Tensor])
    /// Height and width of each level.
    let mapSizes: [(height: Int, width: Int)]
    /// Of the images without padding.
    let imageSizes: [(height: Int, width: Int)]
  }

  /// Predicts for every anchor. No gradient flows: ``losses(_:prediction:truth:sampler:)`` predicts anew what it samples.
  ///
  /// - Parameters:
  ///   - features: The pyramid's maps.
  ///   - images: The batch they were computed from.
  public func predict(_ features: [Tensor], images: ImageBatch) -> Prediction {
    withoutGradients {
      let levels = head(features)
      let mapSizes = features.map { (height: $0.size(2), width: $0.size(3)) }
      let anchors = anchorGenerator.anchors(
        mapSizes: mapSizes, height: images.height, width: images.width, type: levels[0].offsets.elementType)
      return Prediction(levels: levels, anchors: anchors, mapSizes: mapSizes, imageSizes: images.sizes)
    }
  }

  /// The proposals of each image, [P, 4] in pixels of the padded batch, on the CPU, by falling score. No gradient flows.
  ///
  /// Of each level the best `perLevel` anchors are decoded, clipped to the image, thinned by NMS within the level, and the
  /// best `count` of all levels kept. Waits once for the device, which chooses the best anchors; the rest is done on the CPU.
  public func proposals(_ prediction: Prediction, images: ImageBatch, limits: ProposalLimits) -> [Tensor] {
    withoutGradients {
      let best = prediction.levels.map { level -> [Tensor] in
        let count = min(limits.perLevel, level.logits.size(1))
        let (logits, indices) = level.logits.topK(count, axis: 1)
        let wide = indices.unsqueezed(2).expanded([indices.size(0), count, 4])
        return [logits, indices, level.offsets.picked(wide, axis: 1)]
      }
      let chosen = Tensor.onHost(best.flatMap { $0 })
      var scores: [Tensor] = []  // [N, k] a level
      var boxes: [Tensor] = []  // [N, k, 4]
      var levels: [Tensor] = []  // [k]
      for (level, anchors) in prediction.anchors.levels.enumerated() {
        let (logits, indices, offsets) = (chosen[3 * level], chosen[3 * level + 1], chosen[3 * level + 2])
        let (imageCount, count) = (logits.size(0), logits.size(1))
        scores.append(logits.sigmoid())
        boxes.append(
          coder.decoded(offsets.reshaped(-1, 1, 4), from: anchors.gathered(indices.flattened()))
            .reshaped(imageCount, count, 4))
        levels.append(.full([count], Double(level), .int64))
      }
      let allScores = concatenate(scores, axis: 1)
      let allBoxes = concatenate(boxes, axis: 1)
      let allLevels = concatenate(levels)
      return images.sizes.enumerated().map { image, size in
        var boxes = BoxTensors.clipped(allBoxes[image], height: size.height, width: size.width)
        // What is not a number is no proposal; the losses are not finite then, and the step is skipped for them.
        let scores = allScores[image]
        let usable = (BoxTensors.areAtLeast(settings.minimumSize, boxes) .& scores.isFinite()).trueIndices()
        boxes = boxes.gathered(usable)
        let kept = nonMaximumSuppression(
          boxes, scores: scores.gathered(usable), groups: allLevels.gathered(usable),
          threshold: settings.suppressionOverlap)
        return boxes.gathered(kept.sliced(axis: 0, to: limits.count))
      }
    }
  }

  /// The losses of objectness and of box offsets over sampled anchors, each a scalar.
  ///
  /// Objectness: the mean binary cross-entropy. Offsets: smooth L1 summed over the positives, over the number of samples. In
  /// mmdetection's convention an image without positives counts one sample more in both.
  ///
  /// - Parameters:
  ///   - features: The maps that `prediction` was made from; the gradient flows to them.
  ///   - truth: The true boxes of each image, [G, 4], on the CPU; an image without any is all background.
  public func losses(
    _ features: [Tensor], prediction: Prediction, truth: [Tensor], sampler: any RegionSampler
  ) -> (objectness: Tensor, boxes: Tensor) {
    let anchors = prediction.anchors.all
    var positive: [Tensor] = []
    var negative: [Tensor] = []
    var targets: [Tensor] = []
    for (image, boxes) in truth.enumerated() {
      let matches = withoutGradients { self.matches(anchors, truth: boxes, image: image, of: prediction) }
      let chosen = sampler.sample(
        matches.adding(1), count: settings.sampleCount, positiveFraction: settings.positiveFraction)
      positive.append(chosen.positive)
      negative.append(chosen.negative)
      guard chosen.positive.count > 0 else { continue }
      targets.append(
        coder.encoded(
          boxes.gathered(matches.gathered(chosen.positive)), from: anchors.gathered(chosen.positive)))
    }
    let images = (Array(positive.enumerated()) + Array(negative.enumerated())).map { image, chosen in
      Tensor.full([chosen.count], Double(image), .int64)
    }
    let (logits, offsets) = head(features, anchors: concatenate(positive + negative), images: concatenate(images))
    let count = positive.reduce(0) { $0 + $1.count }
    let labels = (Tensor.indices(logits.count, device: logits.device) .< Double(count)).to(logits.elementType)
    let counted =
      rules.countsAtLeastOne
      ? zip(positive, negative).reduce(0) { $0 + max(1, $1.0.count) + max(1, $1.1.count) } : labels.count
    var objectness = logits.binaryCrossEntropy(labels)
    if counted != labels.count { objectness = objectness * (Double(labels.count) / Double(counted)) }
    guard !targets.isEmpty else { return (objectness, offsets.sum() * 0) }
    let boxLoss = offsets.sliced(axis: 0, to: count).smoothL1(
      concatenate(targets).to(offsets.device), beta: settings.smoothL1Beta, reduction: .sum)
    return (objectness, boxLoss / Double(counted))
  }

  /// What each anchor stands for in one image of a batch; see ``Matcher/matches(_:truth:)``.
  func matches(_ anchors: Tensor, truth: Tensor, image: Int, of prediction: Prediction) -> Tensor {
    guard rules.ignoresForeignPadding else { return matcher.matches(anchors, truth: truth) }
    /// A side as mmdetection pads an image before it joins a batch.
    func padded(_ side: Int) -> Int { (side + 31) / 32 * 32 }
    let size = prediction.imageSizes[image]
    // The anchors nearest to a true box are looked for among the image's own, too.
    let own = anchorGenerator.areWithin(
      mapSizes: prediction.mapSizes, height: padded(size.height), width: padded(size.width)
    ).trueIndices()
    let result = Tensor.full([anchors.size(0)], Double(Matcher.ignored), .int64)
    result.putInPlace(matcher.matches(anchors.gathered(own), truth: truth), at: own)
    return result
  }
}
