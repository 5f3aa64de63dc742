import Torch

/// What a network computes in. Weights, losses, boxes, averages and what training judges are float32 always.
public enum Precision: String, Codable, CaseIterable, Sendable {
  case float32
  /// Half the bytes, and up to twice the operations a second where the processor has instructions for it; eight binary
  /// digits.
  case bfloat16
  /// For NVIDIA GPUs older than Ampere, which have no bfloat16: eleven binary digits but few exponents, so the loss is scaled
  /// (``LossScale``).
  case float16
  /// ``bfloat16`` where the device is fast at it, otherwise ``float32``.
  case auto

  /// The precision itself, chosen for a device.
  ///
  /// - Throws: For bfloat16 on a device whose libtorch cannot compute in it, and for float16 on a CPU.
  public func resolved(on device: Device) throws(RunError) -> Precision {
    if self == .bfloat16, !device.isFastAtBFloat16, !device.computesBFloat16 {
      throw .data("precision bfloat16: libtorch cannot compute in it on this \(device); float32 or auto is wanted")
    }
    if self == .float16, device == .cpu {
      throw .data("precision float16: for GPUs, cpu would be slower; float32, bfloat16 or auto is wanted")
    }
    return self == .auto ? (device.isFastAtBFloat16 ? .bfloat16 : .float32) : self
  }

  /// One line for the user where the choice only costs time on a device; nil where there is nothing to say.
  public func warning(on device: Device) -> String? {
    guard self == .bfloat16, !device.isFastAtBFloat16 else { return nil }
    return "warning: precision bfloat16 takes less memory, but is slow on this \(device), which has no instructions for"
      + " it (AVX-512 BF16); float32 is faster"
  }

  /// The type of a network's maps; nil for that of its images.
  ///
  /// - Precondition: It is resolved.
  public var computeType: ElementType? {
    switch self {
    case .float32: nil
    case .bfloat16: .bfloat16
    case .float16: .float16
    case .auto: preconditionFailure("precision auto is resolved before anything computes")
    }
  }

  /// What the loss is to be scaled by; nil where gradients have exponents enough.
  public var lossScale: LossScale? { self == .float16 ? LossScale() : nil }
}
