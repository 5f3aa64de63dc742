import TestDevice
import Testing
import Torch

@Suite struct TensorTransferTests {
  @Test("goes to a device and back, and a gradient comes back with it", arguments: TestDevice.all)
  func roundTrip(device: Device) {
    let values = Tensor([1, -2, 3.5, 0] as [Float], shape: [2, 2])
    values.requiresGradient = true
    let there = values.to(device)
    #expect(there.device == device && there.to(device) === there)
    let back = (there * 2).to(.cpu)
    #expect(back.device == .cpu && back.doubles == [2, -4, 7, 0])
    (back * Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])).sum().backward()
    #expect(values.gradient?.doubles == [2, 4, 6, 8])
  }

  @Test("several tensors come to the host after one wait; giving and computing waits for nothing", .onStandIn)
  func waits() {
    let device = TestDevice.other
    var there: [Tensor] = []
    let before = TestDevice.waits {
      there = (1...3).map { (Tensor([Float($0)]).to(device) + Tensor.ones([1], device: device)).relu() }
    }
    #expect(before.isEmpty)
    var here: [Tensor] = []
    let during = TestDevice.waits { here = Tensor.onHost([there[0], Tensor([9 as Float]), there[1], there[2]]) }
    #expect(during == ["synchronize": 1])
    #expect(here.map(\.scalar) == [2, 9, 3, 4])
    #expect(TestDevice.waits { _ = Tensor.onHost(here) }.isEmpty)
  }

  @Test("occurrences are counted without a wait, of no element too", arguments: TestDevice.all)
  func occurrences(device: Device) {
    let numbers = Tensor([2, 0, 2, 3, 2, 0], shape: [2, 3]).to(device)
    var counts = numbers
    #expect(TestDevice.waits { counts = numbers.occurrences(below: 5) }.isEmpty)
    #expect(counts.elementType == .int64 && counts.integers == [2, 0, 3, 1, 0])
    #expect(Tensor.zeros([0], .int64, device: device).occurrences(below: 2).integers == [0, 0])
  }

  @Test("what has to know a value or a number of elements waits", .onStandIn)
  func hidden() {
    let there = Tensor([1, 0, 3] as [Float]).to(TestDevice.other)
    #expect(TestDevice.waits { _ = there.sum().scalar } == ["synchronize": 1])
    #expect(TestDevice.waits { _ = (there .> 0).trueIndices() } == ["aten::nonzero": 1])
    #expect(TestDevice.waits { _ = there.filtered(there .> 0) } == ["aten::nonzero": 1])
  }
}
