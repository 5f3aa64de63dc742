import Testing
import Torch

@testable import Layers

@Suite("LayerNorm") struct LayerNormTests {
  /// A norm of three channels whose weights are not 1 and 0.
  private static func norm() throws -> LayerNorm {
    let norm = LayerNorm(3, epsilon: 0.5)
    try norm.load(
      StateDict([("weight", Tensor([1, 2, 3] as [Float])), ("bias", Tensor([0, 1, -1] as [Float]))]), source: "test")
    return norm
  }

  @Test("each element's channels are normalised by themselves, as computed by hand")
  func byHand() throws {
    // Of 1, 2, 6: mean 3, variance (4 + 1 + 9) / 3 = 14 / 3.
    let deviation = (14.0 / 3 + 0.5).squareRoot()
    let wanted = [-2 / deviation, -1 / deviation * 2 + 1, 3 / deviation * 3 - 1]
    let output = try Self.norm()(Tensor([1, 2, 6, 5, 5, 5] as [Float], shape: [2, 1, 1, 3])).doubles
    for (found, wanted) in zip(output, wanted + [0, 1, -1]) { #expect(abs(found - wanted) < 1e-6) }
  }

  @Test("a map's element does not depend on other elements or on the mode, and gradients flow")
  func reference() throws {
    let norm = try Self.norm()
    let input = Tensor.normal([2, 4, 5, 3], using: Generator(seed: 2))
    input.requiresGradient = true
    let output = norm(input)
    let mean = input.mean(3, keepingAxes: true)
    let centred = input - mean
    let variance = (centred * centred).mean(3, keepingAxes: true)
    let slow = centred / (variance + 0.5).sqrt() * norm.weight.value + norm.bias.value
    #expect((output - slow).abs().max().scalar < 1e-5)
    norm.evaluate()
    #expect(norm(input).isEqual(to: output))
    (output * output).sum().backward()
    let gradient = try #require(input.gradient).copied()
    input.gradient = nil
    (slow * slow).sum().backward()
    #expect((try #require(input.gradient) - gradient).abs().max().scalar < 1e-4)
    #expect(norm.weight.value.gradient != nil && norm.bias.value.gradient != nil)
  }

  @Test("in 16 bits statistics are those of float32, and the type stays", arguments: [ElementType.bfloat16, .float16])
  func narrow(type: ElementType) throws {
    let norm = try Self.norm()
    // A mean of 1000 and a deviation of 3: sums of squares in 16 bits would lose it.
    let input = (Tensor.normal([8, 3], using: Generator(seed: 2)) * 4 + 1000).to(type)
    let output = norm(input)
    #expect(output.elementType == type)
    #expect((output.widened() - norm(input.widened())).abs().max().scalar < 0.04)
  }
}
