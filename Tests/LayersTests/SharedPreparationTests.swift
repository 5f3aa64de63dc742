import TestDevice
import Testing
import Torch

@testable import Layers

@Suite struct SharedPreparationTests {
  /// A convolution with a fixed norm to fold, a depthwise one with a trained norm, one with a bias, and a linear layer.
  private final class Net: Module {
    let first = Convolution(3, 8, kernel: 3, using: Generator(seed: 1))
    let fixed = BatchNorm(8, mode: .frozen)
    let second = Convolution(8, 8, kernel: 3, groups: 8, using: Generator(seed: 2))
    let trained = BatchNorm(8)
    let third = Convolution(8, 8, kernel: 1, biasInitial: .uniformFanIn, using: Generator(seed: 3))
    let last = Linear(8, 5, using: Generator(seed: 4))

    init(on device: Device) {
      super.init()
      fixed.runningVar.value.fillInPlace(4)
      fixed.bias.value.fillInPlace(0.5)
      move(to: device)
    }

    func callAsFunction(_ input: Tensor, times: Int = 1) -> Tensor {
      var map = trained(convolve(second(convolve(input, first, fixed, .relu)), third, fixed), .relu)
      for _ in 1..<times { map = trained(third(map), .relu) }
      return last(map.mean(2, 3))
    }

    /// The output's squares, and the gradients of the parameters.
    func learn(_ input: Tensor, times: Int = 1) -> Tensor {
      namedParameters().forEach { $0.parameter.value.gradient = nil }
      let output = self(input, times: times)
      (output * output).to(.float32).sum().backward()
      return output.detached().to(.cpu)
    }

    var gradients: [Tensor?] { namedParameters().map { $0.parameter.value.gradient?.to(.cpu) } }
  }

  private static let cases = TestDevice.all.flatMap { device in ElementType.ofNetworks.map { (device, $0) } }

  private func input(_ device: Device, _ type: ElementType) -> Tensor {
    Tensor.normal([2, 3, 6, 6], using: Generator(seed: 5)).to(type).to(device).channelsLast()
  }

  @Test("outputs and gradients are those of layers that prepare their own weights", arguments: cases)
  func same(device: Device, type: ElementType) throws {
    let (alone, together) = (Net(on: device), Net(on: device))
    let preparation = SharedPreparation(of: [together])
    let input = input(device, type)
    // What layers there are is known from the second pass on.
    for _ in 0..<3 {
      let expected = alone.learn(input)
      let output = preparation { together.learn(input) }
      #expect(output.isEqual(to: expected))
      #expect(together.gradients.count == alone.gradients.count)
      for (own, shared) in zip(alone.gradients, together.gradients) {
        #expect((own == nil) == (shared == nil))
        if let own, let shared { #expect(shared.elementType == .float32 && shared.isEqual(to: own)) }
      }
      for net in [alone, together] {
        withoutGradients {
          let values = net.namedParameters().map(\.parameter.value).filter { $0.gradient != nil }
          TensorList.addInPlace(values, values.compactMap(\.gradient), scale: -0.01)
        }
      }
    }
  }

  /// In float32: libtorch 1.13 brings tensors to another type one by one.
  @Test("a pass asks for fewer operations", arguments: TestDevice.all)
  func operations(device: Device) {
    let net = Net(on: device)
    let preparation = SharedPreparation(of: [net])
    let input = input(device, .float32)
    func calls(_ body: () -> Tensor) -> Int {
      let counter = WorkCounter(peak: MachinePeak(float32: 1, bytes: 1))
      counter.count { _ = body() }
      return counter.operators.reduce(0) { $0 + $1.work.calls }
    }
    let alone = calls { net.learn(input) }
    _ = preparation { net.learn(input) }
    #expect(calls { preparation { net.learn(input) } } < alone)
  }

  @Test("a layer that is applied twice has the sum of both gradients", arguments: cases)
  func twice(device: Device, type: ElementType) throws {
    let (alone, together) = (Net(on: device), Net(on: device))
    let preparation = SharedPreparation(of: [together])
    let input = input(device, type)
    for _ in 0..<2 {
      _ = alone.learn(input, times: 3)
      _ = preparation { together.learn(input, times: 3) }
    }
    for (own, shared) in zip(alone.gradients, together.gradients) {
      guard let own, let shared else { continue }
      let difference = zip(own.doubles, shared.doubles).map { abs($0 - $1) }.max() ?? 0
      let size = own.doubles.map { abs($0) }.max() ?? 0
      #expect(difference < max(size, 1e-3) * (type == .float32 ? 1e-5 : 0.03))
    }
    #expect(alone.trained.numBatchesTracked?.value.integers == [6])
    #expect(together.trained.numBatchesTracked?.value.integers == [6])
  }

  @Test("gradients are there behind a pass without them, and none within parameters that are held", arguments: cases)
  func recording(device: Device, type: ElementType) {
    let net = Net(on: device)
    let preparation = SharedPreparation(of: [net])
    let input = input(device, type)
    _ = preparation { net.learn(input) }
    let expected = net.gradients
    preparation {
      _ = withoutGradients { net(input) }
      _ = net.learn(input)
      for (own, shared) in zip(expected, net.gradients) {
        if let own, let shared { #expect(shared.isEqual(to: own)) }
      }
      let leaf = input.detached()
      leaf.requiresGradient = true
      net.namedParameters().forEach { $0.parameter.value.gradient = nil }
      net.withParametersFixed { net(leaf).to(.float32).sum().backward() }
      #expect(leaf.gradient != nil)
      #expect(net.gradients.allSatisfy { $0 == nil })
    }
  }

  @Test("on the CPU, and behind a pass, layers prepare their own")
  func elsewhere() {
    let net = Net(on: .cpu)
    let preparation = SharedPreparation(of: [net])
    preparation { #expect(net.first.shared == nil) }
    for device in TestDevice.all {
      let net = Net(on: device)
      let preparation = SharedPreparation(of: [net])
      preparation { #expect(net.first.shared === preparation) }
      #expect(net.first.shared == nil && net.trained.shared == nil)
    }
  }
}
