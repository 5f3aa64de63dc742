import Documents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An image that could not be used, and why: in one line, without the path.
public struct SkippedImage: Sendable, Equatable, Hashable {
  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: String

  /// Whether there is no such file at all.
  var isMissing: Bool { reason.hasSuffix(String(cString: strerror(ENOENT))) }

  /// An unusable image.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// Writes `[{"image": …, "reason": …}, …]`, in the given order.
  public static func write(_ skipped: [SkippedImage], to path: String) throws(DocumentError) {
    let entries = skipped.map { ["image": .string($0.path), "reason": .string($0.reason)] as JSON }
    try AtomicFile.write(JSON.array(entries).serialized(pretty: true) + "\n", to: path)
  }
}
