#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What lies at a path, and folders made and listed.
public enum Folder {
  /// Whether a folder is at `path` (links are followed).
  public static func exists(_ path: String) -> Bool { mode(path).map { $0 & S_IFMT == S_IFDIR } ?? false }

  /// Whether a regular file is at `path` (links are followed).
  public static func hasFile(_ path: String) -> Bool { mode(path).map { $0 & S_IFMT == S_IFREG } ?? false }

  /// Whether something that is neither file nor folder is at `path` (links are followed): a device, a pipe, a socket.
  static func hasDevice(at path: String) -> Bool {
    mode(path).map { $0 & S_IFMT != S_IFREG && $0 & S_IFMT != S_IFDIR } ?? false
  }

  /// Whether anything is at `path`.
  public static func hasAnything(at path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The bytes of what lies at `path` (links are followed); nil where nothing does.
  public static func size(ofFile path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Makes the folder and those above it; nothing happens where it exists.
  public static func create(_ path: String) throws(DocumentError) {
    if path.isEmpty || isMade(path) { return }
    let (code, error) = (errno, DocumentError.lastSystemError("create the folder", path))
    let parent = Path.folder(of: path)
    guard code == ENOENT, parent != path else { throw error }
    // Only where those above it are missing, so that a name of too many parts is refused before it is taken apart.
    try create(parent)
    guard isMade(path) else { throw .lastSystemError("create the folder", path) }
  }

  /// Whether the folder is there now; another process may have made it. Says why not in `errno`.
  private static func isMade(_ path: String) -> Bool {
    if mkdir(path, 0o777) == 0 { return true }
    let code = errno
    defer { errno = code }
    return code == EEXIST && exists(path)
  }

  /// The names of everything in a folder but `.` and `..`, sorted by their UTF-8 bytes, so the same on every machine.
  public static func names(in path: String) throws(DocumentError) -> [String] {
    guard let folder = opendir(path) else { throw .lastSystemError("list the folder", path) }
    defer { closedir(folder) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw .lastSystemError("list the folder", path) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The paths, relative to `path`, of all regular files below it, sorted by their UTF-8 bytes; hidden ones and linked
  /// folders are left out. Links to nothing are among them, so that whoever reads them can say so.
  public static func filesBelow(_ path: String) throws(DocumentError) -> [String] {
    var files: [String] = []
    var pending = [""]
    while let folder = pending.popLast() {
      for name in try names(in: folder.isEmpty ? path : Path.join(path, folder)) where !name.hasPrefix(".") {
        let relative = Path.join(folder, name)
        var status = stat()
        let whole = Path.join(path, relative)
        guard lstat(whole, &status) == 0 else { throw .lastSystemError("read", whole) }
        if status.st_mode & S_IFMT == S_IFDIR {
          pending.append(relative)
        } else if mode(whole).map({ $0 & S_IFMT == S_IFREG }) ?? true {
          files.append(relative)
        }
      }
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Makes renames in a folder permanent. File systems that cannot sync a folder are left to themselves.
  static func synchronize(_ path: String) throws(DocumentError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .lastSystemError("sync the folder", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw .lastSystemError("sync the folder", path)
    }
  }

  private static func mode(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode : nil
  }
}
