import Imaging
import Randomness
import TestDevice
import Testing
import Torch
import Views

@testable import Samples

/// Views rendered on a device against those that the host renders.
@Suite struct DeviceViewsTests {
  private static let devices = [.cpu] + TestDevice.all
  private static let sizes = [(1, 1), (1, 9), (2, 2), (3, 3), (3, 5), (40, 3), (37, 52), (120, 161)]

  /// Of values between two limits, each pixel for itself.
  private static func picture(
    _ height: Int, _ width: Int, _ values: ClosedRange<Int> = 0...255, seed: UInt64 = 1
  ) -> Image {
    var generator = SeededGenerator(seed: seed, stream: UInt64(height), UInt64(width))
    var image = Image(height: height, width: width, channels: 3)
    image.pixels = image.pixels.map { _ in UInt8(values.lowerBound + generator.integer(below: values.count)) }
    return image
  }

  private static func tensor(_ image: Image, on device: Device) -> Tensor {
    Tensor(image.pixels, shape: [image.height, image.width, 3], device: device)
  }

  private static func bytes(_ pixels: Tensor) -> [UInt8] { pixels.to(.cpu).contiguous().elements() }

  private static let operations: [ColorOperation] =
    [.identity, .autoContrast, .equalize] + [0, 25, 128, 255, 256].map { .solarize(threshold: $0) }
    + (0...8).map { .posterize(bits: $0) }
    + [0, 0.28, 0.46, 1, 1.36, 1.72, 7.3, 1e6].flatMap { (factor: Double) -> [ColorOperation] in
      [.color(factor: factor), .contrast(factor: factor), .brightness(factor: factor), .sharpness(factor: factor)]
    }

  /// What only policies have.
  private static let mixtures: [ColorOperation] =
    [.ringBlur]
    + [0, 0.13, 0.5, 0.77, 1].flatMap { (share: Double) -> [ColorOperation] in
      [.autoContrast, .equalize, .solarize(threshold: 0), .ringBlur, .sharpness(factor: 0)].map {
        .mixed($0, share: share)
      }
    }

  private static let turns: [ColorOperation] = [-0.5, -0.1, -0.004, 0, 0.03, 0.1, 0.5].map { .hue(turn: $0) }

  @Test("every colour operation gives the host's bytes, of images of any size and range", arguments: devices, sizes)
  func colors(device: Device, size: (Int, Int)) {
    // All values, a few, one, and channels of which one is full and the others are not.
    var mixed = Self.picture(size.0, size.1, 90...140)
    for place in stride(from: 0, to: mixed.pixels.count, by: 3) { mixed.pixels[place] = UInt8(place % 256) }
    let images = [0...255, 100...103, 7...7, 30...200].map { Self.picture(size.0, size.1, $0) } + [mixed]
    for image in images {
      let pixels = Self.tensor(image, on: device)
      for operation in Self.operations + Self.mixtures + Self.turns {
        var wanted = image
        operation.apply(to: &wanted)
        let result = operation.applied(to: pixels)
        #expect(result.device == device && result.elementType == .uint8 && result.shape == pixels.shape)
        #expect(Self.bytes(result) == wanted.pixels, "\(operation)")
      }
      #expect(Self.bytes(pixels) == image.pixels)
    }
  }

  private static let changes: [GeometricChange] = [
    .translateX(11.5), .translateX(-7), .translateX(500), .translateY(6.3), .translateY(-0.25), .rotate(degrees: 30),
    .rotate(degrees: -17.3), .rotate(degrees: 90), .rotate(degrees: 180), .shear(x: 0.48, y: -0.3),
    .shear(x: -0.25, y: -0.4), .shear(x: 0, y: 0), .zoom(factor: 1.37), .zoom(factor: 2),
  ]

  /// How many values of an image differ after the step, each by one grey level.
  private static func differing(_ step: ViewStep, of image: Image, on device: Device) -> Int {
    var wanted = image
    step.apply(to: &wanted)
    let found = bytes(step.applied(to: tensor(image, on: device)))
    #expect(found.count == wanted.pixels.count)
    let apart = zip(found, wanted.pixels).map { abs(Int($0) - Int($1)) }
    #expect(apart.max() ?? 0 <= 1, "\(step), \(image.height) x \(image.width)")
    return apart.reduce(0, +)
  }

  @Test("moved pixels are the host's to one grey level, of images of any size", arguments: devices, sizes)
  func warps(device: Device, size: (Int, Int)) {
    let image = Self.picture(size.0, size.1)
    for change in Self.changes {
      for fill: UInt8 in [0, 125] {
        let differing = Self.differing(.geometry(change, fill: fill), of: image, on: device)
        // Round factors send many values to a half.
        #expect(differing * 200 <= image.pixels.count, "\(change): \(differing) of \(image.pixels.count)")
      }
    }
  }

  /// Values that lie at a half but for rounding.
  private static let shareThatMayDiffer = 1e-5

  @Test("of pixels moved as strong views draw it one in a hundred thousand differs", arguments: devices)
  func drawnWarps(device: Device) {
    let image = Self.picture(120, 161)
    var differing = 0
    for draw in 0..<100 {
      var plan = ViewPlan(originalHeight: 120, originalWidth: 161)
      var generator = SeededGenerator(seed: 5, stream: UInt64(draw))
      StrongAugmentationSettings().geometry.adjust(&plan, using: &generator)
      differing += Self.differing(plan.steps[0], of: image, on: device)
    }
    #expect(Double(differing) <= Self.shareThatMayDiffer * Double(100 * image.pixels.count), "\(differing)")
  }

  @Test("erased rectangles are the host's, at the edges too, and the pixels given stay", arguments: devices)
  func erase(device: Device) {
    let image = Self.picture(37, 52)
    let pixels = Self.tensor(image, on: device)
    let patches: [ViewStep.Patch] = [
      .init(y: 0, x: 0, height: 5, width: 7), .init(y: 3, x: 2, height: 9, width: 1),
      .init(y: 30, x: 40, height: 7, width: 12), .init(y: 12, x: 9, height: 0, width: 3),
    ]
    for step in [ViewStep.erase(patches, fill: 125), .erase([], fill: 9)] {
      var wanted = image
      step.apply(to: &wanted)
      #expect(Self.bytes(step.applied(to: pixels)) == wanted.pixels)
    }
    #expect(Self.bytes(pixels) == image.pixels)
  }

  @Test("blurs and noise are the host's bytes, and the pixels given stay", arguments: devices, sizes)
  func blursAndNoise(device: Device, size: (Int, Int)) {
    let image = Self.picture(size.0, size.1)
    let pixels = Self.tensor(image, on: device)
    let steps: [ViewStep] =
      [0, 0.1, 0.7, 1.3, 1.5, 2, 7].map { .blur(deviation: $0) } + [
        .noise(.init(y: 0, x: 0, height: size.0, width: size.1), seed: 3),
        .noise(.init(y: size.0 / 2, x: size.1 / 3, height: size.0 - size.0 / 2, width: size.1 / 2), seed: 4),
      ]
    for step in steps {
      var wanted = image
      step.apply(to: &wanted)
      #expect(Self.bytes(step.applied(to: pixels)) == wanted.pixels, "\(step)")
    }
    #expect(Self.bytes(pixels) == image.pixels)
  }

  /// A view of a size with steps; mirrored.
  private static func view(_ height: Int, _ width: Int, _ steps: [ViewStep] = []) -> View {
    var plan = ViewPlan(originalHeight: height, originalWidth: width)
    plan.geometry.resize(shortSide: 29, longSide: 60)
    plan.geometry.mirror()
    for step in steps { plan.append(step) }
    return View(
      image: 0, imageID: 0, name: "a", geometry: plan.geometry, steps: plan.steps,
      labels: plan.geometry.labels(.init()))
  }

  @Test("a batch has the host's numbers, padding and layout; views without a step are rounded", arguments: devices)
  func batches(device: Device) {
    let steps: [[ViewStep]] = [
      [.color(.equalize)],
      [.color(.sharpness(factor: 1.72)), .erase([.init(y: 3, x: 5, height: 6, width: 7)], fill: 125)],
      [.color(.identity)],
    ]
    let items = [(30, 47), (50, 31), (41, 40)].enumerated().map { index, size in
      (pixels: Self.picture(size.0, size.1), view: Self.view(size.0, size.1, steps[index]))
    }
    for isChannelsLast in [false, true] {
      func batch(_ rendersOnDevice: Bool) -> ViewBatch {
        BatchLayout(sizeDivisor: 8, isChannelsLast: isChannelsLast, rendersOnDevice: rendersOnDevice)
          .batch(items, device: device)
      }
      let (wanted, found) = (batch(false), batch(true))
      #expect(found.images.device == device && found.images.shape == wanted.images.shape)
      #expect(found.images.isChannelsLast == isChannelsLast && found.images.isContiguous == !isChannelsLast)
      #expect(found.views == wanted.views)
      let (one, other) = (wanted.images.to(.cpu), found.images.to(.cpu))
      #expect((one.sliced(axis: 0, to: 2) - other.sliced(axis: 0, to: 2)).abs().max().scalar < 1e-6)
      // Half a grey level at most, over the least deviation.
      let rounded = (one[2] - other[2]).abs().max().scalar
      #expect(rounded > 0 && rounded <= 0.5 / 255 / 0.224 + 1e-5)
      for (index, item) in items.enumerated() {
        let geometry = item.view.geometry
        #expect(other[index].sliced(axis: 1, from: geometry.height).abs().sum().scalar == 0)
        #expect(other[index].sliced(axis: 2, from: geometry.width).abs().sum().scalar == 0)
        #expect(found.picture(of: index, normalization: .imageNet) == item.view.rendered(from: item.pixels))
      }
    }
  }

  @Test("a batch in which no view changes its pixels goes the host's way, to the bit")
  func unchanged() {
    let items = [
      (Self.picture(30, 47), Self.view(30, 47)), (Self.picture(30, 47), Self.view(30, 47, [.erase([], fill: 9)])),
    ]
    let batches = [false, true].map {
      BatchLayout(sizeDivisor: 8, rendersOnDevice: $0).batch(items.map { (pixels: $0.0, view: $0.1) }, device: .cpu)
    }
    #expect(batches[0].images.isEqual(to: batches[1].images))
  }

  @Test("nothing waits while a strong batch is uploaded, changed and normalized", .onStandIn)
  func waits() {
    for operation in Self.operations + Self.mixtures + Self.turns {
      let steps: [ViewStep] = [
        .color(operation), .geometry(.rotate(degrees: 20), fill: 125),
        .blur(deviation: 1.6), .erase([.init(y: 3, x: 5, height: 6, width: 7)], fill: 125),
        .noise(.init(y: 9, x: 2, height: 5, width: 3), seed: 8),
      ]
      let items = [(pixels: Self.picture(30, 47), view: Self.view(30, 47, steps))]
      let batch = BatchLayout(isChannelsLast: true, rendersOnDevice: true).hostBatch(items)
      #expect(batch is ByteBatch)
      #expect(TestDevice.waits { _ = batch.viewBatch(on: TestDevice.other) }.isEmpty, "\(operation)")
    }
  }

  /// A colour operation behind a geometric change makes a grey level of it more.
  private static let shareOfBatchThatMayDiffer = 1e-4

  @Test("a stream draws the same views, and its batches are the host's but for few pixels", arguments: devices)
  func streams(device: Device) throws {
    let (labeled, unlabeled) = (try GeneratedImages(count: 5), try GeneratedImages(count: 6, name: "unlabeled"))
    var settings = ViewSettings()
    (settings.shortSideFrom, settings.shortSideTo, settings.longSide) = (24, 48, 64)
    func stream(_ rendersOnDevice: Bool, workers: Int) -> SampleStream {
      SampleStream(
        request: ViewRequest(labeled: .init(images: 2, weak: 1), unlabeled: .init(images: 3, weak: 1, strong: 1)),
        labeled: StreamSource(pool: labeled.pool, weak: settings.labeled(colorByMethod: true)),
        unlabeled: StreamSource(pool: unlabeled.pool, weak: settings.weak, strong: settings.strong),
        options: .init(
          seed: 9, workers: workers, layout: BatchLayout(isChannelsLast: true, rendersOnDevice: rendersOnDevice),
          device: device))
    }
    let streams = (stream(false, workers: 0), stream(true, workers: 0), stream(true, workers: 2))
    var (differing, count) = (0, 0)
    for _ in 0..<15 {
      let (wanted, found, again) = (try streams.0.next(), try streams.1.next(), try streams.2.next())
      #expect(wanted.unlabeledWeak[0].images.isEqual(to: found.unlabeledWeak[0].images))
      for (one, other, third) in [
        (wanted.labeledWeak[0], found.labeledWeak[0], again.labeledWeak[0]),
        (wanted.unlabeledStrong[0], found.unlabeledStrong[0], again.unlabeledStrong[0]),
      ] {
        #expect(one.views == other.views && other.views == third.views && one.images.shape == other.images.shape)
        #expect(other.images.isEqual(to: third.images))
        for index in one.views.indices {
          let pictures = [one, other].map { $0.picture(of: index, normalization: .imageNet).pixels }
          differing += zip(pictures[0], pictures[1]).count { $0 != $1 }
          count += pictures[0].count
        }
      }
    }
    #expect(Double(differing) <= Self.shareOfBatchThatMayDiffer * Double(count), "\(differing) of \(count)")
  }
}
