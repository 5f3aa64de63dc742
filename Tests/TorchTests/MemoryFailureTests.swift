import Testing

@testable import Torch

@Suite struct MemoryFailureTests {
  @Test(
    "libtorch's messages about memory say where it ended and how much was wanted",
    arguments: [
      (
        "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate"
          + " 33030144 bytes. Error code 12 (Cannot allocate memory)",
        "out of memory on cpu: 31.5 MiB more were wanted"
      ),
      ("std::bad_alloc", "out of memory on cpu"),
      (
        "CUDA out of memory. Tried to allocate 2.00 GiB (GPU 1; 15.78 GiB total capacity; 13.80 GiB already allocated)",
        "out of memory on cuda:1: 2.00 GiB more were wanted"
      ),
      (
        "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 79.10 GiB of which 1.50 MiB is free",
        "out of memory on cuda:0: 20.00 MiB more were wanted"
      ),
      ("CUDA error: out of memory\nCUDA kernel errors might be reported asynchronously", "out of memory on cuda"),
      (
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", "out of memory on cuda"
      ),
    ])
  func messages(message: String, wanted: String) { #expect(MemoryFailure(message)?.description == wanted) }

  @Test(
    "other messages are not about memory",
    arguments: [
      "The size of tensor a (2) must match the size of tensor b (4)", "CUDA error: invalid device ordinal", "",
    ])
  func others(message: String) { #expect(MemoryFailure(message) == nil) }
}
