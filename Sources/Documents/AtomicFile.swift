#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writing a file so that at every moment either the old or the whole new content lies at its place.
///
/// The bytes go to a temporary file in the same folder, which is synced, renamed over the place, and made permanent by
/// syncing the folder. When anything fails the temporary file is removed and what was there before stays.
public enum AtomicFile {
  /// Writes `bytes` to `path`.
  public static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(DocumentError) {
    let writer = try AtomicFileWriter(path: path)
    try writer.append(bytes)
    try writer.commit()
  }

  /// Writes the bytes of any collection to `path`.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(DocumentError) {
    let writer = try AtomicFileWriter(path: path)
    try writer.append(bytes)
    try writer.commit()
  }

  /// Writes `text` as UTF-8 to `path`.
  public static func write(_ text: String, to path: String) throws(DocumentError) {
    try write(text.utf8, to: path)
  }

  /// Writes what `body` appends to the writer; nothing lands at `path` when `body` throws.
  public static func write(
    to path: String, _ body: (AtomicFileWriter) throws(DocumentError) -> Void
  ) throws(DocumentError) {
    let writer = try AtomicFileWriter(path: path)
    try body(writer)
    try writer.commit()
  }
}
