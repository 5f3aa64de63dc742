import Documents
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The system's `write`, under a name that the method below does not hide.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #elseif canImport(Musl)
    Musl.write(descriptor, bytes, count)
  #endif
}

/// A folder that is filled out of sight, beside its place, and appears there as a whole.
///
/// Thousands of small files are synced once, before the folder is renamed, instead of one by one. Where the place is
/// already a folder, only the entries that are written replace those of the same name; others are left alone.
final class StagedFolder: Sendable {
  /// Where the folder is to lie.
  let place: String
  /// Where it lies until `commit`.
  let path: String

  /// Makes the hidden folder.
  init(for place: String) throws(DocumentError) {
    let name = Path.name(of: place)
    let parent = Path.folder(of: place)
    try Folder.create(parent)
    self.place = place
    path = Path.join(parent, ".\(name).writing-\(getpid())")
    // Left behind by a killed process that had the same id.
    try? FileManager.default.removeItem(atPath: path)
    UnfinishedPlaces.add(path)
    try Folder.create(path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    UnfinishedPlaces.remove(path)
  }

  /// Makes a folder in it.
  func create(_ name: String) throws(DocumentError) {
    try Folder.create(Path.join(path, name))
  }

  /// Writes a new file in it; any number of threads may write different ones.
  func write(_ bytes: [UInt8], to name: String) throws(DocumentError) {
    let file = Path.join(path, name)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system(operation: "write", file: file, code: errno) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        writeBytes(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
      }
      guard count >= 0 || errno == EINTR else { throw .system(operation: "write", file: file, code: errno) }
      written += max(0, count)
    }
  }

  /// Syncs all of it and puts it in its place.
  func commit() throws(DocumentError) {
    sync()
    // What stood here is moved into it, so from now on it stays, whatever happens.
    UnfinishedPlaces.remove(path)
    if !Folder.exists(place) {
      try move(path, to: place)
      return
    }
    let replaced = Path.join(path, ".replaced")
    let names = try Folder.names(in: path)
    try Folder.create(replaced)
    for name in names {
      let target = Path.join(place, name)
      if Folder.hasAnything(at: target) { try move(target, to: Path.join(replaced, name)) }
      try move(Path.join(path, name), to: target)
    }
  }

  private func move(_ old: String, to new: String) throws(DocumentError) {
    guard rename(old, new) == 0 else { throw .system(operation: "write", file: new, code: errno) }
  }
}
