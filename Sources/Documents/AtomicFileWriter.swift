import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Numbers the temporary files of this process.
private let temporaryFileCount = Atomic<Int>(0)

/// The streaming form of `AtomicFile`: append as often as needed, then `commit`.
///
/// A writer that is released without `commit` removes its temporary file and leaves the place untouched.
public final class AtomicFileWriter {
  /// Where the file will lie.
  public let path: String
  /// How many bytes have been appended.
  public private(set) var count = 0

  private let temporaryPath: String
  private var descriptor: Int32
  /// Whether the closed temporary file waits for its renaming.
  private var isPending = false
  private var buffer: [UInt8] = []
  private let bufferSize = 1 << 18

  /// Opens a temporary file beside `path`, in a folder that must exist.
  public init(path: String) throws(DocumentError) {
    guard !Folder.hasDevice(at: path) else {
      throw .content(file: path, reason: "is a device or a pipe; wanted is the place of a file")
    }
    self.path = path
    temporaryPath = Path.join(Path.folder(of: path), Self.temporaryName())
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0, errno == EEXIST {
      // Left behind by a killed process that had the same id.
      unlink(temporaryPath)
      descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw .lastSystemError("write", path) }
    UnfinishedPlaces.add(temporaryPath)
    buffer.reserveCapacity(bufferSize)
  }

  deinit {
    if descriptor >= 0 { _ = systemClose(descriptor) }
    if descriptor >= 0 || isPending {
      unlink(temporaryPath)
      UnfinishedPlaces.remove(temporaryPath)
    }
  }

  /// A name that no other file or folder of this process has: hidden, and short whatever the length of the name that
  /// it is to become, as one of 255 bytes is allowed.
  static func temporaryName() -> String {
    ".writing-\(getpid())-\(temporaryFileCount.add(1, ordering: .relaxed).newValue)"
  }

  /// Appends raw bytes.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(DocumentError) {
    count += bytes.count
    if buffer.count + bytes.count <= bufferSize {
      buffer.append(contentsOf: bytes)
      return
    }
    try flush()
    if bytes.count >= bufferSize { try writeThrough(bytes) } else { buffer.append(contentsOf: bytes) }
  }

  /// Appends the bytes of a collection.
  public func append(_ bytes: some Collection<UInt8>) throws(DocumentError) {
    let appended = bytes.withContiguousStorageIfAvailable { storage -> DocumentError? in
      do throws(DocumentError) { try append(UnsafeRawBufferPointer(storage)) } catch { return error }
      return nil
    }
    switch appended {
    case .some(.some(let error)): throw error
    case .some(.none): return
    case .none:
      buffer.append(contentsOf: bytes)
      count += bytes.count
      if buffer.count > bufferSize { try flush() }
    }
  }

  /// Appends text as UTF-8.
  public func append(_ text: String) throws(DocumentError) {
    try append(text.utf8)
  }

  /// Puts the file in its place, whole and synced.
  public func commit() throws(DocumentError) {
    precondition(descriptor >= 0, "commit of a writer that is already closed: \(path)")
    try flush()
    guard fsync(descriptor) == 0 else { throw .lastSystemError("write", path) }
    let closed = systemClose(descriptor)
    descriptor = -1
    isPending = true
    guard closed == 0, systemRename(temporaryPath, path) == 0 else { throw .lastSystemError("write", path) }
    isPending = false
    UnfinishedPlaces.remove(temporaryPath)
    try Folder.synchronize(Path.folder(of: path))
  }

  private func flush() throws(DocumentError) {
    guard !buffer.isEmpty else { return }
    var failure: DocumentError?
    buffer.withUnsafeBytes { bytes in
      do throws(DocumentError) { try writeThrough(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    buffer.removeAll(keepingCapacity: true)
  }

  private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws(DocumentError) {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let written = systemWrite(descriptor, start, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw .lastSystemError("write", path)
      }
      rest = rest.dropFirst(written)
    }
  }
}

// The system's calls, named apart from the writer's own methods.
private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, start, count)
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

private func systemRename(_ old: String, _ new: String) -> Int32 { rename(old, new) }
