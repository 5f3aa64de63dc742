import Annotations
import Documents
import Imaging
import Randomness
import TestSupport
import Testing
import Torch
import Views

@testable import Samples

/// Streams whose strong views are drawn by what is learnt of probes.
@Suite struct PolicyHistoryTests {
  /// Small images with label maps of two classes.
  private struct Masked {
    let images: GeneratedImages
    let folder: ScratchFolder
    let pool: ImagePool
    let labels = PixelLabels.maps(LabelMapReader(ClassTable(names: ["low", "high"])))

    init(count: Int) throws {
      images = try GeneratedImages(count: count)
      let folder = try ScratchFolder()
      self.folder = folder
      pool = ImagePool(
        name: "labeled",
        images: try images.pool.images.map { image in
          var map = Image(height: image.height, width: image.width, channels: 1)
          for y in image.height / 2..<image.height { for x in 0..<image.width { map[y, x, 0] = 1 } }
          let path = try folder.file("\(image.id).png")
          try ImageFile.writeLabelMap(map, palette: ClassTable(names: ["low", "high"]).palette, to: path)
          var image = image
          image.mask = .file(path)
          return image
        })
    }
  }

  private static let settings: SegmentationStrongSettings = {
    var settings = SegmentationStrongSettings()
    settings.policy = .ctaugment
    // So that a few batches make a difference.
    settings.ctaugment.decay = 0.3
    return settings
  }()

  private func stream(
    _ masked: Masked, workers: Int = 2, depth: Int = 4, seed: UInt64 = 1, composition: BatchComposition? = nil
  ) -> SampleStream {
    let weak: [any Augmentation] = [RandomCrop(height: 32, width: 32), RandomMirror()]
    let strong = Self.settings.parts
    return SampleStream(
      request: ViewRequest(
        labeled: .init(images: 2, weak: 1, hasProbes: true), unlabeled: .init(images: 2, weak: 1, strong: 1),
        composition: composition ?? BatchComposition()),
      labeled: StreamSource(
        pool: masked.pool, weak: weak, strong: strong, continuesWeak: true, pixelLabels: masked.labels),
      unlabeled: StreamSource(
        pool: masked.images.pool, weak: weak, strong: strong, continuesWeak: true, pixelLabels: .validity),
      policy: Self.settings.learning,
      options: .init(seed: seed, workers: workers, depth: depth, layout: BatchLayout(sizeDivisor: 1)))
  }

  /// All that a step gets.
  private func content(_ batch: SampleBatch) -> [String] {
    (batch.labeledWeak + batch.unlabeledWeak + batch.unlabeledStrong + (batch.labeledProbes.map { [$0] } ?? [])).map {
      let bytes = $0.images.contiguous().withBytes { SHA256.hexDigest(of: $0) }
      return "\(bytes) \($0.views)"
    }
  }

  /// How close "predictions" come: low for probes whose bytes are dark, a function of the batch alone.
  private func proximities(_ batch: SampleBatch, _ change: Double = 0) throws -> [Double] {
    let images = try #require(batch.labeledProbes).images
    return (0..<images.size(0)).map { min(max(0.4 + change + images[$0].mean().scalar / 4, 0), 1) }
  }

  /// Takes steps that learn.
  private func steps(_ stream: SampleStream, _ count: Int, change: Double = 0) throws -> [[String]] {
    try (0..<count).map { _ in
      let batch = try stream.next()
      stream.learn(try proximities(batch, change), from: batch)
      return content(batch)
    }
  }

  @Test("batches are the same for any number of workers and batches made ahead, while rates change them")
  func workers() throws {
    let masked = try Masked(count: 5)
    let wanted = try steps(stream(masked, workers: 0), 16)
    for (workers, depth) in [(1, 1), (2, 4), (4, 7)] {
      #expect(try steps(stream(masked, workers: workers, depth: depth), 16) == wanted)
    }
    // Drawn numbers of labelled images have as many probes.
    let drawn = BatchComposition(.drawn)
    let some = try steps(stream(masked, workers: 0, composition: drawn), 12)
    #expect(try steps(stream(masked, workers: 3, composition: drawn), 12) == some)
  }

  @Test("what is learnt of a batch acts from eight batches later on, on strong views alone")
  func lag() throws {
    let masked = try Masked(count: 5)
    let (one, other) = (try steps(stream(masked), 24), try steps(stream(masked), 24, change: -0.35))
    let firstApart = try #require(one.indices.first { one[$0] != other[$0] })
    #expect(firstApart >= 8 && firstApart < 24)
    for (a, b) in zip(one, other) { #expect(a[0] == b[0] && a[1] == b[1] && a[3] == b[3]) }
    // A function of the rates eight batches before, and of nothing later.
    let history = PolicyHistory(try #require(Self.settings.learning)) { _ in
      [[CTAugment.Draw(operation: 3, level: 0)]]
    }
    var wanted = [1.0]
    for position in 0..<20 {
      let before = position - 8
      #expect(history.rates(forBatch: position).values[3][0] == (before < 0 ? 1 : wanted[before + 1]))
      history.learn([0.5], ofBatch: position)
      wanted.append(0.3 * wanted[position] + 0.7 * 0.5)
      // Those made ahead are asked for early.
      for ahead in position + 1...position + 7 {
        #expect(history.rates(forBatch: ahead).values[3][0] == (ahead < 8 ? 1 : wanted[ahead - 7]))
      }
    }
  }

  @Test("a stream that is resumed in the middle, through the text of its JSON, equals one that was not, bit for bit")
  func resume() throws {
    let masked = try Masked(count: 5)
    let whole = stream(masked)
    for stop in [1, 11] {
      let first = stream(masked, workers: 1)
      _ = try steps(first, stop)
      let text = first.state.serialized()
      let second = stream(masked, workers: 3, depth: 6)
      try second.restore(JSON(parsing: text, file: "state"))
      #expect(second.state == first.state)
      let rest = try steps(first, 12)
      #expect(try steps(second, 12) == rest)
      #expect(second.state == first.state)
    }
    let straight = try steps(whole, 21)
    let halved = stream(masked)
    let begun = try steps(halved, 11)
    let resumed = stream(masked)
    try resumed.restore(halved.state)
    #expect(begun + (try steps(resumed, 10)) == straight)
  }

  @Test("a state without rates, of another lag or of other operations is refused")
  func damaged() throws {
    let masked = try Masked(count: 3)
    let first = stream(masked)
    _ = try steps(first, 3)
    guard let saved = first.state.object, let policy = saved["policy"]?.object else {
      Issue.record("expected an object")
      return
    }
    func refuses(_ change: (inout JSONObject) -> Void) {
      var (changed, all) = (policy, saved)
      change(&changed)
      all["policy"] = .object(changed)
      #expect(throws: SamplesError.self) { try stream(masked).restore(.object(all)) }
    }
    refuses { $0["lag"] = 7 }
    refuses { $0["rates"] = .object(JSONObject()) }
    refuses { $0["learnt"] = .array([["position": 3, "proximities": .array([])]]) }
    var without = saved
    without["policy"] = .null
    #expect(throws: SamplesError.self) { try stream(masked).restore(.object(without)) }
    try stream(masked).restore(.object(saved))
  }

  @Test("shards that are told of all probes draw by the same rates, those of one process with as many images")
  func shards() throws {
    let masked = try Masked(count: 4)
    let parts = [0, 1].map { stream(masked).shard($0, of: 2) }
    var strong: [[[ViewStep]]] = []
    for _ in 0..<14 {
      let batches = try parts.map { try $0.next() }
      let all = try batches.flatMap { try proximities($0) }
      #expect(all.count == 4)
      for (part, batch) in zip(parts, batches) { part.learn(all, from: batch) }
      strong.append(batches.map { $0.unlabeledStrong[0].views.flatMap(\.steps) })
    }
    #expect(parts[0].state["policy"] == parts[1].state["policy"])
    #expect(strong.allSatisfy { $0[0] != $0[1] })
  }

  @Test("a probe is the labelled weak view, changed as its draws say, and has the labels of what it shows")
  func probes() throws {
    let masked = try Masked(count: 4)
    let stream = stream(masked)
    let policy = try #require(Self.settings.learning)
    for step in 0..<6 {
      let batch = try stream.next()
      let (probes, weak) = (try #require(batch.labeledProbes), batch.labeledWeak[0])
      #expect(batch.position == step && probes.views.map(\.name) == weak.views.map(\.name))
      let (labels, own) = (try #require(probes.labels), try #require(weak.labels))
      let moved = PixelMove(from: weak.views, to: probes.views)(own, beyond: 255)
      #expect(labels.isEqual(to: moved.filled(255, where: !(try #require(probes.validity)))))
      for (number, view) in probes.views.enumerated() {
        let draws = SampleMaker.probe(ofDraw: 2 * step + number, seed: 1, stream: 1, policy: policy)
        #expect(view.steps.count == draws.count)
        for (step, draw) in zip(view.steps, draws) where policy.operations[draw.operation].name != "cutout" {
          var generator = SeededGenerator(seed: 0)
          var plan = ViewPlan(originalHeight: 32, originalWidth: 32)
          policy.operations[draw.operation].append(at: draw.level, to: &plan, using: &generator)
          #expect(plan.steps == [step])
        }
      }
    }
  }
}
