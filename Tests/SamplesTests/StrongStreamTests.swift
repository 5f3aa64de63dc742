import Documents
import Imaging
import Randomness
import Testing
import Torch
import Views

@testable import Samples

/// Strong views as streams give them and batches hold them.
@Suite struct StrongStreamTests {
  private func view(_ plan: ViewPlan) -> View {
    View(image: 0, imageID: 0, name: "a", geometry: plan.geometry, steps: plan.steps, labels: BoxLabels())
  }

  @Test(
    "steps that change nothing take the one-pass way to the bit, others the way by bytes", arguments: [false, true])
  func ways(mirrored: Bool) {
    var image = Image(height: 30, width: 47, channels: 3)
    var generator = SeededGenerator(seed: 1)
    image.pixels = image.pixels.map { _ in UInt8(generator.integer(below: 256)) }
    var plan = ViewPlan(originalHeight: 30, originalWidth: 47)
    plan.geometry.resize(shortSide: 41, longSide: 90)
    if mirrored { plan.geometry.mirror() }
    func numbers(_ plan: ViewPlan) -> Tensor {
      BatchLayout(sizeDivisor: 8, isChannelsLast: true).batch([(image, view(plan))], device: .cpu).images
    }
    var still = plan
    still.append(.color(.identity))
    still.append(.geometry(.rotate(degrees: 0), fill: 9))
    still.append(.erase([], fill: 9))
    #expect(!view(still).changesPixels && still.geometry.map == plan.geometry.map)
    #expect((numbers(plan) - numbers(still)).abs().max().scalar == 0)
    var bytes = plan
    bytes.append(.color(.brightness(factor: 1)))
    // Half a grey level at most, over the least deviation.
    let difference = (numbers(plan) - numbers(bytes)).abs().max().scalar
    #expect(difference > 0 && difference <= 0.5 / 255 / 0.224 + 1e-5)
    var erased = plan
    erased.append(.erase([.init(y: 3, x: 5, height: 6, width: 7)], fill: 125))
    let place = numbers(erased)[0].sliced(axis: 1, from: 3, to: 9).sliced(axis: 2, from: 5, to: 12)
    for (channel, (mean, deviation)) in zip([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]).enumerated() {
      let wanted = (125.0 / 255 - mean) / deviation
      #expect((place[channel] - wanted).abs().max().scalar < 1e-5)
    }
    let padding = numbers(erased)[0].sliced(axis: 1, from: erased.geometry.height)
    #expect(padding.abs().sum().scalar == 0)
  }

  @Test("strong batches are the same for 0, 1 and 3 workers, tell what was done, and resume")
  func workers() throws {
    let labeled = try GeneratedImages(count: 5)
    let unlabeled = try GeneratedImages(count: 6, name: "unlabeled")
    var settings = ViewSettings()
    (settings.shortSideFrom, settings.shortSideTo, settings.longSide) = (24, 48, 64)
    func stream(_ workers: Int) -> SampleStream {
      SampleStream(
        request: ViewRequest(labeled: .init(images: 1, weak: 1), unlabeled: .init(images: 3, weak: 1, strong: 1)),
        labeled: StreamSource(pool: labeled.pool, weak: settings.labeled(colorByMethod: true)),
        unlabeled: StreamSource(pool: unlabeled.pool, weak: settings.weak, strong: settings.strong),
        options: .init(seed: 9, workers: workers))
    }
    func content(_ batch: SampleBatch) -> [String] {
      (batch.labeledWeak + batch.unlabeledWeak + batch.unlabeledStrong).map { batch in
        "\(batch.images.contiguous().withBytes { SHA256.hexDigest(of: $0) }) \(batch.views)"
      }
    }
    let streams = [0, 1, 3].map { stream($0) }
    for step in 0..<10 {
      let batches = try streams.map { try $0.next() }
      #expect(Set(batches.map { content($0) }).count == 1)
      #expect(batches[0].labeledWeak[0].views.allSatisfy { $0.steps.count == 1 })
      #expect(batches[0].unlabeledWeak[0].views.allSatisfy { $0.steps.isEmpty })
      for (weak, strong) in zip(batches[0].unlabeledWeak[0].views, batches[0].unlabeledStrong[0].views) {
        #expect(weak.image == strong.image && strong.steps.count == 3)
        #expect(strong.steps.allSatisfy { !$0.description.isEmpty })
      }
      if step == 4 {
        let resumed = stream(2)
        try resumed.restore(streams[0].state)
        let (next, wanted) = (try resumed.next(), try streams[1].next())
        #expect(content(next) == content(wanted))
        _ = try streams[0].next()
        _ = try streams[2].next()
      }
    }
  }

  @Test("strong views that continue the weak ones have their size, mirroring and labels", arguments: [false, true])
  func sharedGeometry(isShared: Bool) throws {
    let images = try GeneratedImages(count: 6)
    var settings = ViewSettings()
    (settings.shortSideFrom, settings.shortSideTo, settings.longSide) = (24, 60, 90)
    settings.sharesGeometry = isShared
    settings.strongAugmentation.geometryProbability = 0
    settings.strongAugmentation.blur.probability = 1
    let stream = SampleStream(
      request: ViewRequest(labeled: .init(images: 3, weak: 1, strong: 2)),
      labeled: StreamSource(
        pool: images.pool, weak: settings.labeled(), strong: settings.strong, continuesWeak: settings.sharesGeometry),
      options: .init(seed: 4, workers: 0))
    var differing = 0
    for _ in 0..<8 {
      let batch = try stream.next()
      for (weak, strong) in zip(batch.labeledWeak[0].views, batch.labeledStrong[0].views) {
        #expect(weak.name == strong.name && weak.steps.isEmpty && strong.steps.count == 3)
        if isShared {
          #expect(weak.geometry == strong.geometry && weak.labels == strong.labels)
          #expect(weak.geometry.map(to: strong.geometry) == .identity || weak.geometry.map == strong.geometry.map)
        }
        differing += weak.geometry == strong.geometry ? 0 : 1
      }
      // A second strong view has a weak view of its own behind it.
      differing += batch.labeledStrong[1].views == batch.labeledStrong[0].views ? 0 : 100
    }
    #expect(isShared ? differing == 800 : differing > 800)
  }
}
