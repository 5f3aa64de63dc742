import Testing
import Torch

@Suite struct GPUTests {
  @Test("what is no NVIDIA GPU, or is not there, has no card's name")
  func noCard() {
    #expect(!Device.cpu.isCUDA && Device.cpu.cardName == nil && Device.cuda(99).cardName == nil)
  }

  @Test(
    "an NVIDIA GPU answers, so the tests of devices have run on it too",
    .enabled(if: Device.cuda(0).isAvailable, "no NVIDIA GPU answers: tests of devices run on their stand-in alone"))
  func answers() {
    let numbers = Tensor.normal([64, 64], using: Generator(seed: 1))
    let there = numbers.to(.cuda(0))
    let difference = (there.matrixProduct(there).to(.cpu) - numbers.matrixProduct(numbers)).abs().max().scalar
    #expect(Device.cuda(0).isCUDA && Device.cuda(0).cardName?.isEmpty == false)
    // float32 sums in another order.
    #expect(difference < 1e-4)
  }
}
