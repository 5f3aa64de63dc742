import Foundation
import Testing

@testable import Randomness

@Suite("SeededGenerator")
struct SeededGeneratorTests {
  /// xoshiro256** and SplitMix64 as published, written a second time with plain arrays.
  private static func reference(seed: UInt64, count: Int) -> [UInt64] {
    var word = seed
    var s = (0..<4).map { _ -> UInt64 in
      word &+= 0x9E37_79B9_7F4A_7C15
      var z = word
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    return (0..<count).map { _ in
      let result = rotated(s[1] &* 5, 7) &* 9
      let t = s[1] << 17
      s[2] ^= s[0]
      s[3] ^= s[1]
      s[1] ^= s[2]
      s[0] ^= s[3]
      s[2] ^= t
      s[3] = rotated(s[3], 45)
      return result
    }
  }

  @Test("SplitMix64 gives its published first words for state 1234567")
  func splitMixVector() {
    var expander = SplitMix64(state: 1_234_567)
    let words = (0..<3).map { _ in expander.next() }
    #expect(words == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test("xoshiro256** gives its published first words for state 1, 2, 3, 4")
  func publishedVector() throws {
    var generator = try #require(SeededGenerator(state: [1, 2, 3, 4]))
    let words = (0..<5).map { _ in generator.next() }
    #expect(words == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360])
  }

  @Test("words equal the plain form", arguments: [0, 1, 77, UInt64.max])
  func equalsReference(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    #expect((0..<50).map { _ in generator.next() } == Self.reference(seed: seed, count: 50))
  }

  @Test("streams differ by seed, by key, by order and by depth of keys")
  func streamsDiffer() {
    var firsts = Set<[UInt64]>()
    var count = 0
    func insert(_ generator: SeededGenerator) {
      firsts.insert(generator.state)
      count += 1
    }
    for seed: UInt64 in 0..<8 {
      insert(SeededGenerator(seed: seed))
      for a: UInt64 in 0..<16 {
        insert(SeededGenerator(seed: seed, stream: a))
        for b: UInt64 in 0..<16 { insert(SeededGenerator(seed: seed, stream: a, b)) }
      }
    }
    #expect(firsts.count == count)
  }

  @Test("neighbouring streams are uncorrelated")
  func neighboursUncorrelated() {
    var sum = 0.0
    for key: UInt64 in 0..<20_000 {
      var one = SeededGenerator(seed: 3, stream: key)
      var two = SeededGenerator(seed: 3, stream: key + 1)
      sum += (one.uniform() - 0.5) * (two.uniform() - 0.5)
    }
    // Standard deviation of the mean: (1/12) / √20000 = 5.9e-4; five of them.
    #expect(abs(sum / 20_000) < 2.95e-3)
  }

  @Test("a saved generator continues exactly, through Codable and through its state")
  func savedContinues() throws {
    var generator = SeededGenerator(seed: 9, stream: 4)
    for _ in 0..<7 { _ = generator.normal() }
    let data = try JSONEncoder().encode(generator)
    var decoded = try JSONDecoder().decode(SeededGenerator.self, from: data)
    var restored = try #require(SeededGenerator(state: generator.state))
    for _ in 0..<10 {
      let value = generator.normal()
      #expect(decoded.normal() == value)
      #expect(restored.normal() == value)
    }
  }

  @Test(
    "a state of the wrong length or of zeros is refused", arguments: [[], [1, 2, 3], [0, 0, 0, 0], [1, 2, 3, 4, 5]])
  func badState(_ words: [UInt64]) throws {
    #expect(SeededGenerator(state: words) == nil)
    let data = try JSONEncoder().encode(words)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(SeededGenerator.self, from: data) }
  }

  @Test("integer(below:) stays in range and hits each value equally often", arguments: [1, 2, 3, 10, 17])
  func integers(bound: Int) {
    var generator = SeededGenerator(seed: 5)
    var counts = [Int](repeating: 0, count: bound)
    let draws = 20_000 * bound
    for _ in 0..<draws { counts[generator.integer(below: bound)] += 1 }
    // Five standard deviations of a binomial count with mean 20000.
    #expect(counts.allSatisfy { abs($0 - 20_000) <= 708 })
  }

  @Test("uniform and normal have their mean and variance, and uniform stays in [0, 1)")
  func moments() {
    var generator = SeededGenerator(seed: 6)
    let count = 200_000
    var (u1, u2, n1, n2) = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<count {
      let u = generator.uniform()
      #expect(u >= 0 && u < 1)
      let n = generator.normal()
      u1 += u
      u2 += u * u
      n1 += n
      n2 += n * n
    }
    let scale = 1 / Double(count)
    #expect(abs(u1 * scale - 0.5) < 0.0033)
    #expect(abs(u2 * scale - 1.0 / 3) < 0.0034)
    #expect(abs(n1 * scale) < 0.0112)
    #expect(abs(n2 * scale - 1) < 0.0159)
  }

  @Test("permutation and sample are made of different indices in range", arguments: [0, 1, 2, 33])
  func permutations(count: Int) {
    var generator = SeededGenerator(seed: 8)
    #expect(generator.permutation(count).sorted() == Array(0..<count))
    let sample = generator.sample(count / 2, of: count)
    #expect(sample.count == count / 2)
    #expect(Set(sample).count == sample.count && sample.allSatisfy { (0..<count).contains($0) })
  }

  @Test("all orders of three are equally likely")
  func orders() {
    var generator = SeededGenerator(seed: 10)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<60_000 { counts[generator.permutation(3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 10_000) < 457 })
  }
}
