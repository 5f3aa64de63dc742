import Testing

@testable import Torch

@Suite struct UnavailableDeviceTests {
  @Test("a device that is not there says whether the build, the driver or the number is at fault")
  func texts() {
    func text(_ support: CUDASupport) -> String {
      UnavailableDevice(device: .cuda(3), support: support).description
    }
    #expect(
      text(.notBuilt)
        == "device 'cuda:3' is not available: the program was built with a libtorch for CPUs alone (\(Engine.version));"
        + " docs/setup.md says how another is named by LIBTORCH")
    #expect(
      text(.unusable("no CUDA-capable device is detected"))
        == "device 'cuda:3' is not available: the build has CUDA, but no GPU answers: no CUDA-capable device is detected;"
        + " `nvidia-smi` shows whether the driver runs and which GPUs it sees")
    #expect(text(.devices(1)) == "device 'cuda:3' is not available: there is cuda:0 and cpu")
    #expect(text(.devices(2)) == "device 'cuda:3' is not available: there are cuda:0 to cuda:1 and cpu")
  }

  @Test("what is said here fits what is here")
  func here() throws {
    try Device.cpu.requireAvailable()
    let error = #expect(throws: UnavailableDevice.self) { try Device.cuda(1000).requireAvailable() }
    switch try #require(error).support {
    case .notBuilt, .unusable: #expect(Engine.cudaDeviceCount == 0)
    case .devices(let count): #expect(count == Engine.cudaDeviceCount && count > 0)
    }
  }
}
