import Documents
import Foundation

/// A fresh empty folder for one test, removed with all it holds when released.
public final class ScratchFolder {
  /// Where it is.
  public let path: String

  /// Makes the folder.
  public init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("test-\(UUID().uuidString)").path
    try Folder.create(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in the folder; folders above it are made.
  public func file(_ name: String) throws -> String {
    let file = Path.join(path, name)
    try Folder.create(Path.folder(of: file))
    return file
  }

  /// Writes a file into the folder and gives its path.
  public func write(_ text: String, to name: String) throws -> String {
    let file = try file(name)
    try AtomicFile.write(text, to: file)
    return file
  }
}

extension ScratchFolder {
  /// Makes a link to `target` in the folder; folders above it are made.
  public func link(_ target: String, at name: String) throws {
    try FileManager.default.createSymbolicLink(atPath: file(name), withDestinationPath: target)
  }
}
