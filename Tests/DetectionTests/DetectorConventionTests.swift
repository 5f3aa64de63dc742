import Backbone
import Imaging
import TestSupport
import Testing
import Training

@testable import Detection
@testable import Torch

/// float64 on both sides, the same formula.
private let sameAlgorithm = 1e-9

@Suite struct DetectorConventionTests {
  @Test("the switch turns all keys that hang on it; what was said beside it, or set to something else before, stays")
  func defaults() throws {
    func resolved(_ yaml: [String], _ assignments: [String] = []) throws -> FasterRCNNSettings {
      try FasterRCNNSettings.resolved(
        yaml.map { try SettingsDocument(yaml: $0, name: "test") }, assignments: assignments)
    }
    let wanted = FasterRCNNSettings(convention: .mmdetection)
    #expect(
      wanted.regions.alignedPooling && wanted.regions.samplingRatio == 0 && wanted.proposals.training.count == 1000)
    #expect(try resolved(["convention: mmdetection"]) == wanted)
    #expect(try resolved([], ["convention=mmdetection"]) == wanted)
    #expect(try resolved([FasterRCNNSettings().yaml], ["convention=mmdetection"]) == wanted)
    #expect(try resolved([wanted.yaml]) == wanted)
    #expect(try resolved([wanted.yaml], ["convention=torchvision"]) == FasterRCNNSettings())
    var mixed = wanted
    mixed.regions.samplingRatio = 2
    mixed.proposals.training = .init(perLevel: 500, count: 500)
    #expect(try resolved([mixed.yaml]) == mixed)
    #expect(
      try resolved(
        ["proposals: {training: {per_level: 500, count: 500}}"],
        ["regions.sampling_ratio=2", "convention=mmdetection"]) == mixed)
  }

  @Test("what there is no such convention or style of is refused with what there is")
  func refusals() {
    func message(_ assignments: String...) -> String? {
      errorMessage { _ = try FasterRCNNSettings.resolved(assignments: assignments) }
    }
    #expect(
      message("convention=foo") == "--set convention=foo: 'convention' is 'foo', wanted one of torchvision, mmdetection"
    )
    #expect(message("backbone.style=msra")?.hasSuffix("wanted one of pytorch, caffe") == true)
    #expect(message("backbone.style=caffe", "backbone.kind=efficientnet_lite0")?.contains("must be pytorch") == true)
  }

  @Test("anchors of fixed strides are not rounded, and lie in an image as far as its padding goes")
  func anchors() {
    let generator = AnchorGenerator(sizes: [[32], [512]], aspectRatios: [0.5, 1], strides: [4, 64])
    let maps = [(height: 8, width: 16), (height: 1, width: 2)]
    let found = generator.anchors(mapSizes: maps, height: 61, width: 120, type: .float64).levels
    let (half, long) = (8 * 2.0.squareRoot(), 16 * 2.0.squareRoot())
    let first = Array(found[0].doubles.prefix(4))
    #expect(zip(first, [-long, -half, long, half]).allSatisfy { abs($0 - $1) < sameAlgorithm })
    let second = Array(found[1].doubles.suffix(4))
    let wanted: [Double] = [64 - 256, -256, 64 + 256, 256]
    #expect(zip(second, wanted).allSatisfy { abs($0 - $1) < sameAlgorithm })
    func within(height: Int, width: Int) -> [Int] {
      generator.areWithin(mapSizes: maps, height: height, width: width).trueIndices().integers
    }
    // All 8 × 16 positions and the first of two; 3 rows and both.
    let most = within(height: 32, width: 64)
    #expect(most.count == 258 && most.last == 257)
    let rows = within(height: 9, width: 65)
    #expect(rows.count == 100 && rows[95] == 95 && rows[96] == 256)
  }

  @Test("decoding may limit how far boxes shrink")
  func shrinking() {
    let reference = tensor([[0, 0, 100, 200]])
    let offsets = tensor([[0, 0, -1e6, -1e6]]).unsqueezed(1)
    let limited = BoxCoder(weights: (1, 1, 1, 1), limitsShrinking: true).decoded(offsets, from: reference).doubles
    #expect(abs(limited[2] - limited[0] - 1.6) < sameAlgorithm && abs(limited[3] - limited[1] - 3.2) < sameAlgorithm)
    let free = BoxCoder(weights: (1, 1, 1, 1)).decoded(offsets, from: reference).doubles
    #expect(free[2] - free[0] == 0)
  }

  @Test("a true box takes its nearest candidates from an IoU on; of two the last takes one, also from a good match")
  func nearest() {
    let matcher = Matcher(high: 0.7, low: 0.3, keepsBest: true, nearestTakenFrom: 0.3)
    func matches(_ candidates: [[Double]], _ truth: [[Double]]) -> [Int] {
      matcher.matches(tensor(candidates), truth: tensor(truth)).integers
    }
    // IoU 0.2 is too little; 0.4 is enough, for both of two that are alike.
    #expect(matches([[0, 0, 10, 2]], [[0, 0, 10, 10]]) == [Matcher.background])
    #expect(
      matches([[0, 0, 10, 4], [0, 6, 10, 10], [0, 0, 10, 3.5]], [[0, 0, 10, 10]]) == [0, 0, Matcher.ignored])
    // The candidate is nearest to both; it fits the first better.
    #expect(matches([[0, 0, 10, 10]], [[0, 0, 10, 9], [0, 0, 10, 4]]) == [1])
    #expect(matches([[0, 0, 10, 10]], [[0, 0, 10, 4], [0, 0, 10, 9]]) == [1])
  }

  @Test("the level by the finest size is that by the canonical size, but next to a limit")
  func levels() {
    let options = RoIAlignOptions(outputSize: 7, samplingRatio: 0, aligned: true)
    func levels(_ rule: RoIAlignPooler.LevelRule, _ sides: [Double]) -> [Int] {
      let boxes = Tensor(sides.flatMap { [0, 0, $0, $0] }, shape: [sides.count, 4])
      return RoIAlignPooler(strides: [4, 8, 16, 32], options: options, levelRule: rule).levels(of: boxes).integers
    }
    let sides = [1, 55.9, 56, 111.9, 112, 223.99, 224, 448, 2000]
    #expect(levels(.finestSize, sides) == [0, 0, 0, 0, 1, 1, 2, 3, 3])
    #expect(levels(.canonicalSize, sides) == levels(.finestSize, sides))
    let nearly = [224 * (1 - 5e-7)]
    #expect(levels(.finestSize, nearly) == [1] && levels(.canonicalSize, nearly) == [2])
  }

  @Test("an image without objects counts one sample more in the proposal network's losses")
  func divisor() {
    func losses(_ convention: DetectorConvention, truth: [[Double]]) -> (Double, Double) {
      let anchors = AnchorGenerator(sizes: [[8], [16]], aspectRatios: [0.5, 1, 2], strides: [4, 8])
      let network = RegionProposalNetwork(
        channels: 4, anchors: anchors, settings: ProposalSettings(), convention: convention, using: Generator(seed: 1))
      let images = ImageBatch(pixels: .zeros([1, 3, 64, 64]), sizes: [(64, 64)])
      let features = [16, 8].map { Tensor.normal([1, 4, $0, $0], using: Generator(seed: UInt64($0))) }
      let found = network.losses(
        features, prediction: network.predict(features, images: images), truth: [tensor(truth).to(.float32)],
        sampler: BalancedSampler(generator: Generator(seed: 2)))
      return (found.objectness.scalar, found.boxes.scalar)
    }
    let (counted, plain) = (losses(.mmdetection, truth: []), losses(.torchvision, truth: []))
    #expect(abs(counted.0 / plain.0 - 256.0 / 257) < 1e-6 && counted.1 == 0)
    let box = [[8.0, 8, 24, 24]]
    #expect(losses(.mmdetection, truth: box) == losses(.torchvision, truth: box))
  }

  @Test("a true box among the regions stands for itself, also where another covers it")
  func truthItself() {
    func labels(_ convention: DetectorConvention) -> [Int] {
      let heads = RegionHeads(
        channels: 4, strides: [4], classes: 4, settings: RegionSettings(), convention: convention,
        using: Generator(seed: 1))
      let target = DetectionTarget(
        boxes: Tensor([0, 0, 20, 20, 0, 0, 20, 20] as [Float], shape: [2, 4]), labels: Tensor([1, 3]))
      let sample = heads.sample(
        .zeros([0, 4]), target: target, sampler: BalancedSampler(generator: Generator(seed: 2)))
      return sample.labels.integers.sorted()
    }
    #expect(labels(.mmdetection) == [1, 3] && labels(.torchvision) == [1, 1])
  }

  @Test("Caffe's input is 0…255 less ImageNet's mean; PyTorch's style is ImageNet's own normalization")
  func input() {
    var settings = BackboneSettings()
    #expect(settings.inputNormalization == .imageNet)
    settings.style = .caffe
    let normalize = ResizeNormalize(settings.inputNormalization)
    let pixels: [UInt8] = [0, 100, 255, 10, 20, 30]
    var values = [Float](repeating: 0, count: 7)
    values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      normalize.write(
        Image(height: 1, width: 2, channels: 3, pixels: pixels), outputHeight: 1, outputWidth: 2, to: start,
        rowStride: 6,
        layout: .interleaved)
    }
    let mean: [Float] = [123.675, 116.28, 103.53]
    for (place, pixel) in pixels.enumerated() {
      let wanted: Float = Float(pixel) - mean[place % 3]
      #expect(abs(values[place] - wanted) < 1e-4)
    }
    settings.kind = .efficientnetLite0
    #expect(settings.inputNormalization == .centred)
  }
}
