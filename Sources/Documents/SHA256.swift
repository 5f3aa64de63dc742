import CDigest

/// The SHA-256 digest of bytes given piece by piece, computed by libcrypto.
public struct SHA256 {
  private var context: Context

  /// The digest of nothing yet.
  public init() {
    guard let handle = sv_sha256_new() else { preconditionFailure("libcrypto offers no SHA-256") }
    context = Context(handle)
  }

  /// Adds bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    if !isKnownUniquelyReferenced(&context) { context = context.copy() }
    if bytes.isEmpty { return }
    let done = sv_sha256_update(context.handle, bytes.baseAddress, bytes.count)
    precondition(done == 1, "SHA-256: libcrypto refused \(bytes.count) bytes")
  }

  /// Adds the UTF-8 bytes of a text.
  public mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// The digest of all bytes so far, 64 lower-case hexadecimal digits; more may be added afterwards.
  public func hexDigest() -> String {
    var value = [UInt8](repeating: 0, count: 32)
    let done = sv_sha256_value(context.handle, &value)
    precondition(done == 1, "SHA-256: libcrypto could not finish")
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: value.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The digest of bytes in memory.
  public static func hexDigest(of bytes: UnsafeRawBufferPointer) -> String {
    var digest = SHA256()
    digest.update(bytes)
    return digest.hexDigest()
  }

  /// The digest of the file at `path`.
  public static func hexDigest(ofFile path: String) throws(DocumentError) -> String {
    try MappedFile(path: path).withBytes { hexDigest(of: $0) }
  }

  /// Owns libcrypto's context; shared until the next update.
  private final class Context {
    let handle: OpaquePointer
    init(_ handle: OpaquePointer) { self.handle = handle }
    func copy() -> Context {
      guard let handle = sv_sha256_copy(handle) else { preconditionFailure("SHA-256: out of memory") }
      return Context(handle)
    }
    deinit { sv_sha256_free(handle) }
  }
}
