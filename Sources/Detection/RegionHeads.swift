import Layers
import Torch

/// Classifies proposals and refines their boxes (Girshick, Fast R-CNN; Ren et al., Faster R-CNN).
///
/// Letters: N images, R regions of all images, K classes with background as class 0.
///
/// Maps, logits, offsets and losses lie where the model does; regions, samples, targets and detections on the CPU, where
/// their bookkeeping is quicker done than a device is asked for it.
public final class RegionHeads: Module {
  let boxHead: TwoLayerHead
  let boxPredictor: BoxPredictor
  private let settings: RegionSettings
  private let pooler: RoIAlignPooler
  private let coder: BoxCoder
  private let matcher: Matcher
  private let rules: ConventionRules

  /// - Parameters:
  ///   - channels: Of the pyramid.
  ///   - strides: Of the pyramid's levels that regions are read from.
  ///   - classes: Including background.
  public init(
    channels: Int, strides: [Int], classes: Int, settings: RegionSettings,
    convention: DetectorConvention = .torchvision, using generator: Generator
  ) {
    let options = RoIAlignOptions(
      outputSize: settings.poolSize, samplingRatio: settings.samplingRatio, aligned: settings.alignedPooling)
    rules = convention.rules
    pooler = RoIAlignPooler(strides: strides, options: options, levelRule: rules.levelRule)
    coder = BoxCoder(weights: (10, 10, 5, 5), limitsShrinking: rules.limitsShrinking)
    boxHead = TwoLayerHead(
      inputs: channels * settings.poolSize * settings.poolSize, hidden: settings.hiddenSize, using: generator)
    boxPredictor = BoxPredictor(inputs: settings.hiddenSize, classes: classes, using: generator)
    self.settings = settings
    matcher = Matcher(high: settings.objectOverlap, low: settings.objectOverlap, keepsBest: false)
  }

  /// Logits [R, K] and offsets [R, K, 4] of regions given for each image as [Rn, 4] on the CPU.
  public func predict(_ features: [Tensor], boxes: [Tensor]) -> (logits: Tensor, offsets: Tensor) {
    boxPredictor(boxHead(pooler(Array(features.prefix(pooler.strides.count)), boxes: boxes)))
  }

  /// The regions of one image that enter the losses.
  public struct Sample {
    /// [S, 4] in pixels of the padded batch.
    public let boxes: Tensor
    /// int64 [S], 0 for background.
    public let labels: Tensor
    /// [S, 4], the matched true box; of no meaning for background.
    public let truth: Tensor
  }

  /// Chooses regions of one image: its true boxes join the proposals, so that there are objects from the first step on.
  /// No gradient flows.
  public func sample(_ proposals: Tensor, target: DetectionTarget, sampler: any RegionSampler) -> Sample {
    withoutGradients {
      let candidates = concatenate([proposals, target.boxes])
      let matches =
        rules.truthMatchesItself
        ? concatenate([matcher.matches(proposals, truth: target.boxes), .indices(target.boxes.size(0))])
        : matcher.matches(candidates, truth: target.boxes)
      let hasTruth = target.boxes.size(0) > 0
      let nearest = matches.clamped(min: 0)
      let labels =
        hasTruth
        ? select(matches .>= 0, target.labels.gathered(nearest), else: matches.multiplied(by: 0))
        : matches.multiplied(by: 0)
      let chosen = sampler.sample(
        labels, count: settings.sampleCount, positiveFraction: settings.positiveFraction)
      let indices = concatenate([chosen.positive, chosen.negative])
      let boxes = candidates.gathered(indices)
      return Sample(
        boxes: boxes, labels: labels.gathered(indices),
        truth: hasTruth ? target.boxes.gathered(nearest.gathered(indices)) : boxes)
    }
  }

  /// The entropy of each region's class, [R]: −log p of the true class, times (1 − p)^γ with the focal loss.
  ///
  /// Source: Lin et al., Focal Loss for Dense Object Detection (ICCV 2017), section 3.2, of the softmax over all classes and
  /// without class weights, as Unbiased Teacher (Liu et al., ICLR 2021) uses it in the box head.
  public func entropies(_ logits: Tensor, labels: Tensor) -> Tensor {
    let entropies = logits.crossEntropy(labels, reduction: .none)
    guard settings.focalGamma > 0 else { return entropies }
    return (1 - (entropies * -1).exp()).power(settings.focalGamma) * entropies
  }

  /// The losses of classes and of box offsets over sampled regions, each a scalar.
  ///
  /// Classes: the mean of their entropies. Offsets: smooth L1 of the true class's offsets summed over objects, over the number
  /// of samples.
  public func losses(
    _ features: [Tensor], proposals: [Tensor], targets: [DetectionTarget], sampler: any RegionSampler
  ) -> (classes: Tensor, boxes: Tensor) {
    let samples = zip(proposals, targets).map { sample($0, target: $1, sampler: sampler) }
    let (logits, offsets) = predict(features, boxes: samples.map(\.boxes))
    let labels = concatenate(samples.map(\.labels)).to(logits.device)
    let divisors = [Double](repeating: Double(labels.count), count: samples.count)
    let classes = settings.focalGamma > 0 ? entropies(logits, labels: labels).mean() : logits.crossEntropy(labels)
    return (classes, boxLoss(offsets, of: samples, divisors: divisors))
  }

  /// The loss of box offsets alone, a scalar: smooth L1 of the true class's offsets summed over the objects of each image,
  /// over the image's divisor.
  ///
  /// Background regions add nothing but their number, so they are not predicted.
  ///
  /// - Parameter divisors: One for each image, such as the number of all samples; above 0.
  public func boxLoss(_ features: [Tensor], samples: [Sample], divisors: [Double]) -> Tensor {
    let objects = samples.map { sample in
      let indices = (sample.labels .> 0).trueIndices()
      return Sample(
        boxes: sample.boxes.gathered(indices), labels: sample.labels.gathered(indices),
        truth: sample.truth.gathered(indices))
    }
    let (_, offsets) = predict(features, boxes: objects.map(\.boxes))
    return boxLoss(offsets, of: objects, divisors: divisors)
  }

  private func boxLoss(_ offsets: Tensor, of samples: [Sample], divisors: [Double]) -> Tensor {
    let labels = concatenate(samples.map(\.labels))
    let objects = (labels .> 0).trueIndices()
    guard objects.count > 0 else { return offsets.sum() * 0 }
    let boxes = concatenate(samples.map(\.boxes)).gathered(objects)
    let truth = concatenate(samples.map(\.truth)).gathered(objects)
    let wanted = coder.encoded(truth, from: boxes).to(offsets.device)
    let predicted = offsets.elements(
      atRows: objects.to(offsets.device), columns: labels.gathered(objects).to(offsets.device))
    if let divisor = divisors.first, divisors.allSatisfy({ $0 == divisor }) {
      return predicted.smoothL1(wanted, beta: settings.smoothL1Beta, reduction: .sum) / divisor
    }
    let own = concatenate(zip(samples, divisors).map { Tensor.full([$0.labels.count], $1) }).gathered(objects)
    let losses = predicted.smoothL1(wanted, beta: settings.smoothL1Beta, reduction: .none).sum(1)
    return (losses / own.to(offsets.device)).sum()
  }

  /// The probability of each class, background first, for regions given for each image as [Rn, 4]: [R, K].
  public func classProbabilities(_ features: [Tensor], boxes: [Tensor]) -> Tensor {
    predict(features, boxes: boxes).logits.softmax(1)
  }

  /// Regions refined for classes that are given: boxes [R, 4] clipped to their images. Waits once for the device.
  ///
  /// - Parameters:
  ///   - boxes: Regions of each image, [Rn, 4].
  ///   - labels: The class of each, int64 [Rn] from 1.
  public func refined(_ features: [Tensor], boxes: [Tensor], labels: [Tensor], images: ImageBatch) -> [Tensor] {
    let all = concatenate(labels).to(features[0].device)
    let (_, offsets) = predict(features, boxes: boxes)
    let rows = Tensor.indices(all.count, device: all.device)
    let own = offsets.elements(atRows: rows, columns: all).to(.cpu)
    let decoded = coder.decoded(own.unsqueezed(1), from: concatenate(boxes)).squeezed(1)
    return zip(decoded.split(boxes.map { $0.size(0) }), images.sizes).map { boxes, size in
      BoxTensors.clipped(boxes, height: size.height, width: size.width)
    }
  }

  /// The detections of each image, in pixels of the padded batch. No gradient flows. Waits twice for the device: for the
  /// number of candidates, and for them.
  ///
  /// - Parameter keepsProbabilities: Whether the probabilities of all classes come with them.
  public func detections(
    _ features: [Tensor], proposals: [Tensor], images: ImageBatch, keepsProbabilities: Bool = false
  ) -> [Detections] {
    withoutGradients {
      let (logits, offsets) = predict(features, boxes: proposals)
      let scores = logits.softmax(1)
      // Background is no detection.
      let places = (scores.sliced(axis: 1, from: 1) .> settings.scoreThreshold).nonzero()  // [D, (region, class − 1)]
      let rows = places.selected(0, axis: 1)
      let columns = places.selected(1, axis: 1).adding(1)
      let found = Tensor.onHost(
        [
          rows, columns, scores.elements(atRows: rows, columns: columns),
          offsets.elements(atRows: rows, columns: columns),
        ] + (keepsProbabilities ? [scores.gathered(rows)] : []))
      let (regions, labels) = (found[0], found[1])
      let boxes = coder.decoded(found[3].unsqueezed(1), from: concatenate(proposals).gathered(regions)).squeezed(1)
      let candidates = Detections(
        boxes: boxes, scores: found[2], labels: labels, probabilities: keepsProbabilities ? found[4] : nil)
      var first = 0
      return zip(proposals, images.sizes).map { proposals, size in
        let end = first + proposals.size(0)
        let mine = ((regions .>= Double(first)) .& (regions .< Double(end))).trueIndices()
        first = end
        return detections(among: candidates.gathered(mine), height: size.height, width: size.width)
      }
    }
  }

  /// The detections among the candidates of one image, which are decoded boxes with a score above the threshold.
  func detections(among candidates: Detections, height: Int, width: Int) -> Detections {
    let clipped = BoxTensors.clipped(candidates.boxes, height: height, width: width)
    let all = Detections(
      boxes: clipped, scores: candidates.scores, labels: candidates.labels, probabilities: candidates.probabilities)
    let found =
      settings.minimumSize == 0
      ? all : all.gathered(BoxTensors.areAtLeast(settings.minimumSize, clipped).trueIndices())
    let kept = nonMaximumSuppression(
      found.boxes, scores: found.scores, groups: found.labels, threshold: settings.suppressionOverlap)
    return found.gathered(kept.sliced(axis: 0, to: settings.detectionLimit))
  }
}
