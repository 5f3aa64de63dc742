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
  /// - Throws: For 16 bits on a device that would only be slower with them.
  public func resolved(on device: Device) throws(RunError) -> Precision {
    let isFast = device.isFastAtBFloat16
    if self == .bfloat16, !isFast {
      throw .data(
        "precision bfloat16: \(device) has no instructions for it and would be slower; float32 or auto is wanted")
    }
    if self == .float16, device == .cpu {
      throw .data("precision float16: for GPUs, cpu would be slower; float32, bfloat16 or auto is wanted")
    }
    return self == .auto ? (isFast ? .bfloat16 : .float32) : self
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
