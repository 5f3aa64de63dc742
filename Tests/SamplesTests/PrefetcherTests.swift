import Randomness
import Synchronization
import Testing

@testable import Samples

@Suite struct PrefetcherTests {
  /// Work whose duration has nothing to do with its index.
  private static let make: @Sendable (Int) -> [UInt64] = { index in
    var generator = SeededGenerator(seed: 1, stream: UInt64(index))
    var words: [UInt64] = []
    for _ in 0..<(1 + generator.integer(below: 3000)) { words = [generator.next()] }
    return [UInt64(index)] + words
  }

  @Test(
    "the elements are those of no workers, whatever the workers and the depth", arguments: [0, 1, 2, 5], [1, 3, 16])
  func order(workers: Int, depth: Int) {
    let prefetcher = Prefetcher(from: 7, workers: workers, depth: depth, make: Self.make)
    for index in 7..<207 { #expect(prefetcher.next() == Self.make(index)) }
    #expect(prefetcher.position == 207)
  }

  @Test("no more than depth elements are made ahead")
  func backpressure() {
    let made = Made()
    let prefetcher = Prefetcher(workers: 3, depth: 4) { index in
      made.highest.withLock { $0 = max($0, index) }
      return index
    }
    for index in 0..<100 {
      #expect(made.highest.withLock { $0 } < index + 4)
      #expect(prefetcher.next() == index)
    }
  }

  private final class Made: Sendable { let highest = Mutex(-1) }

  @Test("a prefetcher that starts at a saved position continues the sequence")
  func resume() {
    let first = Prefetcher(workers: 2, depth: 8, make: Self.make)
    for _ in 0..<13 { _ = first.next() }
    let second = Prefetcher(from: first.position, workers: 1, depth: 2, make: Self.make)
    for _ in 0..<20 { #expect(first.next() == second.next()) }
  }

  @Test("letting go of a prefetcher ends its threads, also while they work or wait")
  func release() {
    for depth in [1, 64] {
      for _ in 0..<20 {
        let prefetcher = Prefetcher(workers: 4, depth: depth, make: Self.make)
        _ = prefetcher.next()
      }
    }
  }
}
