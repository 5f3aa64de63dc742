import Testing
import Torch

@testable import Layers

@Suite("Dropout") struct DropoutTests {
  private final class Pair: Module {
    let first = Dropout(rate: 0.25)
    let second = Dropout(rate: 0.5, unit: .channel)

    func callAsFunction(_ input: Tensor) -> (Tensor, Tensor) { (first(input), second(input)) }
  }

  private static let input = Tensor.normal([4, 50, 6, 5], using: Generator(seed: 3)) + 5

  @Test("each element is 0 or scaled up, 0 as often as the rate says; each channel of an image goes as one")
  func units() {
    let pair = Pair()
    let (elements, channels) = pair.withDropout(from: Generator(seed: 1)) { pair(Self.input) }
    let kept = elements.doubles.filter { $0 != 0 }.count
    #expect(abs(Double(kept) / Double(elements.count) - 0.75) < 0.03)
    for (found, source) in zip(elements.doubles, Self.input.doubles) where found != 0 {
      #expect(abs(found - source / 0.75) < 1e-5 * found)
    }
    let zeros = (channels .== 0).to(.float64).mean(2, 3).doubles
    #expect(zeros.allSatisfy { $0 == 0 || $0 == 1 })
    #expect(abs(zeros.reduce(0, +) / Double(zeros.count) - 0.5) < 0.1)
    #expect(zeros.prefix(50) != zeros.suffix(50))
  }

  @Test("one seed gives one result, and each layer draws for itself")
  func seeds() {
    let pair = Pair()
    func run(_ seed: UInt64) -> [Tensor] {
      let both = pair.withDropout(from: Generator(seed: seed)) { pair(Self.input) }
      return [both.0, both.1]
    }
    #expect(zip(run(1), run(1)).allSatisfy { $0.isEqual(to: $1) })
    #expect(zip(run(1), run(2)).allSatisfy { !$0.isEqual(to: $1) })
  }

  @Test("in evaluation, and at a rate of 0, the input passes and nothing is drawn")
  func passing() {
    let layer = Dropout(rate: 0.5)
    layer.evaluate()
    let generator = Generator(seed: 1)
    let before = generator.state
    #expect(layer.withDropout(from: generator) { layer(Self.input) }.isEqual(to: Self.input))
    #expect(Dropout(rate: 0)(Self.input).isEqual(to: Self.input))
    #expect(generator.state.isEqual(to: before))
  }

  @Test("in training without a generator it ends the program: nothing is drawn that no seed decides")
  func withoutGenerator() async {
    await #expect(processExitsWith: .failure) { _ = Dropout(rate: 0.5)(.ones([1, 1, 1, 1])) }
    await #expect(processExitsWith: .failure) {
      let layer = Dropout(rate: 0.5)
      layer.withDropout(from: Generator(seed: 1)) {}
      _ = layer(.ones([1, 1, 1, 1]))
    }
  }

  @Test(
    "gradients are scaled like the elements, and the input's type stays", arguments: [ElementType.float32, .bfloat16])
  func gradients(type: ElementType) throws {
    let layer = Dropout(rate: 0.5)
    let input = Self.input.detached().to(type).copied()
    input.requiresGradient = true
    let output = layer.withDropout(from: Generator(seed: 1)) { layer(input) }
    #expect(output.elementType == type)
    output.sum().backward()
    let gradient = try #require(input.gradient)
    #expect(zip(gradient.doubles, output.doubles).allSatisfy { $0 == ($1 == 0 ? 0 : 2) })
  }
}
