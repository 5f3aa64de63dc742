import TestDevice
import Testing
import Torch

@testable import Layers

@Suite struct PreparedWeightsTests {
  /// A convolution with a norm to fold, one with a bias, and a linear layer.
  private final class Net: Module {
    let first = Convolution(3, 4, kernel: 3, using: Generator(seed: 1))
    let norm = BatchNorm(4)
    let second = Convolution(4, 2, kernel: 1, biasInitial: .uniformFanIn, using: Generator(seed: 2))
    let last = Linear(2, 5, using: Generator(seed: 3))

    func callAsFunction(_ input: Tensor) -> Tensor {
      last(second(convolve(input, first, norm, .relu)).mean(2, 3))
    }
  }

  private let net = Net()
  private let input = Tensor.normal([2, 3, 6, 6], using: Generator(seed: 4))

  init() {
    net.norm.runningMean.value.fillInPlace(0.5)
    net.norm.runningVar.value.fillInPlace(4)
    net.evaluate()
  }

  @Test("steady weights give the same bits, in every type", arguments: ElementType.ofNetworks)
  func same(type: ElementType) {
    let expected = withoutGradients { net(input.to(type)) }
    net.withSteadyWeights {
      for _ in 0..<2 { #expect(net(input.to(type)).isEqual(to: expected)) }
    }
  }

  @Test("they are made once while they are steady, for each type, and anew behind that")
  func once() {
    net.withSteadyWeights {
      let before = net(input)
      // What the scope forbids shows that nothing is made again.
      let kept = net.first.weight.value.copied()
      net.first.weight.value.zeroInPlace()
      #expect(net(input).isEqual(to: before))
      if ElementType.ofNetworks.contains(.bfloat16) {
        #expect(!net(input.to(.bfloat16)).to(.float32).isEqual(to: before))
      }
      net.first.weight.value.copyInPlace(from: kept)
    }
    #expect(net.modules().allSatisfy { ($0 as? any WeightPreparing)?.keeper == nil })
    let before = withoutGradients { net(input) }
    withoutGradients { net.first.weight.value.zeroInPlace() }
    #expect(!withoutGradients { net(input) }.isEqual(to: before))
  }

  @Test("a keeper is no part of the state dict")
  func names() {
    let names = net.stateDict().entries.map(\.name)
    net.withSteadyWeights {
      _ = net(input)
      #expect(net.stateDict().entries.map(\.name) == names)
    }
  }
}
