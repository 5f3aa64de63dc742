import Testing

@testable import Detection
@testable import Layers
@testable import Torch

/// float32 sums in another order.
private let otherAlgorithm = 1e-5

@Suite struct RegionHeadsTests {
  private let heads: RegionHeads
  private let features: [Tensor]
  private let images: ImageBatch

  init() {
    var settings = RegionSettings()
    settings.hiddenSize = 16
    settings.sampleCount = 8
    heads = RegionHeads(channels: 4, strides: [4, 8], classes: 4, settings: settings, using: Generator(seed: 1))
    let generator = Generator(seed: 2)
    features = [Tensor.normal([2, 4, 16, 16], using: generator), Tensor.normal([2, 4, 8, 8], using: generator)]
    images = ImageBatch(pixels: .zeros([2, 3, 64, 64]), sizes: [(60, 64), (64, 50)])
  }

  private func boxes(_ count: Int) -> Tensor { tensor(randomBoxes(count, seed: 5)).to(.float32) }

  @Test("a thin box whose sides were exchanged by jittering is read from the finest level")
  func exchangedSides() {
    let options = RoIAlignOptions(outputSize: 7, samplingRatio: 2, aligned: false)
    let pooler = RoIAlignPooler(strides: [4, 8, 16, 32], options: options)
    let boxes = Tensor([10, 10, 9.5, 40, 10, 40, 30, 39, 0, 0, 224, 224] as [Float], shape: [3, 4])
    #expect(pooler.levels(of: boxes).integers == [0, 0, 2])
  }

  @Test(
    "losses are finite and reach every weight, whatever is missing",
    arguments: [(5, 2), (0, 2), (5, 0), (0, 1)])
  func missing(proposals: Int, truth: Int) {
    heads.namedParameters().forEach { $0.parameter.value.gradient = nil }
    let target = DetectionTarget(boxes: boxes(truth), labels: Tensor((0..<truth).map { $0 % 3 + 1 }))
    let losses = heads.losses(
      features, proposals: [boxes(proposals), boxes(5)], targets: [target, target],
      sampler: BalancedSampler(generator: Generator(seed: 3)))
    #expect(losses.classes.scalar.isFinite && losses.classes.scalar > 0)
    #expect(losses.boxes.scalar.isFinite && (truth > 0 ? losses.boxes.scalar > 0 : losses.boxes.scalar == 0))
    (losses.classes + losses.boxes).backward()
    for named in heads.namedParameters() {
      #expect(named.parameter.value.gradient?.isFinite().isAllTrue == true, "\(named.name)")
    }
  }

  @Test("images without proposals have no detections, beside one that has some")
  func noProposals() {
    let found = heads.detections(features, proposals: [boxes(0), boxes(6)], images: images)
    #expect(found.count == 2 && found[0].count == 0 && found[0].boxes.shape == [0, 4])
    #expect(heads.detections(features, proposals: [boxes(0), boxes(0)], images: images).allSatisfy { $0.count == 0 })
  }

  @Test("nothing above the threshold gives no detections")
  func nothingAbove() {
    var settings = RegionSettings()
    settings.hiddenSize = 16
    settings.scoreThreshold = 0.99
    let strict = RegionHeads(channels: 4, strides: [4, 8], classes: 4, settings: settings, using: Generator(seed: 1))
    let found = strict.detections(features, proposals: [boxes(5), boxes(6)], images: images)
    #expect(found.map(\.count) == [0, 0])
  }

  @Test("a region is detected as each class above the threshold, with the box of that class, background left out")
  func candidates() {
    let proposals = [boxes(3), boxes(2)]
    let (logits, offsets) = heads.predict(features, boxes: proposals)
    let scores = logits.softmax(1).doubles
    let coder = BoxCoder(weights: (10, 10, 5, 5))
    let decoded = coder.decoded(offsets, from: concatenate(proposals))
    let found = heads.detections(features, proposals: proposals, images: images)
    for (image, regions) in [0..<3, 3..<5].enumerated() {
      let expected = regions.flatMap { region in
        (1..<4).compactMap { label -> (Double, Tensor, Int)? in
          let score = scores[4 * region + label]
          return score > RegionSettings().scoreThreshold ? (score, decoded[region][label], label) : nil
        }
      }
      let boxes = stack(expected.map(\.1))
      let all = Detections(
        boxes: boxes, scores: Tensor(expected.map { Float($0.0) }), labels: Tensor(expected.map(\.2)))
      let size = images.sizes[image]
      let kept = heads.detections(among: all, height: size.height, width: size.width)
      #expect(found[image].labels.integers == kept.labels.integers)
      #expect(zip(found[image].boxes.doubles, kept.boxes.doubles).allSatisfy { abs($0 - $1) < otherAlgorithm })
      #expect(found[image].count > 0)
    }
  }

  @Test("suppression is within a class; boxes are clipped, ordered by score, and too small ones fall")
  func suppression() {
    let place: [Double] = [10, 10, 30, 30]
    let near: [Double] = [11, 10, 31, 30]
    let off: [Double] = [70, 70, 90, 90]  // outside of 60×60: nothing is left of it
    let over: [Double] = [-5, 40, 200, 59]
    let candidates = Detections(
      boxes: tensor([place, place, near, off, over]), scores: Tensor([0.6, 0.8, 0.7, 0.9, 0.5]),
      labels: Tensor([1, 2, 1, 1, 3]))
    let found = heads.detections(among: candidates, height: 60, width: 60)
    // Class 2 and class 1 both stay at one place; of class 1 the lower of two at one place falls.
    #expect(found.labels.integers == [2, 1, 3])
    #expect(zip(found.scores.doubles, [0.8, 0.7, 0.5]).allSatisfy { abs($0 - $1) < otherAlgorithm })
    #expect(found.boxes.doubles == place + near + [0, 40, 60, 59])
  }
}

@Suite struct RegionProposalNetworkTests {
  private let network = RegionProposalNetwork(
    channels: 4, anchors: AnchorGenerator(sizes: [[8], [16]], aspectRatios: [0.5, 1, 2]), settings: ProposalSettings(),
    using: Generator(seed: 1))
  private let images = ImageBatch(pixels: .zeros([2, 3, 64, 64]), sizes: [(64, 64), (40, 30)])
  private let features: [Tensor]

  init() {
    let generator = Generator(seed: 2)
    features = [Tensor.normal([2, 4, 16, 16], using: generator), Tensor.normal([2, 4, 8, 8], using: generator)]
  }

  @Test("no more proposals than the limits allow, all inside their image", arguments: [(3, 100), (1000, 5), (1, 1)])
  func limits(perLevel: Int, count: Int) {
    let proposals = network.proposals(
      network.predict(features, images: images), images: images, limits: .init(perLevel: perLevel, count: count))
    for (boxes, size) in zip(proposals, images.sizes) {
      // A single anchor a level may lie in the padding, where nothing of it is left.
      #expect(boxes.size(0) >= (perLevel > 1 ? 1 : 0) && boxes.size(0) <= min(2 * perLevel, count))
      let corners = boxes.doubles
      for index in 0..<boxes.size(0) {
        let box = Array(corners[4 * index..<4 * index + 4])
        #expect(box[0] >= 0 && box[1] >= 0 && box[2] <= Double(size.width) && box[3] <= Double(size.height))
        #expect(box[2] > box[0] && box[3] > box[1])
      }
    }
  }

  @Test("at chosen anchors the head says what it says everywhere, and gradients are the same")
  func chosenAnchors() {
    let (anchors, images): ([Int64], [Int64]) = ([767, 0, 959, 768, 5, 0, 400], [0, 1, 1, 0, 0, 1, 1])
    let slope = Tensor.normal([anchors.count, 5], .float64, using: Generator(seed: 4))
    func run(_ predict: ([Tensor]) -> Tensor) -> [Tensor] {
      network.namedParameters().forEach { $0.parameter.value.gradient = nil }
      let leaves = features.map { feature in
        let leaf = feature.to(.float64).detached()
        leaf.requiresGradient = true
        return leaf
      }
      let values = predict(leaves)  // [S, 5]
      (values * slope).sum().backward()
      let gradients = (leaves + network.namedParameters().map(\.parameter.value)).compactMap(\.gradient)
      #expect(gradients.count == 8)
      return [values.detached()] + gradients
    }
    let (rows, columns) = (Tensor(images, shape: [images.count]), Tensor(anchors, shape: [anchors.count]))
    let chosen = run { features in
      let (logits, offsets) = network.head(features, anchors: columns, images: rows)
      return concatenate([logits.unsqueezed(1), offsets], axis: 1)
    }
    let all = run { features in
      let levels = network.head(features)
      let logits = concatenate(levels.map(\.logits), axis: 1).elements(atRows: rows, columns: columns)
      let offsets = concatenate(levels.map(\.offsets), axis: 1).elements(atRows: rows, columns: columns)
      return concatenate([logits.unsqueezed(1), offsets], axis: 1)
    }
    for (one, other) in zip(chosen, all) {
      // Parameters' gradients are rounded to float32.
      let scale = max(1, other.abs().max().scalar)
      #expect((one.to(.float64) - other.to(.float64)).abs().max().scalar <= 1e-6 * scale)
    }
  }

  @Test("losses are finite without any true box, and gradients reach every weight", arguments: [0, 2])
  func noTruth(count: Int) {
    network.namedParameters().forEach { $0.parameter.value.gradient = nil }
    let truth = tensor(randomBoxes(count, seed: 3)).to(.float32)
    let losses = network.losses(
      features, prediction: network.predict(features, images: images), truth: [truth, tensor([]).to(.float32)],
      sampler: BalancedSampler(generator: Generator(seed: 3)))
    #expect(losses.objectness.scalar.isFinite && losses.objectness.scalar > 0)
    #expect(losses.boxes.scalar.isFinite && (count > 0 || losses.boxes.scalar == 0))
    (losses.objectness + losses.boxes).backward()
    for named in network.namedParameters() {
      #expect(named.parameter.value.gradient?.isFinite().isAllTrue == true, "\(named.name)")
    }
  }
}

@Suite struct RoIAlignByWeightedSumsTests {
  @Test("equals the kernel, values and gradients", arguments: [false, true])
  func kernel(aligned: Bool) {
    let options = RoIAlignOptions(outputSize: 5, samplingRatio: 2, aligned: aligned)
    let generator = Generator(seed: 7)
    let values = [Tensor.normal([2, 3, 20, 25], using: generator), Tensor.normal([2, 3, 10, 13], using: generator)]
    // One of the regions leaves the map, one is smaller than a pixel of it.
    let corners = randomBoxes(8, seed: 6) + [[-6, -9, 40, 30], [60, 60, 130, 120], [20, 20, 20.5, 20.5]]
    let rows = corners.enumerated().flatMap { [Double($0.offset % 2)] + $0.element }
    let regions = Tensor(rows, shape: [corners.count, 5]).to(.float32)
    let levels = Tensor(corners.indices.map { $0 % 3 == 0 ? 1 : 0 })
    func run(_ align: ([Tensor]) -> Tensor) -> (result: Tensor, gradients: [Tensor?]) {
      let maps = values.map { value in
        let map = value + 0
        map.requiresGradient = true
        return map
      }
      let result = align(maps)
      let weights = Tensor.normal(result.shape, using: Generator(seed: 9))
      (result * weights).sum().backward()
      return (result.detached(), maps.map(\.gradient))
    }
    let kernel = run {
      roiAlignKernel($0, regions: regions, levels: levels, scales: [0.25, 0.125], options: options)
    }
    let sums = run {
      roiAlignByWeightedSums($0, regions: regions, levels: levels, scales: [0.25, 0.125], options: options)
    }
    #expect(kernel.result.shape == sums.result.shape)
    #expect(zip(kernel.result.doubles, sums.result.doubles).allSatisfy { abs($0 - $1) < otherAlgorithm })
    for (one, other) in zip(kernel.gradients, sums.gradients) {
      let pair = (one?.doubles ?? [], other?.doubles ?? [.nan])
      #expect(pair.0.count == pair.1.count)
      #expect(zip(pair.0, pair.1).allSatisfy { abs($0 - $1) < otherAlgorithm })
    }
  }
}
