import Testing
import Torch

@testable import Layers

@Suite("DropPath") struct DropPathTests {
  private final class Branches: Module {
    let paths: [DropPath]

    init(_ count: Int) { paths = (0..<count).map { DropPath(block: $0, of: count) } }
  }

  /// The last of two branches, whose rate is the maximum.
  private static func path(_ rate: Double) -> DropPath {
    let path = DropPath(block: 1, of: 2)
    path.setDropPath(rate)
    return path
  }

  private static func applied(_ path: DropPath, _ input: Tensor, seed: UInt64) -> Tensor {
    path.withDropout(from: Generator(seed: seed)) { path(input) }
  }

  @Test("an image's branch is 0 as a whole where its draw is below the rate, else scaled up, as written out")
  func reference() {
    let input = Tensor.normal([6, 3, 4, 5], using: Generator(seed: 3))
    let output = Self.applied(Self.path(0.5), input, seed: 7)
    let draws = Tensor.uniform([6], using: Generator(seed: 7)).doubles
    #expect(draws.contains { $0 < 0.5 } && draws.contains { $0 >= 0.5 })
    for (image, draw) in draws.enumerated() {
      let (found, source) = (
        output.sliced(axis: 0, from: image, to: image + 1).doubles, input.doubles[image * 60..<image * 60 + 60]
      )
      #expect(zip(found, source).allSatisfy { $0 == (draw < 0.5 ? 0 : $1 * 2) })
    }
    // Tokens [N, L, C] go image by image, too.
    let tokens = Self.applied(Self.path(0.5), input.reshaped(6, 12, 5), seed: 7)
    #expect(tokens.reshaped(6, 3, 4, 5).isEqual(to: output))
  }

  @Test("images are dropped as often as the rate says, and the mean stays", arguments: [0.1, 0.3, 0.75])
  func share(rate: Double) {
    let output = Self.applied(Self.path(rate), .ones([20_000, 1, 1, 1]), seed: 1).doubles
    let dropped = Double(output.filter { $0 == 0 }.count) / 20_000
    // Four standard deviations of a share of 20 000 draws.
    let noise = 4 * (rate * (1 - rate) / 20_000).squareRoot()
    #expect(abs(dropped - rate) < noise, "\(dropped)")
    #expect(abs(output.reduce(0, +) / 20_000 - 1) < noise / (1 - rate))
  }

  @Test("one seed gives one result, and each branch draws for itself")
  func seeds() {
    let input = Tensor.ones([64, 2, 1, 1])
    let path = Self.path(0.5)
    #expect(Self.applied(path, input, seed: 1).isEqual(to: Self.applied(path, input, seed: 1)))
    #expect(!Self.applied(path, input, seed: 1).isEqual(to: Self.applied(path, input, seed: 2)))
    let both = Branches(3)
    both.setDropPath(0.5)
    let (second, third) = both.withDropout(from: Generator(seed: 1)) { (both.paths[1](input), both.paths[2](input)) }
    #expect(!(second .== 0).isEqual(to: third .== 0))
  }

  @Test("at a rate of 0 and in evaluation the branch passes as it is, and nothing is drawn")
  func passing() {
    let input = Tensor.normal([4, 2, 3, 3], using: Generator(seed: 3))
    let generator = Generator(seed: 1)
    let before = generator.state
    let path = Self.path(0.5)
    path.evaluate()
    #expect(path.withDropout(from: generator) { path(input) }.isEqual(to: input))
    path.train()
    path.setDropPath(0)
    #expect(path.withDropout(from: generator) { path(input) }.isEqual(to: input))
    #expect(path(input).isEqual(to: input))
    #expect(generator.state.isEqual(to: before))
  }

  @Test("rates rise linearly from 0 to the maximum; a single branch is never dropped")
  func rates() {
    func rates(_ count: Int, _ maximum: Double) -> [Double] {
      let branches = Branches(count)
      branches.setDropPath(maximum)
      return branches.paths.map(\.rate)
    }
    #expect(rates(5, 0.5) == [0, 0.125, 0.25, 0.375, 0.5])
    #expect(rates(5, 0) == [0, 0, 0, 0, 0] && rates(1, 0.5) == [0])
  }

  @Test("a rate outside 0..<1, and a draw without a generator, end the program")
  func refusals() async {
    await #expect(processExitsWith: .failure) { DropPath(block: 1, of: 2).setDropPath(1) }
    await #expect(processExitsWith: .failure) {
      let path = DropPath(block: 1, of: 2)
      path.setDropPath(0.5)
      _ = path(.ones([1, 1, 1, 1]))
    }
  }

  @Test("a generator within another goes first, and the outer one goes on behind it")
  func nesting() {
    let path = Self.path(0.5)
    let input = Tensor.ones([64, 1])
    let (inner, outer) = path.withDropout(from: Generator(seed: 1)) {
      (path.withDropout(from: Generator(seed: 2)) { path(input) }, path(input))
    }
    #expect(inner.isEqual(to: Self.applied(path, input, seed: 2)))
    #expect(outer.isEqual(to: Self.applied(path, input, seed: 1)))
  }

  @Test("gradients are scaled like the branch, and its type stays", arguments: [ElementType.float32, .bfloat16])
  func gradients(type: ElementType) throws {
    let input = Tensor.ones([16, 2, 2, 2], type)
    input.requiresGradient = true
    let output = Self.applied(Self.path(0.5), input, seed: 1)
    #expect(output.elementType == type)
    output.sum().backward()
    let gradient = try #require(input.gradient)
    #expect(gradient.isEqual(to: output.detached()))
    #expect(Set(gradient.doubles) == [0, 2])
  }
}
