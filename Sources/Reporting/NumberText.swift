#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Numbers and times as people read them, the same in every locale.
public enum NumberText {
  /// What stands for a figure that does not exist, such as the AP of a class without objects.
  public static let missing = "–"

  /// A value with a fixed count of decimals: `0.500`.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return printed("%.*f", [Int32(decimals), value])
  }

  /// A value with about `digits` significant digits, without exponent where it has a usual size: `1.234`, `0.00123`.
  public static func short(_ value: Double, _ digits: Int = 4) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    // Nobody reads a difference into −0.
    return printed("%.*g", [Int32(digits), value == 0 ? 0 : value])
  }

  /// A figure of 0…1 with three decimals; what is negative does not exist.
  public static func figure(_ value: Double) -> String { value < 0 ? missing : fixed(value, 3) }

  /// Seconds as `12 s`, `3:07 min` or `2:05:09 h`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(max(0, seconds).rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    if hours > 0 { return "\(hours):\(twoDigits(minutes)):\(twoDigits(rest)) h" }
    return minutes > 0 ? "\(minutes):\(twoDigits(rest)) min" : "\(rest) s"
  }

  /// A coordinate of SVG: two decimals at most, without needless zeros.
  static func coordinate(_ value: Double) -> String {
    let hundredths = (value * 100).rounded()
    guard hundredths.isFinite, abs(hundredths) < 1e12 else { return "0" }
    let whole = Int(hundredths)
    var text = String(abs(whole) / 100)
    let rest = abs(whole) % 100
    if rest > 0 {
      text += "." + (rest < 10 ? "0" : "") + String(rest % 10 == 0 ? rest / 10 : rest)
    }
    return whole < 0 ? "-" + text : text
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

  private static func printed(_ format: String, _ arguments: [any CVarArg]) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      let count = withVaList(arguments) { vsnprintf(buffer.baseAddress, buffer.count, format, $0) }
      let bytes = buffer.prefix(min(Int(count), buffer.count - 1)).map { UInt8(bitPattern: $0) }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
