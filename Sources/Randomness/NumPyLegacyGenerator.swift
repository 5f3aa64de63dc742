#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// NumPy's legacy generator, `numpy.random.RandomState`: the same seed gives the same numbers, bit for bit.
///
/// Published labelled/unlabelled splits were drawn with it (STAC's and MMDetection's COCO lists), so they can be drawn
/// again here. New draws of this project use ``SeededGenerator``.
///
/// Source: M. Matsumoto, T. Nishimura, "Mersenne Twister", 1998 (MT19937); NumPy's frozen "legacy" stream (NEP 19).
public struct NumPyLegacyGenerator: RandomNumberGenerator, Sendable {
  private var words: [UInt32]
  private var position: Int
  private var spareNormal: Double?

  /// `numpy.random.RandomState(seed)`.
  public init(seed: UInt32) {
    words = [UInt32](repeating: seed, count: 624)
    for index in 1..<624 {
      let previous = words[index - 1]
      words[index] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index)
    }
    position = 624
  }

  /// The next 32 random bits.
  public mutating func nextWord() -> UInt32 {
    if position == 624 { regenerate() }
    var word = words[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C_5680
    word ^= (word << 15) & 0xEFC6_0000
    return word ^ (word >> 18)
  }

  /// The next 64 random bits: two words, the higher one first, as NumPy joins them.
  public mutating func next() -> UInt64 {
    let high = UInt64(nextWord())
    return high << 32 | UInt64(nextWord())
  }

  private mutating func regenerate() {
    words.withUnsafeMutableBufferPointer { words in
      for index in 0..<624 {
        let joined = words[index] & 0x8000_0000 | words[(index + 1) % 624] & 0x7FFF_FFFF
        words[index] = words[(index + 397) % 624] ^ (joined >> 1) ^ (joined & 1 == 0 ? 0 : 0x9908_B0DF)
      }
    }
    position = 0
  }

  /// A number in 0...`maximum`, drawn with NumPy's mask and rejection; draws nothing when `maximum` is 0.
  private mutating func interval(_ maximum: UInt64) -> UInt64 {
    guard maximum > 0 else { return 0 }
    let mask = UInt64.max >> UInt64(maximum.leadingZeroBitCount)
    while true {
      let value = (maximum <= UInt64(UInt32.max) ? UInt64(nextWord()) : next()) & mask
      if value <= maximum { return value }
    }
  }
}

extension NumPyLegacyGenerator {
  /// `random_sample()`: a number in [0, 1) with 53 random bits.
  public mutating func randomSample() -> Double {
    let high = nextWord() >> 5
    let low = nextWord() >> 6
    return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
  }

  /// `randint(low, high)`: a whole number in `low..<high`.
  ///
  /// - Precondition: `low` is below `high`.
  public mutating func randint(_ low: Int, _ high: Int) -> Int {
    precondition(low < high, "NumPyLegacyGenerator.randint: expected low < high, got \(low) and \(high)")
    let width = UInt64(bitPattern: Int64(high &- low)) &- 1
    return low &+ Int(truncatingIfNeeded: interval(width))
  }

  /// `randint(low, high, count)`.
  public mutating func randint(_ low: Int, _ high: Int, count: Int) -> [Int] {
    (0..<count).map { _ in randint(low, high) }
  }

  /// `choice(population, count, replace)`: indices out of 0..<`population`.
  ///
  /// With replacement an index may come twice: 11 828 draws out of 118 287 give only about 11 260 different ones, which
  /// is how the published 10 % COCO lists came to be shorter than 10 %.
  /// - Precondition: without replacement, `count` is at most `population`.
  public mutating func choice(_ population: Int, count: Int, replacing: Bool) -> [Int] {
    if replacing { return randint(0, population, count: count) }
    precondition(
      count <= population, "NumPyLegacyGenerator.choice: expected at most \(population) indices, got \(count)")
    return Array(permutation(population).prefix(count))
  }

  /// `permutation(count)`: the numbers 0..<`count` in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// `shuffle(array)` of a one-dimensional array.
  public mutating func shuffle<Element>(_ array: inout [Element]) {
    guard array.count > 1 else { return }
    for last in stride(from: array.count - 1, to: 0, by: -1) {
      array.swapAt(last, Int(interval(UInt64(last))))
    }
  }

  /// `standard_normal()`: the polar method, which keeps the second number of each pair for the next call.
  public mutating func standardNormal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let x = 2 * randomSample() - 1
      let y = 2 * randomSample() - 1
      let squared = x * x + y * y
      if squared < 1, squared != 0 {
        let factor = (-2 * log(squared) / squared).squareRoot()
        spareNormal = factor * x
        return factor * y
      }
    }
  }
}
