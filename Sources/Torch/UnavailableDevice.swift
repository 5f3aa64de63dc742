import CTorch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A device that this build or this machine does not have.
public struct UnavailableDevice: Error, Equatable, CustomStringConvertible {
  /// The device that was asked for.
  public let device: Device
  /// What there is of CUDA.
  let support: CUDASupport

  /// One line: the devices that there are, or why there is no CUDA.
  public var description: String {
    "device '\(device)' is not available: "
      + {
        switch support {
        case .notBuilt:
          "the program was built with a libtorch for CPUs alone (\(Engine.version)); docs/setup.md says how another is"
            + " named by LIBTORCH"
        case .unusable(let reason):
          "the build has CUDA, but no GPU answers: \(reason); `nvidia-smi` shows whether the driver runs and which GPUs"
            + " it sees"
        case .devices(let count):
          "there \(count == 1 ? "is cuda:0" : "are cuda:0 to cuda:\(count - 1)") and cpu"
        }
      }()
  }
}

/// What this build and this machine have of CUDA.
enum CUDASupport: Equatable, Sendable {
  /// A libtorch for CPUs.
  case notBuilt
  /// A libtorch with CUDA that finds no device, and what its loader or driver says.
  case unusable(String)
  /// So many devices.
  case devices(Int)

  /// As it is now.
  static var present: CUDASupport {
    let count = Engine.cudaDeviceCount
    guard count == 0 else { return .devices(count) }
    var isBuilt = false
    let said = ct_cuda_problem(&isBuilt)
    defer { free(said) }
    return isBuilt ? .unusable(said.map { String(cString: $0) } ?? "no CUDA device was found") : .notBuilt
  }
}
