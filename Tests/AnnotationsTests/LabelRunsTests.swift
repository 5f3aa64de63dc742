import Documents
import Randomness
import Testing

@testable import Annotations

@Suite struct LabelRunsTests {
  @Test(
    "the runs of every number are those that a mask of it has",
    arguments: [(1, 1), (1, 9), (9, 1), (7, 5), (33, 31), (64, 65), (40, 100)])
  func reference(height: Int, width: Int) {
    var generator = SplitMix64(state: UInt64(height * 1000 + width))
    // Stretches of numbers as well as single ones.
    var last: UInt8 = 0
    let pixels = (0..<height * width).map { _ -> UInt8 in
      if Int.random(in: 0..<3, using: &generator) == 0 { last = UInt8.random(in: 0...4, using: &generator) }
      return last
    }
    let runs = LabelRuns(pixels, height: height, width: width)
    #expect(runs.entries.map(\.value) == Set(pixels).map(Int.init).sorted())
    for entry in runs.entries {
      let mask = RunLengthMask(pixels: pixels.map { Int($0) == entry.value ? 1 : 0 }, height: height, width: width)
      #expect(entry.mask == mask)
      #expect(entry.mask.compressed == mask.compressed)
    }
    let some = LabelRuns(pixels.map { UInt32($0) * 70_000 }, height: height, width: width, without: [0, 140_000])
    #expect(
      some.entries.map(\.value) == Set(pixels).map { Int($0) * 70_000 }.filter { $0 != 0 && $0 != 140_000 }.sorted())
    for entry in some.entries {
      #expect(runs.entries.contains { $0.mask == entry.mask && $0.value * 70_000 == entry.value })
    }
  }

  @Test("the first run is background, of length 0 where the first pixel is the object's, and runs go down the columns")
  func first() {
    let runs = LabelRuns([1, 0, 0, 1, 1, 0] as [UInt8], height: 2, width: 3)
    // Columns: 1 1, 0 1, 0 0.
    #expect(runs.entries[1].mask.counts == [0, 2, 1, 1, 2])
    #expect(runs.entries[0].mask.counts == [2, 1, 1, 2])
  }

  @Test("results are in order, however many cores work on them")
  func order() {
    #expect(parallelMap(count: 1000) { $0 * $0 } == (0..<1000).map { $0 * $0 })
    #expect(parallelMap(count: 0) { $0 } == [])
  }
}
