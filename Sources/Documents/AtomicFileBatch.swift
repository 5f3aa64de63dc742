import CFileSystem
import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Many small files of one folder that are synced together: each appears whole at its place, none before `commit`.
///
/// They are written into a hidden folder first. One sync of its file system costs little more than that of a single
/// file, so thousands of files are written in half a second instead of half a minute. A folder that is not there yet
/// appears with all its files at once. A batch that is released without `commit` leaves the places untouched.
public final class AtomicFileBatch {
  private let folder: String
  private var staging: Staging?
  private var names: [String] = []

  /// A batch for a folder that exists, or is to appear in one that does.
  public init(folder: String) { self.folder = folder }

  deinit { staging?.remove(names) }

  /// Adds a file of that name.
  public func add(_ text: String, as name: String) throws(DocumentError) { try add(Array(text.utf8), as: name) }

  /// Adds a file of that name.
  public func add(_ bytes: [UInt8], as name: String) throws(DocumentError) {
    try add(count: 1) { _ in (name, bytes) }
  }

  /// Adds files that are made and written on all cores; `file` gives the name, a new one, and the bytes of each.
  public func add(count: Int, _ file: @Sendable (Int) -> (name: String, bytes: [UInt8])) throws(DocumentError) {
    let staging: Staging
    if let begun = self.staging { staging = begun } else { staging = try Staging(for: folder) }
    self.staging = staging
    struct Progress {
      var next = 0
      var names: [String] = []
      var failure: DocumentError?
    }
    let progress = Mutex(Progress())
    let cores = count < 32 ? 1 : Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    DispatchQueue.concurrentPerform(iterations: max(1, cores)) { _ in
      while true {
        let range = progress.withLock { progress -> Range<Int> in
          let start = progress.failure == nil ? progress.next : count
          progress.next = min(count, start + 16)
          return start..<max(start, progress.next)
        }
        if range.isEmpty { return }
        for index in range {
          let (name, bytes) = file(index)
          let failure = staging.write(bytes, as: name)
          progress.withLock { progress in
            progress.names.append(name)
            progress.failure = progress.failure ?? failure
          }
        }
      }
    }
    let done = progress.withLock { $0 }
    names += done.names
    if let failure = done.failure { throw failure }
  }

  /// Syncs all files and puts them in their places.
  public func commit() throws(DocumentError) {
    guard let staging else { return }
    try staging.sync()
    if staging.isWhole, rename(staging.path, folder) == 0 {
      try Folder.synchronize(Path.folder(of: folder))
    } else {
      try Folder.create(folder)
      for name in names {
        let place = Path.join(folder, name)
        guard rename(Path.join(staging.path, name), place) == 0 else { throw .lastSystemError("write", place) }
      }
      rmdir(staging.path)
      try Folder.synchronize(folder)
    }
    self.staging = nil
    names = []
  }
}

/// The hidden folder.
private final class Staging: Sendable {
  let path: String
  /// Whether it is to become the folder itself.
  let isWhole: Bool
  private let folder: String
  private let descriptor: Int32

  init(for folder: String) throws(DocumentError) {
    self.folder = folder
    isWhole = !Folder.hasAnything(at: folder)
    path = Path.join(isWhole ? Path.folder(of: folder) : folder, AtomicFileWriter.temporaryName())
    if mkdir(path, 0o777) != 0 {
      guard errno == EEXIST else { throw .lastSystemError("write", folder) }
      // Left behind by a killed process that had the same id.
      for name in try Folder.names(in: path) { unlink(Path.join(path, name)) }
    }
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .lastSystemError("write", folder) }
    UnfinishedPlaces.add(path)
  }

  deinit {
    UnfinishedPlaces.remove(path)
    close(descriptor)
  }

  /// Writes a new file; gives the error where that fails.
  func write(_ bytes: [UInt8], as name: String) -> DocumentError? {
    let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { return .lastSystemError("write", Path.join(folder, name)) }
    let code = bytes.withUnsafeBytes { bytes -> Int32 in
      var rest = bytes
      while !rest.isEmpty {
        let count = writeBytes(file, rest)
        if count < 0, errno != EINTR { return errno }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
      }
      return 0
    }
    guard close(file) == 0, code == 0 else {
      return .system(operation: "write", file: Path.join(folder, name), code: code == 0 ? errno : code)
    }
    return nil
  }

  /// Returns when all that has been written to its file system is on the disk.
  func sync() throws(DocumentError) {
    guard sv_sync_file_system(descriptor) == 0 else { throw .lastSystemError("write", folder) }
  }

  func remove(_ names: [String]) {
    for name in names { unlinkat(descriptor, name, 0) }
    rmdir(path)
  }
}

/// The system's call, named apart from the method above.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
