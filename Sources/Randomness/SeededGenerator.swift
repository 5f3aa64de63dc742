#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The project's random generator: xoshiro256\*\*, keyed by a seed and any number of stream keys.
///
/// Work that runs in parallel, or ahead of the step that uses it, derives a generator of its own by key, for example
/// `SeededGenerator(seed: run, stream: epoch, index)`. What is drawn then depends on the keys only, never on the number
/// of workers or their order. All of the state is the four words of ``state``: nothing is cached between calls, so a
/// saved generator continues exactly.
///
/// Source: D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021; seeding by SplitMix64, as the
/// authors advise.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Codable, Hashable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// A generator for a seed.
  ///
  /// - Parameter seed: any number, 0 included.
  public init(seed: UInt64) {
    self.init(seed: seed, keys: [])
  }

  /// A generator for a seed and a path of keys; each path has its own stream, and the order of the keys matters.
  public init(seed: UInt64, stream: UInt64...) {
    self.init(seed: seed, keys: stream)
  }

  /// A generator for a seed and a path of keys given as an array.
  public init(seed: UInt64, keys: [UInt64]) {
    var expander = SplitMix64(state: seed)
    (s0, s1, s2, s3) = (expander.next(), expander.next(), expander.next(), expander.next())
    for key in keys {
      // Two lanes pass what they held to their neighbours, so no path of keys cancels another.
      var lane = SplitMix64(state: key)
      let (t0, t1, t2, t3) = (s0, s1, s2, s3)
      s0 = SplitMix64.mix(t0 ^ lane.next()) &+ t3
      s1 = SplitMix64.mix(t1 ^ lane.next()) &+ t0
      s2 = SplitMix64.mix(t2 ^ lane.next()) &+ t1
      s3 = SplitMix64.mix(t3 ^ lane.next()) &+ t2
    }
    if s0 | s1 | s2 | s3 == 0 { s0 = 0x9E37_79B9_7F4A_7C15 }
  }

  /// The generator that continues from a saved ``state``; nil unless it is four words that are not all zero.
  public init?(state: [UInt64]) {
    guard state.count == 4, state.contains(where: { $0 != 0 }) else { return nil }
    (s0, s1, s2, s3) = (state[0], state[1], state[2], state[3])
  }

  /// The four words that decide all that follows.
  public var state: [UInt64] { [s0, s1, s2, s3] }

  /// The next 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 { step() }

  @usableFromInline
  mutating func step() -> UInt64 {
    let product = s1 &* 5
    let result = (product << 7 | product >> 57) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = s3 << 45 | s3 >> 19
    return result
  }

  // MARK: Codable

  /// Reads the words that `encode(to:)` wrote; refuses any other count, and four zeros.
  public init(from decoder: any Decoder) throws {
    let words = try [UInt64](from: decoder)
    guard let generator = SeededGenerator(state: words) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "random state: found \(words), wanted 4 words, not all 0"))
    }
    self = generator
  }

  /// Writes ``state`` as an array of four numbers.
  public func encode(to encoder: any Encoder) throws {
    try state.encode(to: encoder)
  }
}

extension SeededGenerator {
  /// A number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double {
    Double(step() >> 11) * 0x1p-53
  }

  /// A number between the range's ends.
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A whole number in 0..<`bound`, all equally likely (Lemire's method).
  ///
  /// - Precondition: `bound` is above 0.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "SeededGenerator.integer(below:): expected a bound above 0, got \(bound)")
    let width = UInt64(bound)
    var (high, low) = step().multipliedFullWidth(by: width)
    if low < width {
      let threshold = (0 &- width) % width
      while low < threshold { (high, low) = step().multipliedFullWidth(by: width) }
    }
    return Int(high)
  }

  /// True with the given probability; draws one number whatever the probability is.
  public mutating func chance(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// A number from the standard normal distribution.
  ///
  /// Box–Muller, and the second number of the pair is not kept: two draws per call, no hidden state.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// The numbers 0..<`count` in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// Puts the elements in random order (Fisher–Yates, from the end).
  ///
  /// Unlike `shuffle(using:)` of the standard library, the order is this library's own promise: a new compiler cannot
  /// change it.
  public mutating func shuffle<Element>(_ array: inout [Element]) {
    guard array.count > 1 else { return }
    for last in stride(from: array.count - 1, to: 0, by: -1) {
      array.swapAt(last, integer(below: last + 1))
    }
  }

  /// `count` different indices out of 0..<`population`, in random order.
  ///
  /// - Precondition: `count` is between 0 and `population`.
  public mutating func sample(_ count: Int, of population: Int) -> [Int] {
    precondition(
      (0...population).contains(count), "SeededGenerator.sample: expected 0...\(population) indices, got \(count)")
    var order = Array(0..<population)
    for place in 0..<count {
      order.swapAt(place, place + integer(below: population - place))
    }
    return Array(order.prefix(count))
  }
}
