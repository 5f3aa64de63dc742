import Documents
import Randomness
import Testing

@testable import Evaluation

/// A figure for each image, and their mean.
private struct Means: ResampledFigures {
  var values: [Double]
  var imageCount: Int { values.count }
  var parts: [String] { [] }

  func figures(_ weights: UnsafeBufferPointer<Int32>) -> [Double] {
    let total = weights.reduce(0) { $0 + Int($1) }
    return [values.indices.reduce(0) { $0 + values[$1] * Double(weights[$1]) } / Double(total)]
  }
}

@Suite("PairedBootstrap")
struct PairedBootstrapTests {
  @Test("a run compared with itself differs in no sample")
  func identical() {
    let run = Means(values: (0..<30).map { Double($0 % 7) / 7 })
    let bootstrap = PairedBootstrap(run, run, samples: 100)
    #expect(bootstrap.all.difference == 0 && bootstrap.all.interval == 0...0 && bootstrap.all.probability == 0.5)
    #expect(bootstrap.all.verdict == .same && bootstrap.all.samples == 100)
  }

  @Test("a difference in every image is found, in its direction")
  func constructed() {
    let run = Means(values: (0..<30).map { Double($0 % 7) / 7 })
    let better = Means(values: run.values.map { $0 + 0.25 })
    let bootstrap = PairedBootstrap(run, better, samples: 100)
    #expect(bootstrap.all.verdict == .secondIsBetter && bootstrap.all.probability == 1)
    #expect(abs(bootstrap.all.difference - 0.25) < 1e-12)
    #expect(PairedBootstrap(better, run, samples: 100).all.verdict == .firstIsBetter)
  }

  @Test("the same seed gives the same samples, another one others")
  func deterministic() {
    var generator = SeededGenerator(seed: 5)
    let first = Means(values: (0..<50).map { _ in generator.uniform() })
    let second = Means(values: (0..<50).map { _ in generator.uniform() })
    let one = PairedBootstrap(first, second, samples: 50, seed: 3)
    #expect(PairedBootstrap(first, second, samples: 50, seed: 3) == one)
    #expect(PairedBootstrap(first, second, samples: 50, seed: 4) != one)
    // A sample is a matter of the seed and its number: more samples begin with the same ones, on however many cores.
    var drawn = SeededGenerator(seed: 3, stream: 0)
    let places = (0..<50).map { _ in drawn.integer(below: 50) }
    let mean = places.reduce(0) { $0 + second.values[$1] - first.values[$1] } / 50
    let single = PairedBootstrap(first, second, samples: 1, seed: 3).all.interval
    #expect(abs((single?.lowerBound ?? .nan) - mean) < 1e-12)
  }

  @Test("the interval covers the true difference about as often as it says")
  func coverage() {
    var generator = SeededGenerator(seed: 11)
    let (sets, truth) = (300, 0.05)
    var (covered, called) = (0, 0)
    for set in 0..<sets {
      let first = (0..<40).map { _ in 0.5 + 0.2 * generator.normal() }
      let second = first.map { $0 + truth + 0.1 * generator.normal() }
      let bootstrap = PairedBootstrap(Means(values: first), Means(values: second), samples: 200, seed: UInt64(set))
      if bootstrap.all.interval?.contains(truth) ?? false { covered += 1 }
      // The same, without a difference.
      let third = first.map { $0 + 0.1 * generator.normal() }
      if PairedBootstrap(Means(values: first), Means(values: third), samples: 200, seed: UInt64(set)).all.verdict
        != .noise
      {
        called += 1
      }
    }
    // 95 %, a little less for a percentile interval of 40 images; a standard error of 300 sets is 1.3 %.
    #expect((0.89...0.985).contains(Double(covered) / Double(sets)), "\(covered) of \(sets)")
    #expect((0.015...0.11).contains(Double(called) / Double(sets)), "\(called) of \(sets)")
  }

  @Test("quantiles lie on straight lines between values, as NumPy's")
  func quantiles() {
    #expect(PairedBootstrap.quantile(0.5, [1, 2, 4]) == 2 && PairedBootstrap.quantile(0.75, [1, 2, 4]) == 3)
    #expect(PairedBootstrap.quantile(0.025, [7]) == 7 && PairedBootstrap.quantile(1, [1, 2]) == 2)
  }

  @Test("no images, and figures that do not exist, are nothing to judge by")
  func nothing() {
    let none = PairedBootstrap(Means(values: []), Means(values: []), samples: 10)
    #expect(none.all.verdict == .nothing && none.all.interval == nil && none.all.first == -1)
    let unknown = Means(values: [.nan, .nan])
    let bootstrap = PairedBootstrap(unknown, Means(values: [1, 1]), samples: 10)
    #expect(bootstrap.all.samples == 0 && bootstrap.all.verdict == .nothing && bootstrap.all.difference == 0)
    #expect(bootstrap.json(metric: "AP", runs: ["a", "b"])["interval"] == .null)
  }
}
