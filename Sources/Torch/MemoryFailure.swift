/// A failure of libtorch that is about memory: where, and how much was wanted.
struct MemoryFailure: Equatable, CustomStringConvertible {
  /// `cpu`, `cuda:0`, or `cuda` where the message does not say which.
  let place: String
  /// What was to be allocated, such as `31.5 MiB`; nil where the message does not say it.
  let wanted: String?

  /// Reads a message of libtorch 1.13 or 2.x; nil for one that is about something else.
  init?(_ message: String) {
    if message.contains("CUDA out of memory") || message.contains("CUDA error: out of memory")
      || message.contains("CUBLAS_STATUS_ALLOC_FAILED") || message.contains("CUDNN_STATUS_ALLOC_FAILED")
    {
      place = message.firstMatch(of: /GPU ([0-9]+)/).map { "cuda:\($0.1)" } ?? "cuda"
      wanted = message.firstMatch(of: /Tried to allocate ([0-9.]+ [KMGT]?i?B)/).map { String($0.1) }
    } else if message.contains("DefaultCPUAllocator") || message.contains("std::bad_alloc") {
      place = "cpu"
      wanted = message.firstMatch(of: /tried to allocate ([0-9]+) bytes/)
        .flatMap { Int($0.1) }.map { MemorySize($0).description }
    } else {
      return nil
    }
  }

  /// `out of memory on cpu: 31.5 MiB more were wanted`.
  var description: String {
    "out of memory on \(place)" + (wanted.map { ": \($0) more were wanted" } ?? "")
  }
}
