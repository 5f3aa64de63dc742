import Testing

@testable import Samples

@Suite struct BatchCountsTests {
  private func counts(
    _ labeled: Int, _ unlabeled: Int, _ composition: BatchComposition = BatchComposition(.drawn), parts: Int = 1,
    seed: UInt64 = 1, decay: Range<Int> = 0..<0
  ) -> BatchCounts {
    BatchCounts(
      ViewRequest(labeled: .init(images: labeled), unlabeled: .init(images: unlabeled), composition: composition),
      parts: parts, seed: seed, decay: decay)
  }

  private func labeled(_ counts: BatchCounts, steps: Int, part: Int = 0) -> [Int] {
    (0..<steps).map { counts.draws(ofStep: $0, part: part).labeled.count }
  }

  private func mean(_ numbers: [Int]) -> Double { Double(numbers.reduce(0, +)) / Double(numbers.count) }

  @Test("of 5 images drawn 1 to 4, 1.327 are labelled in the mean of 100,000 steps, at least one of each in all")
  func mean() {
    let steps = 100_000
    let numbers = labeled(counts(1, 4), steps: steps)
    #expect(Set(numbers) == [1, 2, 3, 4])
    // 5 · 0.2 + 0.8⁵ − 0.2⁵; a deviation of 0.55 over the root of the steps, five times.
    #expect(abs(mean(numbers) - 1.32736) < 0.009)
    #expect(abs(BatchComposition(.drawn).meanLabeled(1, 4) - 1.32736) < 1e-9)
    // One of each at least: none and one of the binomial distribution are one, five and four are four.
    for (number, wanted) in [(1, 0.32768 + 0.4096), (2, 0.2048), (3, 0.0512), (4, 0.0064 + 0.00032)] {
      let share = Double(numbers.count { $0 == number }) / Double(steps)
      #expect(abs(share - wanted) < 0.008, "\(number): \(share)")
    }
    #expect(Set(labeled(counts(1, 4, BatchComposition(.fixed)), steps: 1000)) == [1])
  }

  @Test("8 images drawn 1 to 1 are 4 of each in the mean, and by no means always")
  func half() {
    let numbers = labeled(counts(4, 4), steps: 40_000)
    #expect(Set(numbers) == Set(1...7) && abs(mean(numbers) - 4) < 0.04)
    #expect(BatchComposition(.drawn).meanLabeled(4, 4) == 4)
  }

  @Test("drawn by fives, 40 images have at least 8 and at most 32 labelled, 10.6 in the mean")
  func together() {
    let composition = BatchComposition(.drawn, drawnTogether: 5)
    let numbers = labeled(counts(8, 32, composition), steps: 20_000)
    #expect(numbers.allSatisfy { (8...32).contains($0) })
    #expect(abs(mean(numbers) - 8 * 1.32736) < 0.06)
    #expect(abs(composition.meanLabeled(8, 32) - 8 * 1.32736) < 1e-9)
    // What cannot be cut evenly is cut as evenly as can be.
    #expect(composition.groups(of: 13) == [7, 6] && composition.groups(of: 3) == [3])
  }

  @Test(
    "processes and steps take every draw once, in order, whatever is asked first",
    arguments: [(1, 4, 1), (1, 1, 1), (3, 2, 2), (8, 32, 3)], [BatchComposition.Kind.fixed, .drawn])
  func contiguous(sizes: (Int, Int, Int), kind: BatchComposition.Kind) {
    let (labeled, unlabeled, parts) = sizes
    for decay in [0..<0, 40..<400] {
      let counts = self.counts(labeled, unlabeled, BatchComposition(kind), parts: parts, decay: decay)
      var (first, second) = (0, 0)
      for step in 0..<60 {
        let (before, after) = (first, second)
        for part in 0..<parts {
          let draws = counts.draws(ofStep: step, part: part)
          #expect(draws.labeled.lowerBound == first && draws.unlabeled.lowerBound == second)
          #expect(draws.labeled.count >= 1 && draws.unlabeled.count >= 1)
          #expect(draws.labeled.count + draws.unlabeled.count == labeled + unlabeled)
          (first, second) = (draws.labeled.upperBound, draws.unlabeled.upperBound)
        }
        for draw in before..<first { #expect(counts.labeledBatch(ofDraw: draw) == before..<first) }
        for draw in after..<second { #expect(counts.unlabeledBatch(ofDraw: draw) == after..<second) }
      }
      // Asked from the end, by an object that has counted nothing.
      let fresh = self.counts(labeled, unlabeled, BatchComposition(kind), parts: parts, decay: decay)
      for step in (0..<60).reversed() {
        #expect(fresh.draws(ofStep: step, part: parts - 1) == counts.draws(ofStep: step, part: parts - 1))
      }
    }
  }

  @Test("seeds draw different numbers, and processes draw their own")
  func seeds() {
    #expect(labeled(counts(2, 3), steps: 50) != labeled(counts(2, 3, seed: 2), steps: 50))
    let counts = counts(2, 3, parts: 2)
    #expect(labeled(counts, steps: 50) != labeled(counts, steps: 50, part: 1))
  }

  @Test("the labelled share falls over the images it is to fall over, to one image a step")
  func decay() {
    // 4 of 8 a step; from step 1000 to step 2000.
    for kind in [BatchComposition.Kind.fixed, .drawn] {
      let numbers = labeled(counts(4, 4, BatchComposition(kind), decay: 8000..<16_000), steps: 2100)
      #expect(abs(mean(Array(numbers[..<1000])) - 4) < 0.2)
      #expect(abs(mean(Array(numbers[1240..<1260])) - 3) < 1.1)
      #expect(abs(mean(Array(numbers[1400..<1600])) - 2) < 0.3)
      #expect(numbers[1995...].allSatisfy { $0 == 1 })
      if kind == .fixed { #expect(numbers[1500] == 2 && numbers[999] == 4) }
    }
  }

  @Test("the fewest labelled images of a step are what steps have at least")
  func least() {
    #expect(BatchComposition(.fixed).leastLabeled(4, 8) == 4)
    #expect(BatchComposition(.drawn).leastLabeled(4, 8) == 1)
    #expect(BatchComposition(.drawn, drawnTogether: 5).leastLabeled(8, 32) == 8)
    var falling = BatchComposition(.fixed)
    falling.labeledShareDecayImages = 9
    #expect(falling.leastLabeled(4, 8) == 1 && falling.leastLabeled(4, 0) == 4)
  }
}
