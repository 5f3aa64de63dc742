import TestSupport
import Testing
import Views

@testable import Samples

/// Two parts of a pool in orders of their own, and streams of images with tags.
@Suite struct PartedOrderTests {
  /// Images 2, 5 and 9 of eleven are of the first part.
  private let isFirst = (0..<11).map { [2, 5, 9].contains($0) }

  @Test("a share of every run of draws is of the first part, to one image", arguments: [0.1, 0.25, 0.3, 0.5, 0.9])
  func share(share: Double) {
    let order = PartedOrder(isFirst: isFirst, share: share, seed: 1, stream: 2)
    let drawn = (0..<600).map { isFirst[order.image(ofDraw: $0)] }
    for (begin, count) in [(0, 600), (7, 40), (91, 12), (300, 300)] {
      let found = Double(drawn[begin..<begin + count].count { $0 })
      #expect(abs(found - share * Double(count)) <= 1)
    }
  }

  @Test("each part comes around by itself: every image once before any comes again, in orders that differ")
  func epochs() {
    let order = PartedOrder(isFirst: isFirst, share: 0.5, seed: 1, stream: 2)
    let draws = (0..<160).map { order.image(ofDraw: $0) }
    let parts = [true, false].map { wanted in draws.filter { isFirst[$0] == wanted } }
    for (part, count) in zip(parts, [3, 8]) {
      let epochs = stride(from: 0, to: part.count / count * count, by: count).map { Array(part[$0..<$0 + count]) }
      #expect(epochs.allSatisfy { Set($0).count == count } && Set(epochs).count > 1)
    }
  }

  @Test("a draw's image depends on seed, stream and draw alone; the shares 0 and 1 are one part each")
  func pure() {
    func order(_ share: Double, seed: UInt64 = 1) -> PartedOrder {
      PartedOrder(isFirst: isFirst, share: share, seed: seed, stream: 2)
    }
    let (forward, backward) = (order(0.4), order(0.4))
    let images = (0..<50).map { forward.image(ofDraw: $0) }
    #expect((0..<50).reversed().map { backward.image(ofDraw: $0) } == images.reversed())
    #expect((0..<50).map { order(0.4, seed: 2).image(ofDraw: $0) } != images)
    #expect((0..<50).allSatisfy { isFirst[order(1).image(ofDraw: $0)] && !isFirst[order(0).image(ofDraw: $0)] })
  }

  private func stream(_ pool: ImagePool, share: Double, workers: Int = 0) -> SampleStream {
    SampleStream(
      request: ViewRequest(labeled: .init(images: 1, weak: 1), unlabeled: .init(images: 4, weak: 1)),
      labeled: StreamSource(pool: pool.first(1), weak: []),
      unlabeled: StreamSource(pool: pool, weak: [RandomMirror()], taggedShare: share),
      options: .init(seed: 1, workers: workers, groupByOrientation: false))
  }

  @Test("each step takes its share of images with tags, whoever makes them, and goes on with no other share")
  func steps() throws {
    let made = try GeneratedImages(count: 9)
    let pool = made.tagged { $0 < 2 ? [$0] : nil }
    func tagged(_ stream: SampleStream) throws -> [Int] {
      try (0..<6).map { _ in try stream.next().unlabeledWeak[0].views.count { $0.tags != nil } }
    }
    #expect(try tagged(stream(pool, share: 0.5)) == [2, 2, 2, 2, 2, 2])
    #expect(try tagged(stream(pool, share: 1)) == [4, 4, 4, 4, 4, 4])
    // One order of all: of every nine images two have tags.
    #expect(try tagged(stream(pool, share: 0)).reduce(0, +) < 8)
    let (one, other) = (stream(pool, share: 0.5), stream(pool, share: 0.5, workers: 2))
    for _ in 0..<4 { #expect(try one.next().imageNames == other.next().imageNames) }
    try stream(pool, share: 0.5).restore(one.state)
    #expect(throws: SamplesError.self) { try stream(pool, share: 0.25).restore(one.state) }
    // Two processes share out the draws of one.
    let shards = [0, 1].map { stream(pool, share: 0.5).shard($0, of: 2) }
    for shard in shards { #expect(try tagged(shard) == [2, 2, 2, 2, 2, 2]) }
  }
}
