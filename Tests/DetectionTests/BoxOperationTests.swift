import Testing

@testable import Detection
@testable import Torch

/// Boxes with whole corners inside 100×80, drawn from a seed, each at least 2 wide and high.
func randomBoxes(_ count: Int, seed: UInt64) -> [[Double]] {
  let draws = Tensor.uniform([max(count, 1), 4], .float64, using: Generator(seed: seed)).doubles
  return (0..<count).map { index in
    let part = draws[4 * index..<4 * index + 4].map { $0 }
    let (x, y) = ((part[0] * 70).rounded(), (part[1] * 50).rounded())
    return [x, y, x + 2 + (part[2] * 28).rounded(), y + 2 + (part[3] * 28).rounded()]
  }
}

func tensor(_ boxes: [[Double]]) -> Tensor { Tensor(boxes.flatMap { $0 }, shape: [boxes.count, 4]) }

/// Intersection over union of two boxes, straight from its definition.
func overlap(_ a: [Double], _ b: [Double]) -> Double {
  let width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
  let height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
  let union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - width * height
  return width * height / union
}

/// float64 on both sides, the same formula: only the order of rounding differs.
private let sameAlgorithm = 1e-12

@Suite struct AnchorGeneratorTests {
  @Test("every anchor lies where a loop over rows, columns, ratios and sizes puts it")
  func positions() {
    let generator = AnchorGenerator(sizes: [[32], [64, 80]], aspectRatios: [0.5, 1, 2])
    #expect(generator.countsPerPosition == [3, 6])
    let maps = [(height: 3, width: 5), (height: 2, width: 3)]
    // 61 is no multiple of 3: the stride is rounded down.
    let found = generator.anchors(mapSizes: maps, height: 24, width: 61, type: .float64).levels
    for (level, map) in maps.enumerated() {
      var expected: [Double] = []
      for row in 0..<map.height {
        for column in 0..<map.width {
          let (y, x) = (Double(row * (24 / map.height)), Double(column * (61 / map.width)))
          for ratio in [0.5, 1, 2] {
            for size in generator.sizes[level] {
              let (halfWidth, halfHeight) = (size / ratio.squareRoot() / 2, size * ratio.squareRoot() / 2)
              expected += [
                x + (-halfWidth).rounded(.toNearestOrEven), y + (-halfHeight).rounded(.toNearestOrEven),
                x + halfWidth.rounded(.toNearestOrEven), y + halfHeight.rounded(.toNearestOrEven),
              ]
            }
          }
        }
      }
      #expect(found[level].doubles == expected)
    }
  }

  @Test("the anchors of all levels lie one behind the other, in each type and for any number of threads")
  func together() {
    let threads = Engine.threadCount
    defer { Engine.threadCount = threads }
    let generator = AnchorGenerator(sizes: [[32], [64], [128]], aspectRatios: [0.5, 1, 2])
    let maps = [(height: 96, width: 133), (height: 48, width: 67), (height: 1, width: 1)]
    func made(_ type: ElementType) -> (all: Tensor, levels: [Tensor]) {
      generator.anchors(mapSizes: maps, height: 384, width: 532, type: type)
    }
    let exact = made(.float64)
    for count in 1...3 {
      Engine.threadCount = count
      for type in [ElementType.float32, .float64] {
        let found = made(type)
        #expect(found.all.isEqual(to: exact.all.to(type)) && found.all.isEqual(to: concatenate(found.levels)))
      }
    }
  }

  @Test("torchvision rounds corners, and the last level of 800 rows steps by 61; mmdetection rounds nothing")
  func published() {
    func first(_ strides: [Int]?) -> [[Double]] {
      let sizes: [[Double]] = [[32], [512]]
      let generator = AnchorGenerator(sizes: sizes, aspectRatios: [0.5], strides: strides)
      let maps = [(height: 200, width: 200), (height: 13, width: 13)]
      let found = generator.anchors(mapSizes: maps, height: 800, width: 800, type: .float64).levels
      // The first anchor of the first level, and how far the second of the last level lies behind its first.
      return [found[0][0].doubles, (found[1][1] - found[1][0]).doubles]
    }
    #expect(first(nil) == [[-23, -11, 23, 11], [61, 0, 61, 0]])
    let wanted = [[-22.627417, -11.3137085, 22.627417, 11.3137085], [64, 0, 64, 0]]
    for (found, wanted) in zip(first([4, 64]), wanted) {
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-4 }, "\(found)")
    }
  }
}

@Suite struct BoxCoderTests {
  @Test("decoding undoes encoding", arguments: [(1.0, 1.0, 1.0, 1.0), (10.0, 10.0, 5.0, 5.0)])
  func inverse(weights: (Double, Double, Double, Double)) {
    let coder = BoxCoder(weights: weights)
    let (boxes, references) = (tensor(randomBoxes(50, seed: 1)), tensor(randomBoxes(50, seed: 2)))
    let offsets = coder.encoded(boxes, from: references)
    let back = coder.decoded(offsets.unsqueezed(1), from: references).reshaped(-1, 4)
    #expect(zip(back.doubles, boxes.doubles).allSatisfy { abs($0 - $1) < 100 * sameAlgorithm })
  }

  @Test("offsets follow R-CNN's formula; no offset keeps the box; growth is limited to 1000 / 16")
  func formula() {
    let coder = BoxCoder(weights: (10, 10, 5, 5))
    let offsets = coder.encoded(tensor([[12, 18, 32, 58]]), from: tensor([[0, 0, 10, 20]])).doubles
    let expected = [10 * (22.0 - 5) / 10, 10 * (38.0 - 10) / 20, 5 * 0.6931471805599453, 5 * 0.6931471805599453]
    #expect(zip(offsets, expected).allSatisfy { abs($0 - $1) < sameAlgorithm })
    let reference = tensor([[0, 0, 10, 20]])
    #expect(coder.decoded(.zeros([1, 1, 4], .float64), from: reference).doubles == [0, 0, 10, 20])
    let huge = coder.decoded(tensor([[0, 0, 1e6, 1e6]]).unsqueezed(1), from: reference).doubles
    #expect(abs(huge[2] - huge[0] - 10 * 62.5) < 1e-9 && abs(huge[3] - huge[1] - 20 * 62.5) < 1e-9)
  }

  @Test("no boxes give no offsets")
  func none() {
    let coder = BoxCoder(weights: (1, 1, 1, 1))
    #expect(coder.encoded(tensor([]), from: tensor([])).shape == [0, 4])
    #expect(coder.decoded(.zeros([0, 3, 4], .float64), from: tensor([])).shape == [0, 3, 4])
  }
}

@Suite struct MatcherTests {
  /// The rule, one candidate at a time.
  private func slow(_ candidates: [[Double]], _ truth: [[Double]], _ matcher: Matcher) -> [Int] {
    guard !truth.isEmpty else { return candidates.map { _ in Matcher.background } }
    let best = truth.map { box in candidates.map { overlap(box, $0) }.max() ?? 0 }
    return candidates.map { candidate in
      let overlaps = truth.map { overlap($0, candidate) }
      let highest = overlaps.max() ?? 0
      let index = overlaps.firstIndex(of: highest) ?? 0
      if matcher.keepsBest, zip(overlaps, best).contains(where: { $0 == $1 }) { return index }
      return highest >= matcher.high ? index : highest < matcher.low ? Matcher.background : Matcher.ignored
    }
  }

  @Test("equals the rule applied to one candidate at a time", arguments: [true, false], [1, 3, 8])
  func reference(keepsBest: Bool, count: Int) {
    for seed in 0..<10 as Range<UInt64> {
      let (candidates, truth) = (randomBoxes(60, seed: seed + 100), randomBoxes(count, seed: seed))
      let matcher = Matcher(high: 0.5, low: 0.2, keepsBest: keepsBest)
      let expected = slow(candidates, truth, matcher)
      #expect(matcher.matches(tensor(candidates), truth: tensor(truth)).integers == expected)
    }
  }

  @Test("a true box that nothing overlaps well still gets its best candidate, and only where that is asked for")
  func lowQuality() {
    let (candidates, truth) = (tensor([[0, 0, 10, 10], [50, 50, 60, 60]]), tensor([[8, 8, 30, 30]]))
    #expect(Matcher(high: 0.7, low: 0.3, keepsBest: true).matches(candidates, truth: truth).integers == [0, -1])
    #expect(Matcher(high: 0.7, low: 0.3, keepsBest: false).matches(candidates, truth: truth).integers == [-1, -1])
  }

  @Test("without true boxes all is background; without candidates there is nothing")
  func empty() {
    let matcher = Matcher(high: 0.7, low: 0.3, keepsBest: true)
    #expect(matcher.matches(tensor(randomBoxes(3, seed: 1)), truth: tensor([])).integers == [-1, -1, -1])
    #expect(matcher.matches(tensor([]), truth: tensor(randomBoxes(3, seed: 1))).integers.isEmpty)
  }
}

@Suite struct BalancedSamplerTests {
  @Test(
    "objects up to their share, background for the rest, none twice, none that is ignored",
    arguments: [(20, 100, 16, 0.25, 4, 12), (2, 100, 16, 0.25, 2, 14), (20, 3, 16, 0.25, 4, 3), (0, 0, 16, 0.5, 0, 0)])
  func counts(
    objects: Int, background: Int, count: Int, share: Double, wantedObjects: Int, wantedBackground: Int
  ) {
    let labels =
      Array(repeating: 3, count: objects) + Array(repeating: -1, count: 7)
      + Array(repeating: 0, count: background)
    let sampler = BalancedSampler(generator: Generator(seed: 4))
    let chosen = sampler.sample(Tensor(labels), count: count, positiveFraction: share)
    let (positive, negative) = (chosen.positive.integers, chosen.negative.integers)
    #expect(positive.count == wantedObjects && Set(positive).count == wantedObjects)
    #expect(negative.count == wantedBackground && Set(negative).count == wantedBackground)
    #expect(positive.allSatisfy { labels[$0] == 3 } && negative.allSatisfy { labels[$0] == 0 })
  }

  @Test("the same seed draws the same, another seed another")
  func seeds() {
    let labels = Tensor(Array(repeating: 0, count: 1000))
    func draw(_ seed: UInt64) -> [Int] {
      BalancedSampler(generator: Generator(seed: seed)).sample(labels, count: 20, positiveFraction: 0.5).negative
        .integers
    }
    #expect(draw(1) == draw(1) && draw(1) != draw(2))
  }

  @Test("every set of candidates is drawn as often as another")
  func uniform() {
    let sampler = BalancedSampler(generator: Generator(seed: 6))
    let labels = Tensor([0, 1, -1, 0, 0, 0, 0])
    let draws = 6000
    var counts: [[Int]: Int] = [:]
    for _ in 0..<draws {
      let chosen = sampler.sample(labels, count: 3, positiveFraction: 0.34)
      #expect(chosen.positive.integers == [1])
      counts[chosen.negative.integers, default: 0] += 1
    }
    // Ten pairs of the five; six standard deviations of a binomial count.
    #expect(counts.count == 10)
    for (_, count) in counts { #expect(abs(count - draws / 10) < 140) }
  }
}
