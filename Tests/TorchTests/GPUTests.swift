import Testing
import Torch

@Suite struct GPUTests {
  @Test(
    "an NVIDIA GPU answers, so the tests of devices have run on it too",
    .enabled(if: Device.cuda(0).isAvailable, "no NVIDIA GPU answers: tests of devices run on their stand-in alone"))
  func answers() {
    let numbers = Tensor.normal([64, 64], using: Generator(seed: 1))
    let there = numbers.to(.cuda(0))
    let difference = (there.matrixProduct(there).to(.cpu) - numbers.matrixProduct(numbers)).abs().max().scalar
    // float32 sums in another order; consumer cards round factors to TF32 only where they are told to.
    #expect(difference < 1e-4)
  }
}
