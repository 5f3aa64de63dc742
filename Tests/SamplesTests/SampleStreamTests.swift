import Annotations
import Documents
import Imaging
import TestSupport
import Testing
import Torch
import Views

@testable import Samples

@Suite struct SampleStreamTests {
  private static let weak: [any Augmentation] = [RandomResize(shortSides: 24...48, longSide: 64), RandomMirror()]

  private func stream(
    _ pool: ImagePool, _ unlabeled: ImagePool? = nil, images: Int = 3, workers: Int = 2, depth: Int = 3,
    seed: UInt64 = 1, scaled: Bool = true, layout: BatchLayout = BatchLayout()
  ) -> SampleStream {
    let request = ViewRequest(
      labeled: .init(images: images, weak: 1),
      unlabeled: unlabeled == nil ? .init() : .init(images: 2, weak: 1, strong: 2))
    return SampleStream(
      request: request, labeled: StreamSource(pool: pool, weak: Self.weak),
      unlabeled: unlabeled.map { StreamSource(pool: $0, weak: Self.weak, strong: Self.weak) },
      options: .init(seed: seed, workers: workers, depth: depth, scaledDecoding: scaled, layout: layout))
  }

  /// All that a step gets, for comparison.
  private func content(_ batch: SampleBatch) -> [String] {
    (batch.labeledWeak + batch.labeledStrong + batch.unlabeledWeak + batch.unlabeledStrong).map { batch in
      let bytes = batch.images.contiguous().withBytes { SHA256.hexDigest(of: $0) }
      return "\(batch.images.shape) \(bytes) \(batch.views)"
    }
  }

  @Test("batches are the same for any number of workers, and differ between steps and seeds")
  func workers() throws {
    let labeled = try GeneratedImages(count: 7)
    let unlabeled = try GeneratedImages(count: 5, name: "unlabeled")
    let wanted = stream(labeled.pool, unlabeled.pool, workers: 0)
    let other = stream(labeled.pool, unlabeled.pool, seed: 2)
    let streams = [(1, 1), (2, 5), (5, 8)].map {
      stream(labeled.pool, unlabeled.pool, workers: $0.0, depth: $0.1)
    }
    var seen: Set<String> = []
    for _ in 0..<12 {
      let batch = content(try wanted.next())
      #expect(batch.count == 1 + 1 + 2)
      for stream in streams { #expect(content(try stream.next()) == batch) }
      #expect(content(try other.next()) != batch)
      seen.formUnion(batch)
    }
    #expect(seen.count == 12 * 4)
  }

  @Test("a saved position continues exactly, in the middle of an epoch, through the text of its JSON")
  func resume() throws {
    let labeled = try GeneratedImages(count: 7)
    let first = stream(labeled.pool)
    for _ in 0..<4 { _ = try first.next() }
    let text = first.state.serialized()
    let second = stream(labeled.pool, workers: 1)
    try second.restore(JSON(parsing: text, file: "state"))
    for _ in 0..<6 { #expect(content(try first.next()) == content(try second.next())) }
    let other = stream(labeled.pool.first(6))
    #expect(throws: SamplesError.self) { try other.restore(JSON(parsing: text, file: "state")) }
    #expect(throws: SamplesError.self) { try stream(labeled.pool, seed: 5).restore(first.state) }
  }

  @Test("an epoch takes every image once, and shards share its batches without overlap")
  func epochAndShards() throws {
    let labeled = try GeneratedImages(count: 12)
    let whole = stream(labeled.pool, images: 2)
    #expect(whole.stepsPerEpoch == 6)
    var names: [String] = []
    for _ in 0..<6 { names += try whole.next().imageNames }
    #expect(Set(names) == Set(labeled.pool.images.map(\.name)))
    let shards = [0, 1, 2].map { stream(labeled.pool, images: 2).shard($0, of: 3) }
    #expect(shards[0].imagesPerStep == 6 && shards[0].stepsPerEpoch == 2)
    var sharded: [String] = []
    for _ in 0..<2 { for shard in shards { sharded += try shard.next().imageNames } }
    #expect(sharded.sorted() == labeled.pool.images.map(\.name).sorted())
  }

  /// A stream of 2 labelled and 3 unlabelled images whose numbers are drawn.
  private func drawn(_ labeled: ImagePool, _ unlabeled: ImagePool, workers: Int, seed: UInt64 = 1) -> SampleStream {
    SampleStream(
      request: ViewRequest(
        labeled: .init(images: 2, weak: 1), unlabeled: .init(images: 3, weak: 1), composition: BatchComposition(.drawn)),
      labeled: StreamSource(pool: labeled, weak: Self.weak), unlabeled: StreamSource(pool: unlabeled, weak: Self.weak),
      options: .init(seed: seed, workers: workers))
  }

  @Test("drawn numbers are the same for any number of workers, take every image equally often, and resume exactly")
  func drawnNumbers() throws {
    let (labeled, unlabeled) = (try GeneratedImages(count: 7), try GeneratedImages(count: 5, name: "unlabeled"))
    let streams = [0, 3].map { drawn(labeled.pool, unlabeled.pool, workers: $0) }
    var (numbers, seen): (Set<Int>, [String: Int]) = ([], [:])
    var total = 0
    for step in 0..<42 {
      let batch = try streams[0].next()
      let same = try streams[1].next()
      #expect(content(same) == content(batch))
      #expect(batch.labeledWeak[0].views.count + batch.unlabeledWeak[0].views.count == 5)
      numbers.insert(batch.labeledWeak[0].views.count)
      total += batch.labeledWeak[0].views.count
      for view in batch.labeledWeak[0].views { seen[view.name, default: 0] += 1 }
      if step == 17 {
        let resumed = drawn(labeled.pool, unlabeled.pool, workers: 1)
        try resumed.restore(JSON(parsing: streams[0].state.serialized(), file: "state"))
        let other = drawn(labeled.pool, unlabeled.pool, workers: 0)
        try other.restore(streams[0].state)
        for _ in 0..<6 { #expect(content(try resumed.next()) == content(try other.next())) }
      }
    }
    #expect(numbers.isSubset(of: 1...4) && numbers.count > 2)
    #expect(seen.values.allSatisfy { (total / 7...total / 7 + 1).contains($0) }, "\(seen)")
    // What a position means depends on how the numbers come about.
    let fixed = stream(labeled.pool, unlabeled.pool, images: 3)
    #expect(throws: SamplesError.self) { try fixed.restore(streams[0].state) }
    // 7 images, 2.08 + … a step: five draws with a share of 0.4, at least one of each.
    #expect(streams[0].stepsPerEpoch == 4)
  }

  @Test("processes share drawn batches without overlap")
  func drawnShards() throws {
    let (labeled, unlabeled) = (try GeneratedImages(count: 12), try GeneratedImages(count: 9, name: "unlabeled"))
    let shards = [0, 1].map { drawn(labeled.pool, unlabeled.pool, workers: 1).shard($0, of: 2) }
    var names: [String] = []
    for _ in 0..<12 {
      for shard in shards { names += try shard.next().labeledWeak[0].views.map(\.name) }
    }
    let epochs = names.count / 12
    #expect(epochs >= 2)
    for epoch in 0..<epochs {
      #expect(Set(names[12 * epoch..<12 * (epoch + 1)]) == Set(labeled.pool.images.map(\.name)))
    }
  }

  @Test("unusable images are replaced alike for any number of workers, listed once, and the run goes on")
  func unusable() throws {
    let labeled = try GeneratedImages(count: 8)
    var images = labeled.pool.images
    images[1].path += ".gone"
    images[4].height += 1
    let half = try MappedFile(path: images[6].path).withBytes { Array($0.prefix($0.count / 2)) }
    try AtomicFile.write(half, to: images[6].path)
    let pool = ImagePool(name: "labeled", images: images)
    let streams = [0, 1, 4].map { stream(pool, images: 2, workers: $0) }
    for _ in 0..<16 {
      let batches = try streams.map { try $0.next() }
      #expect(Set(batches.map { content($0) }).count == 1)
      #expect(batches[0].imageNames.allSatisfy { !["image-1.jpg", "image-4.jpg", "image-6.jpg"].contains($0) })
    }
    for stream in streams {
      #expect(stream.skippedImages == streams[0].skippedImages)
      #expect(Set(stream.skippedImages.map(\.path)) == Set([1, 4, 6].map { images[$0].path }))
    }
    let size = streams[0].skippedImages.first { $0.path == images[4].path }
    #expect(size?.reason == "is 60×44 (width × height), its labels say 60×45")
    #expect(streams[0].skippedImages.allSatisfy { !$0.reason.contains("\n") && !$0.reason.contains($0.path) })
    let saved = streams[0].state
    let resumed = stream(pool, images: 2)
    try resumed.restore(saved)
    #expect(resumed.skippedImages == streams[0].skippedImages)
  }

  @Test("a pool without one usable image is an error that names one, not an endless loop")
  func allUnusable() throws {
    let images = (0..<5).map { PooledImage(path: "/nowhere/\($0).jpg", name: "\($0).jpg", id: $0) }
    let stream = stream(ImagePool(name: "labeled", images: images))
    let message = errorMessage { _ = try stream.next() }
    #expect(message?.hasPrefix("not one of the 5 labeled images can be used; for example /nowhere/") == true)
  }

  @Test("pools of one image, and batches larger than the pool, work", arguments: [1, 2, 3], [1, 2, 5])
  func smallPools(count: Int, images: Int) throws {
    let labeled = try GeneratedImages(count: count)
    let stream = stream(labeled.pool, images: images)
    for _ in 0..<5 { #expect(try stream.next().labeledWeak[0].views.count == images) }
  }

  @Test("streams of which one has no wide and the other no high image deliver, every image as often as the others")
  func oneOrientationEach() throws {
    let (labeled, unlabeled) = (try GeneratedImages(count: 6), try GeneratedImages(count: 8, name: "unlabeled"))
    let (wide, high) = (
      labeled.pool.filter { $0.width >= $0.height }, unlabeled.pool.filter { $0.width < $0.height }
    )
    #expect(wide.count == 3 && high.count == 4)
    let stream = stream(wide, high, images: 2)
    var seen: [String: Int] = [:]
    for _ in 0..<12 {
      let batch = try stream.next()
      for view in batch.labeledWeak[0].views { seen["labeled " + view.name, default: 0] += 1 }
      for view in batch.unlabeledStrong[0].views { seen["unlabeled " + view.name, default: 0] += 1 }
    }
    #expect(seen.filter { $0.key.hasPrefix("labeled") }.values.sorted() == [8, 8, 8])
    #expect(seen.filter { $0.key.hasPrefix("unlabeled") }.values.sorted() == [6, 6, 6, 6])
  }

  @Test("a batch holds each view resized, mirrored and normalized, and 0 around it", arguments: [false, true])
  func pixels(channelsLast: Bool) throws {
    let labeled = try GeneratedImages(count: 4)
    let layout = BatchLayout(sizeDivisor: 32, isChannelsLast: channelsLast)
    let batch = try stream(labeled.pool, images: 4, scaled: false, layout: layout).next().labeledWeak[0]
    let (height, width) = (batch.images.size(2), batch.images.size(3))
    #expect(batch.images.shape == [4, 3, height, width] && height % 32 == 0 && width % 32 == 0)
    #expect(batch.images.isChannelsLast == channelsLast)
    #expect(batch.views.map(\.geometry.height).max().map { $0 > height - 32 && $0 <= height } == true)
    for (index, view) in batch.views.enumerated() {
      let geometry = view.geometry
      let full = try ImageFile.read(labeled.pool.images[view.image].path)
      // The slow way: normalize everything, then torch's own bilinear resize, then flip.
      var planes = [Float](repeating: 0, count: 3 * full.height * full.width)
      for y in 0..<full.height {
        for x in 0..<full.width {
          for c in 0..<3 {
            let mean: [Float] = [0.485, 0.456, 0.406]
            let deviation: [Float] = [0.229, 0.224, 0.225]
            planes[(c * full.height + y) * full.width + x] = (Float(full[y, x, c]) / 255 - mean[c]) / deviation[c]
          }
        }
      }
      var wanted = Tensor(planes, shape: [1, 3, full.height, full.width])
        .resizedBilinear(height: geometry.height, width: geometry.width)
      if geometry.isMirrored { wanted = wanted.flipped(3) }
      let place = batch.images[index]
      let view = place.sliced(axis: 1, to: geometry.height).sliced(axis: 2, to: geometry.width)
      let difference = (view - wanted[0]).abs().max().scalar
      // Decoded in full, so only the order of sums differs.
      #expect(difference < 1e-4)
      #expect(place.sliced(axis: 1, from: geometry.height).abs().sum().scalar == 0)
      #expect(place.sliced(axis: 2, from: geometry.width).abs().sum().scalar == 0)
    }
  }
}
