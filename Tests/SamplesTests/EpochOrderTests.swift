import Randomness
import Testing

@testable import Samples

@Suite struct EpochOrderTests {
  @Test("every epoch takes each image once, and epochs differ", arguments: [1, 2, 3, 17, 100])
  func permutations(count: Int) {
    let order = EpochOrder(count: count, seed: 3, stream: 0)
    let epochs = (0..<4).map { epoch in (0..<count).map { order.image(ofDraw: epoch * count + $0) } }
    for epoch in epochs { #expect(epoch.sorted() == Array(0..<count)) }
    if count > 3 { #expect(Set(epochs).count == 4) }
  }

  @Test("the order depends on seed and stream alone, not on which draws were asked before")
  func pure() {
    let forward = EpochOrder(count: 10, seed: 3, stream: 1)
    let backward = EpochOrder(count: 10, seed: 3, stream: 1)
    let draws = Array(0..<60)
    let first = draws.map { forward.image(ofDraw: $0) }
    #expect(Array(draws.reversed().map { backward.image(ofDraw: $0) }.reversed()) == first)
    #expect(draws.map { EpochOrder(count: 10, seed: 4, stream: 1).image(ofDraw: $0) } != first)
    #expect(draws.map { EpochOrder(count: 10, seed: 3, stream: 2).image(ofDraw: $0) } != first)
  }

  @Test("grouped or not, every epoch is a permutation, for pools with no, one or few images of a group")
  func groupedPermutations() {
    var generator = SeededGenerator(seed: 5)
    for trial in 0..<300 {
      let count = 1 + generator.integer(below: 12)
      let batch = 1 + generator.integer(below: 6)
      let kinds = 1 + generator.integer(below: 3)
      let groups = (0..<count).map { _ in generator.integer(below: kinds) }
      let order = EpochOrder(count: count, seed: UInt64(trial), stream: 0, groups: groups, batch: batch)
      for epoch in 0..<5 {
        #expect(order.order(ofEpoch: epoch).map { Int($0) }.sorted() == Array(0..<count))
      }
    }
  }

  @Test("batches of drawn sizes are of one group too, but for left-overs, and epochs stay permutations")
  func drawnSizes() {
    let (count, epochs) = (101, 12)
    let groups = (0..<count).map { $0 % 3 == 0 ? 1 : 0 }
    let counts = BatchCounts(
      ViewRequest(labeled: .init(images: 2), unlabeled: .init(images: 4), composition: BatchComposition(.drawn)),
      parts: 1, seed: 5, decay: 0..<0)
    for batch in [counts.labeledBatch, counts.unlabeledBatch] {
      let order = EpochOrder(count: count, seed: 9, stream: 0, groups: groups, batch: batch)
      for epoch in 0..<epochs { #expect(order.order(ofEpoch: epoch).map { Int($0) }.sorted() == Array(0..<count)) }
      var (draw, mixed, batches) = (0, 0, 0)
      while draw < count * (epochs - 1) {
        let next = batch(draw)
        mixed += Set(next.map { groups[order.image(ofDraw: $0)] }).count > 1 ? 1 : 0
        batches += 1
        draw = next.upperBound
      }
      // Of each epoch at most four images a group are left over, in two to five batches where these are small.
      #expect(mixed <= 4 * epochs && batches > 20 * epochs, "\(mixed) of \(batches)")
    }
  }

  @Test("batches mix groups no more often than left-overs make them")
  func groupedBatches() {
    let count = 103
    let batch = 4
    let groups = (0..<count).map { $0 % 3 == 0 ? 1 : 0 }
    let order = EpochOrder(count: count, seed: 9, stream: 0, groups: groups, batch: batch)
    let epochs = 8
    var mixed = 0
    for start in stride(from: 0, to: count * epochs - batch, by: batch) {
      let kinds = Set((start..<start + batch).map { groups[order.image(ofDraw: $0)] })
      mixed += kinds.count > 1 ? 1 : 0
    }
    // Of each epoch at most (batch − 1) images a group are left over: two to three batches of 26.
    #expect(mixed <= epochs * 3)
    let plain = EpochOrder(count: count, seed: 9, stream: 0, batch: batch)
    let plainMixed = stride(from: 0, to: count * epochs - batch, by: batch).count { start in
      Set((start..<start + batch).map { groups[plain.image(ofDraw: $0)] }).count > 1
    }
    #expect(plainMixed > 3 * mixed)
  }
}
