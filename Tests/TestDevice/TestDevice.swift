import COtherDevice
import Testing
import Torch

#if canImport(Glibc)
  import Glibc
#endif

/// Devices that tests of devices run on.
public enum TestDevice {
  /// A device for any machine: the host's memory under another name. Its tensors cannot meet those of the CPU, and every wait
  /// for it is counted.
  public static let other: Device = {
    cod_register()
    return .privateUse
  }()

  /// Whether an NVIDIA GPU answers. Its convolutions are compared with the CPU's: they shall not round their factors.
  public static let hasGPU: Bool = {
    Engine.roundConvolutions(false)
    return Device.cuda(0).isAvailable
  }()

  /// What there is here beside the CPU: the NVIDIA GPU where one answers, else ``other``. libtorch knows one such device in a process.
  public static let all: [Device] = hasGPU ? [.cuda(0)] : [other]

  /// What the body made the host wait for ``other`` for, and how often.
  public static func waits(_ body: () throws -> Void) rethrows -> [String: Int] {
    _ = take()
    try body()
    return take()
  }

  private static func take() -> [String: Int] {
    guard let text = cod_take_waits() else { return [:] }
    defer { free(text) }
    let lines = String(cString: text).split(separator: "\n").map { $0.split(separator: "\t") }
    return Dictionary(lines.map { (String($0[0]), Int($0[1]) ?? 0) }) { $0 + $1 }
  }
}

extension Trait where Self == ConditionTrait {
  /// For tests of ``TestDevice/other`` alone, such as those that count its waits.
  public static var onStandIn: Self {
    .disabled(if: TestDevice.hasGPU, "an NVIDIA GPU answers, and the stand-in for one cannot be in the same process")
  }
}
