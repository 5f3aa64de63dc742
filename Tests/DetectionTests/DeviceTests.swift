import Backbone
import TestDevice
import Testing

@testable import Detection
@testable import Torch

/// float32 on another device: sums in another order, batch norms in another form.
private let otherDevice = 2e-4

@Suite struct DeviceTests {
  private let sizes = [(height: 64, width: 60), (height: 50, width: 64)]

  /// Two random images with padding.
  private func images(on device: Device) -> ImageBatch {
    ImageBatch(pixels: Tensor.normal([2, 3, 64, 64], using: Generator(seed: 4)).to(device), sizes: sizes)
  }

  private var targets: [DetectionTarget] {
    [
      DetectionTarget(
        boxes: Tensor([4, 6, 30, 40, 20, 20, 60, 50] as [Float], shape: [2, 4]), labels: Tensor([1, 3])),
      DetectionTarget(boxes: .zeros([0, 4]), labels: .zeros([0], .int64)),
    ]
  }

  private func detector(
    _ kind: BackboneKind, on device: Device, convention: DetectorConvention = .torchvision
  ) -> FasterRCNN {
    var settings = FasterRCNNSettings(convention: convention)
    settings.backbone.kind = kind
    settings.backbone.norm = kind == .resnet50 ? .frozen : .trained
    settings.backbone.frozenStages = 0
    settings.backbone.pyramidWidth = 16
    settings.anchorSizes = [12, 24, 48, 96, 192]
    settings.regions.hiddenSize = 16
    settings.proposals.training = .init(perLevel: 50, count: 50)
    let detector = FasterRCNN(settings, classCount: 3, using: Generator(seed: 1))
    detector.move(to: device)
    detector.train()
    return detector
  }

  private func losses(_ detector: FasterRCNN, on device: Device) -> [Tensor] {
    detector.losses(
      images(on: device), targets: targets, sampler: BalancedSampler(generator: Generator(seed: 2))
    ).named().map(\.value)
  }

  private func areNear(_ a: [Double], _ b: [Double], within limit: Double = otherDevice) -> Bool {
    let scale = max(1, b.map(abs).max() ?? 1)
    return a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < limit * scale }
  }

  @Test(
    "losses and gradients of a step are those of the CPU", arguments: TestDevice.all,
    [(.resnet50, .torchvision), (.efficientnetLite0, .torchvision), (.resnet50, .mmdetection)]
      as [(BackboneKind, DetectorConvention)])
  func step(device: Device, form: (kind: BackboneKind, convention: DetectorConvention)) {
    let models = [Device.cpu, device].map { detector(form.kind, on: $0, convention: form.convention) }
    let values = zip(models, [Device.cpu, device]).map { losses($0, on: $1) }
    #expect(areNear(values[1].map { $0.detached().scalar }, values[0].map { $0.detached().scalar }))
    for losses in values { losses.dropFirst().reduce(losses[0], +).backward() }
    var compared = 0
    for (one, other) in zip(models[0].namedParameters(), models[1].namedParameters()) {
      guard let expected = one.parameter.value.gradient else { continue }
      #expect(other.parameter.value.gradient?.device == device, "\(one.name)")
      let found = other.parameter.value.gradient?.doubles ?? []
      let worst = zip(found, expected.doubles).map { abs($0 - $1) }.max() ?? 0
      // Norms over so few pixels make a hundred times more of roundings from the last block to the first; and where one takes a single
      // input of a ReLU past 0, a gradient comes or goes.
      let isExact = form.kind == .resnet50 && device == .privateUse
      let limit = isExact ? otherDevice : 100 * otherDevice
      // Thousands of numbers say nothing.
      let isNear = areNear(found, expected.doubles, within: limit)
      #expect(isNear, "\(one.name): apart by \(worst)")
      compared += 1
    }
    #expect(compared > 50)
  }

  @Test("finds what the CPU finds", arguments: TestDevice.all)
  func detections(device: Device) {
    let found = [Device.cpu, device].map { device in
      let model = detector(.resnet50, on: device)
      model.evaluate()
      return model.detect(images(on: device))
    }
    for (one, other) in zip(found[0], found[1]) {
      #expect(one.count > 0 && other.boxes.device == .cpu)
      #expect(one.labels.integers == other.labels.integers)
      #expect(areNear(other.boxes.doubles, one.boxes.doubles) && areNear(other.scores.doubles, one.scores.doubles))
    }
  }

  @Test(
    "the losses wait for the device once, for proposals, and detections three times", .onStandIn,
    arguments: DetectorConvention.allCases)
  func waits(convention: DetectorConvention) {
    let device = TestDevice.other
    let model = detector(.efficientnetLite0, on: device, convention: convention)
    let batch = images(on: device)
    #expect(TestDevice.waits { _ = losses(model, on: device) } == ["synchronize": 1])
    model.evaluate()
    #expect(TestDevice.waits { _ = model.detect(batch) } == ["synchronize": 2, "aten::nonzero": 1])
  }

  @Test(
    "pooled regions and their gradients are those of the CPU's kernel", arguments: TestDevice.all,
    [(2, false), (0, true)])
  func pooling(device: Device, sampling: (ratio: Int, aligned: Bool)) {
    let options = RoIAlignOptions(outputSize: 7, samplingRatio: sampling.ratio, aligned: sampling.aligned)
    let pooler = RoIAlignPooler(strides: [4, 8], options: options)
    let boxes = [
      Tensor([3, 4, 30, 50, -8, -8, 20, 20, 60, 60, 90, 90] as [Float], shape: [3, 4]), Tensor.zeros([0, 4]),
    ]
    func run(_ device: Device) -> [[Double]] {
      let maps = [(16, 1), (8, 2)].map { side, seed in
        let map = Tensor.normal([2, 3, side, side], using: Generator(seed: UInt64(seed))).to(device)
        map.requiresGradient = true
        return map
      }
      let pooled = pooler(maps, boxes: boxes)
      (pooled * pooled).sum().backward()
      return [pooled.detached().doubles] + maps.map { $0.gradient?.doubles ?? [] }
    }
    for (one, other) in zip(run(.cpu), run(device)) { #expect(areNear(other, one)) }
  }
}
