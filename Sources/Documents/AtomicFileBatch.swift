#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Many small files of one folder that are synced together: each appears whole at its place, none before `commit`.
///
/// One sync of all costs little more than that of a single file, so thousands of files are written in a
/// second instead of half a minute. A batch that is released without `commit` leaves the places untouched.
public final class AtomicFileBatch {
  private let folder: String
  private var writers: [AtomicFileWriter] = []

  /// A batch for an existing folder.
  public init(folder: String) { self.folder = folder }

  /// Adds a file of that name.
  public func add(_ text: String, as name: String) throws(DocumentError) { try add(Array(text.utf8), as: name) }

  /// Adds a file of that name.
  public func add(_ bytes: [UInt8], as name: String) throws(DocumentError) {
    let writer = try AtomicFileWriter(path: Path.join(folder, name))
    try writer.append(bytes)
    try writer.close()
    writers.append(writer)
  }

  /// Syncs all files and puts them in their places.
  public func commit() throws(DocumentError) {
    // Linux returns from it when all is on the disk.
    sync()
    for writer in writers { try writer.rename() }
    writers = []
    try Folder.synchronize(folder)
  }
}
