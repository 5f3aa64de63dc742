import COtherDevice
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

  /// All that there are here beside the CPU: ``other``, and the NVIDIA GPU where one answers.
  public static let all: [Device] = [other] + (Device.cuda(0).isAvailable ? [.cuda(0)] : [])

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
