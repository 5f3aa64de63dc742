import CTorch

#if canImport(Glibc)
  import Glibc
#endif

/// Where tensors live and operations run.
public enum Device: Hashable, Sendable, CustomStringConvertible {
  case cpu
  /// An NVIDIA GPU by its number.
  case cuda(Int)
  /// What a library other than libtorch has registered with it as a device of its own (PyTorch's `privateuseone`).
  case privateUse

  /// Reads `cpu`, `cuda`, `cuda:1` or `privateuseone`; nil for anything else.
  public init?(_ text: String) {
    switch text {
    case "cpu": self = .cpu
    case "cuda": self = .cuda(0)
    case "privateuseone": self = .privateUse
    default:
      guard text.hasPrefix("cuda:"), let index = Int(text.dropFirst(5)), index >= 0 else { return nil }
      self = .cuda(index)
    }
  }

  /// `cpu` or `cuda:0`.
  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    case .privateUse: "privateuseone"
    }
  }

  /// Whether it is an NVIDIA GPU.
  public var isCUDA: Bool {
    if case .cuda = self { true } else { false }
  }

  /// Whether this build and machine can use it.
  public var isAvailable: Bool {
    switch self {
    case .cpu: true
    case .cuda(let index): index < Engine.cudaDeviceCount
    case .privateUse: ct_is_private_use_registered()
    }
  }

  /// Whether it has instructions for bfloat16: AVX-512 BF16 on the CPU (and `ONEDNN_MAX_CPU_ISA` does not keep oneDNN from
  /// using them); CUDA cards from Ampere on.
  public var isFastAtBFloat16: Bool { ct_is_fast_at_bfloat16(handle) }

  /// Whether libtorch can train a network in bfloat16 on it, fast or not; tried on a tiny convolution.
  public var computesBFloat16: Bool { isAvailable && ct_computes_bfloat16(handle) }

  /// The name of an NVIDIA GPU as its driver says it, such as `NVIDIA H100 80GB HBM3`; nil of other devices.
  public var cardName: String? {
    guard case .cuda = self, let name = ct_cuda_name(handle) else { return nil }
    defer { free(name) }
    return String(cString: name)
  }

  /// Does nothing where the device can be used.
  ///
  /// - Throws: What this build and machine have instead.
  public func requireAvailable() throws(UnavailableDevice) {
    if !isAvailable { throw UnavailableDevice(device: self, support: .present) }
  }

  /// Waits until everything queued on the device is done. Nothing is ever queued on the CPU.
  public func synchronize() {
    Engine.check(ct_synchronize(handle), "synchronize \(self)")
  }

  var handle: ct_device {
    switch self {
    case .cpu: ct_device(type: Int32(CT_CPU), index: 0)
    case .cuda(let index): ct_device(type: Int32(CT_CUDA), index: Int32(index))
    case .privateUse: ct_device(type: Int32(CT_PRIVATE_USE), index: 0)
    }
  }

  init(handle: ct_device) {
    switch Int(handle.type) {
    case CT_CPU: self = .cpu
    case CT_CUDA: self = .cuda(Int(handle.index))
    default: self = .privateUse
    }
  }
}
