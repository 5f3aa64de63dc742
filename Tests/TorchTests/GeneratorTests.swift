import Testing

@testable import Torch

@Suite("Generator") struct GeneratorTests {
  @Test("a seed gives one stream, another seed another")
  func seeds() {
    func draw(_ seed: UInt64) -> Tensor { Tensor.normal([100], using: Generator(seed: seed)) }
    #expect(draw(1).isEqual(to: draw(1)))
    #expect(!draw(1).isEqual(to: draw(2)))
    #expect(!draw(1).isEqual(to: draw(1 << 40 | 1)))
  }

  @Test("a restored state goes on with the same draws, in another generator too")
  func state() {
    let generator = Generator(seed: 5)
    _ = Tensor.normal([7], using: generator)  // an odd number: one normal draw is kept for the next call
    let state = generator.state.copied()
    func draws(_ generator: Generator) -> [Tensor] {
      [
        .normal([3], using: generator), .uniform([20], using: generator), .permutation(30, using: generator),
        .normal([33], .float64, using: generator),
      ]
    }
    let first = draws(generator)
    let other = Generator(seed: 9)
    other.state = state
    generator.state = state
    for again in [draws(generator), draws(other)] {
      #expect(zip(first, again).allSatisfy { $0.isEqual(to: $1) })
    }
    #expect(state.elementType == .uint8)
  }

  @Test("uniform draws fill 0…1 evenly, normal ones have mean 0 and deviation 1")
  func distributions() {
    let generator = Generator(seed: 3)
    let uniform = Tensor.uniform([40_000], .float64, using: generator)
    #expect(uniform.min().scalar >= 0 && uniform.max().scalar < 1)
    #expect(abs(uniform.mean().scalar - 0.5) < 0.01)
    let shares = (0..<4).map { ((uniform * 4).floor().to(.int64) .== $0).sum().scalar / 40_000 }
    #expect(shares.allSatisfy { abs($0 - 0.25) < 0.01 })
    let normal = Tensor.normal([40_000], .float64, using: generator)
    #expect(abs(normal.mean().scalar) < 0.02 && abs(normal.variance(0, correction: 0).scalar - 1) < 0.03)
  }

  @Test("a permutation holds every index once")
  func permutation() {
    let order = Tensor.permutation(1000, using: Generator(seed: 4)).integers
    #expect(order != Array(0..<1000) && order.sorted() == Array(0..<1000))
    #expect(Tensor.permutation(0, using: Generator(seed: 4)).count == 0)
  }
}
