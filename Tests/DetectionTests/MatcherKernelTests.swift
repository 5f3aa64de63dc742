import Testing
import Torch

@testable import Detection

/// The kernel that matches against the engine's own operations on the matrix of all pairs.
@Suite struct MatcherKernelTests {
  /// The rule by whole-matrix operations.
  private func byMatrix(_ candidates: Tensor, _ truth: Tensor, _ matcher: Matcher) -> Tensor {
    func all(_ value: Int, like tensor: Tensor) -> Tensor { .full(tensor.shape, Double(value), .int64) }
    let overlaps = BoxTensors.intersectionOverUnion(truth, candidates)  // [G, C]
    let (best, indices) = overlaps.max(0)
    var result = select(best .>= matcher.high, indices, else: all(Matcher.ignored, like: indices))
    result = select(best .< matcher.low, all(Matcher.background, like: indices), else: result)
    guard matcher.keepsBest else { return result }
    let bestOfTruth = overlaps.max(1).values.unsqueezed(1)  // [G, 1]
    let isBest = overlaps .== bestOfTruth
    guard let taken = matcher.nearestTakenFrom else { return select(isBest.any(0), indices, else: result) }
    let numbers = Tensor.indices(truth.size(0)).unsqueezed(1).expanded(overlaps.shape)
    let keeper = select(isBest .& (bestOfTruth .>= taken), numbers, else: all(-1, like: overlaps)).max(0).values
    return select(keeper .>= 0, keeper, else: result)
  }

  /// Boxes [count, 4]; on whole pixels of a small image many IoUs are equal, and some boxes have no area.
  private func boxes(_ count: Int, onPixels: Bool, seed: UInt64, type: ElementType) -> Tensor {
    let generator = Generator(seed: seed)
    let side = onPixels ? 8.0 : 500.0
    var place = Tensor.uniform([count, 2], using: generator) * side
    var size = Tensor.uniform([count, 2], using: generator) * (side / 2)
    if onPixels { (place, size) = (place.floor(), size.floor()) }
    return concatenate([place, place + size], axis: 1).to(type)
  }

  @Test(
    "gives what the engine's operations give, of equal and of empty boxes too, in each type and for any number of threads",
    arguments: [false, true], [ElementType.float32, .float64])
  func matrix(onPixels: Bool, type: ElementType) {
    compare(onPixels: onPixels, type: type, ordered: false)
  }

  @Test(
    "and of blocks of candidates that true boxes lie beside", arguments: [false, true], [ElementType.float32, .float64])
  func beside(onPixels: Bool, type: ElementType) {
    compare(onPixels: onPixels, type: type, ordered: true)
  }

  /// Ordered candidates lie from left to right, so that neighbours of a block do.
  private func compare(onPixels: Bool, type: ElementType, ordered: Bool) {
    let threads = Engine.threadCount
    defer { Engine.threadCount = threads }
    for (seed, counts) in [(1, 1), (7, 40), (511, 3), (512, 5), (513, 1), (1700, 23), (40_000, 9)].enumerated() {
      var candidates = boxes(counts.0, onPixels: onPixels, seed: UInt64(seed), type: type)
      if ordered { candidates = candidates.gathered(candidates.selected(0, axis: 1).sorted(axis: 0).indices) }
      let truth = boxes(counts.1, onPixels: onPixels, seed: UInt64(seed + 100), type: type)
      for (keepsBest, taken) in [(false, nil), (true, nil), (true, 0.3)] as [(Bool, Double?)] {
        let matcher = Matcher(high: 0.7, low: 0.3, keepsBest: keepsBest, nearestTakenFrom: taken)
        let expected = byMatrix(candidates, truth, matcher)
        for count in [1, 2, 3] {
          Engine.threadCount = count
          let isSame = matcher.matches(candidates, truth: truth).isEqual(to: expected)
          #expect(isSame, "\(counts), keeps \(keepsBest), taken from \(taken ?? -1), \(count) threads")
        }
      }
    }
  }
}
