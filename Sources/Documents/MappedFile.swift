#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A whole file seen as bytes in memory, read by the system page by page.
///
/// The file must not be shortened by others while it is mapped: reading beyond its end would stop the process.
public final class MappedFile: @unchecked Sendable {
  /// The file's bytes; valid only as long as this object lives, so never ask a temporary for them: `withBytes` is the
  /// form that cannot go wrong.
  public let bytes: UnsafeRawBufferPointer
  /// The file that was opened.
  public let path: String

  /// Maps the regular file at `path`, read-only.
  public init(path: String) throws(DocumentError) {
    self.path = path
    // Without waiting: a named pipe would else be opened only once somebody writes into it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .lastSystemError("read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .lastSystemError("read", path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .system(operation: "read", file: path, code: EISDIR) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .content(file: path, reason: "is not a regular file") }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw .lastSystemError("read", path)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// Calls `body` with the file's bytes, which stay mapped until it returns.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  /// Lets go of the memory that holds a range which has been read. Its bytes are read from the file again where they
  /// are asked for.
  func release(_ range: Range<Int>) {
    let page = Int(getpagesize())
    let (first, last) = ((range.lowerBound + page - 1) / page * page, range.upperBound / page * page)
    if let start = bytes.baseAddress, first < last {
      madvise(UnsafeMutableRawPointer(mutating: start + first), last - first, MADV_DONTNEED)
    }
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
