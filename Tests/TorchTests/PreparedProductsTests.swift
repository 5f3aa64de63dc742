import TestDevice
import Testing
import Torch

/// The engine's own graph keeps prepared weights; these prepare them twice: the same function of the same numbers.
@Suite struct PreparedProductsTests {
  private let generator = Generator(seed: 3)

  private func leaf(_ shape: [Int], _ type: ElementType = .float32, on device: Device = .cpu) -> Tensor {
    let tensor = (Tensor.normal(shape, using: generator) * 0.3).to(type).to(device)
    tensor.requiresGradient = true
    return tensor
  }

  /// The values of an operation, then the gradients of what it was given.
  private func run(_ leaves: [Tensor], _ operation: ([Tensor]) -> Tensor) -> [Tensor] {
    leaves.forEach { $0.gradient = nil }
    let result = operation(leaves)
    (result.to(.float32) * Tensor.normal(result.shape, using: Generator(seed: 8)).to(result.device)).sum().backward()
    return [result.detached()] + leaves.compactMap(\.gradient)
  }

  private func areNear(_ a: [Tensor], _ b: [Tensor], _ tolerance: Double) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { one, other in
        one.shape == other.shape && one.elementType == other.elementType
          && (one.to(.cpu).to(.float64) - other.to(.cpu).to(.float64)).abs().max().scalar
            <= tolerance * max(1, other.to(.cpu).abs().max().scalar)
      }
  }

  /// Types of maps, and how far the two may be apart: a last digit.
  private static let types: [(ElementType, Double)] =
    [(.float32, 1e-6), (.float64, 1e-13)] + (ElementType.ofNetworks.contains(.bfloat16) ? [(.bfloat16, 0x1p-7)] : [])

  @Test("a convolution is that of scaled weights, and so are its gradients", arguments: types, [true, false])
  func convolution(type: (ElementType, Double), isScaled: Bool) {
    // 19 channels: no whole number of vectors.
    let scale = isScaled ? Tensor.normal([19], using: generator) + 2 : nil
    let leaves = [
      leaf([2, 5, 9, 8], type.0), leaf([19, 5, 3, 3], type.0 == .float64 ? .float64 : .float32), leaf([19], type.0),
    ]
    let expected = run(leaves) { leaves in
      let weight = scale.map { leaves[1] * $0.to(leaves[1].elementType).reshaped(-1, 1, 1, 1) } ?? leaves[1]
      return leaves[0].convolved(weight.to(type.0), bias: leaves[2], stride: 2, padding: 1)
    }
    let found = run(leaves) { leaves in
      leaves[0].convolved(
        preparing: leaves[1], scale: scale?.to(leaves[1].elementType), bias: leaves[2], stride: 2, padding: 1,
        dilation: 1)
    }
    #expect(found.count == 4 && areNear(found, expected, type.1))
  }

  @Test("without a bias, with a frozen weight, with a map that wants no gradient")
  func parts() {
    let map = Tensor.normal([1, 4, 6, 6], using: generator)
    let weight = leaf([3, 4, 1, 1])
    let scale = Tensor([1, 2, 3] as [Float])
    let found = run([weight]) {
      map.convolved(preparing: $0[0], scale: scale, bias: nil, stride: 1, padding: 0, dilation: 1)
    }
    let expected = run([weight]) { map.convolved($0[0] * scale.reshaped(-1, 1, 1, 1)) }
    #expect(areNear(found, expected, 1e-6) && found.count == 2)
    let (frozen, wanted) = (weight.detached(), leaf([1, 4, 6, 6]))
    #expect(
      run([wanted]) { $0[0].convolved(preparing: frozen, scale: scale, bias: nil, stride: 1, padding: 0, dilation: 1) }
        .count == 2)
    withoutGradients {
      let result = wanted.convolved(preparing: weight, scale: scale, bias: nil, stride: 1, padding: 0, dilation: 1)
      #expect(!result.requiresGradient)
    }
  }

  @Test("a channels-last weight gives what a row-major one gives")
  func layouts() {
    let weight = leaf([16, 8, 3, 3])
    let map = Tensor.normal([1, 8, 5, 5], using: generator).channelsLast()
      .to(ElementType.ofNetworks.last ?? .float32)
    let scale = Tensor.ones([16]) * 2
    func run(_ weight: Tensor) -> Tensor {
      map.convolved(preparing: weight, scale: scale, bias: nil, stride: 1, padding: 1, dilation: 1)
    }
    #expect(run(weight.detached()).isEqual(to: run(weight.detached().channelsLast())))
  }

  @Test("a linear layer is that of rounded weights, and so are its gradients")
  func linear() {
    let leaves = [leaf([7, 21], .bfloat16), leaf([5, 21]), leaf([5], .bfloat16)]
    let expected = run(leaves) { $0[0].linear($0[1].to(.bfloat16), bias: $0[2]) }
    let found = run(leaves) { $0[0].linear(preparing: $0[1], bias: $0[2]) }
    #expect(found.count == 4 && areNear(found, expected, 0x1p-7))
  }

  @Test("they run on other devices", arguments: TestDevice.all)
  func devices(device: Device) {
    let leaves = [leaf([1, 4, 6, 6]), leaf([3, 4, 3, 3]), leaf([3])]
    let scale = Tensor([1, 2, 3] as [Float])
    func convolved(_ leaves: [Tensor]) -> Tensor {
      leaves[0].convolved(
        preparing: leaves[1], scale: scale.to(leaves[0].device), bias: leaves[2], stride: 1, padding: 1, dilation: 1)
    }
    let there = leaves.map { leaf in
      let copy = leaf.detached().to(device)
      copy.requiresGradient = true
      return copy
    }
    #expect(areNear(run(there, convolved), run(leaves, convolved), 1e-5))
  }
}
