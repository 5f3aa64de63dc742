/// A number of bytes as people read it.
public struct MemorySize: Equatable, Sendable, CustomStringConvertible {
  /// The bytes.
  public let bytes: Int

  /// So many bytes.
  public init(_ bytes: Int) { self.bytes = bytes }

  /// `31.5 MiB`: in the unit in which it is at least 1, with one decimal below 100.
  public var description: String {
    var value = Double(bytes)
    for unit in ["bytes", "KiB", "MiB", "GiB", "TiB"] {
      if abs(value) < 1024 || unit == "TiB" {
        if unit == "bytes" || value >= 100 { return "\(Int(value.rounded())) \(unit)" }
        return "\((value * 10).rounded() / 10) \(unit)"
      }
      value /= 1024
    }
    return "\(bytes) bytes"
  }
}
