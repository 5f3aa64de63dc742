import Documents

/// Finds the image files of a set below one folder, and never outside it.
public struct ImageLocator: Sendable {
  /// The folder that names are relative to.
  public let folder: String
  private let root: String

  /// A locator for an existing folder.
  public init(folder: String) throws(AnnotationError) {
    guard Folder.exists(folder), let root = Path.resolved(folder) else {
      throw .content(place: folder, reason: "is not a folder of images")
    }
    self.folder = folder
    self.root = root
  }

  /// Whether one of these images at least is in the folder, be it as a link.
  public func findsAny(of images: [ImageRecord]) -> Bool {
    // Most are not there where the folder is another, so a file is only asked for where its name is in the listing.
    guard let listed = try? Folder.names(in: folder) else { return false }
    let names = Set(listed)
    return images.contains { image in
      let name = image.fileName
      let first = name.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(name[..<$0]) } ?? name
      return (names.contains(first) || first == "." || first == "..") && Path.staysInside(name)
        && Folder.hasFile(Path.join(folder, name))
    }
  }

  /// The path of an image file that exists; names that lead out of the folder, by `..` or by a link, are refused.
  public func path(of fileName: String) throws(AnnotationError) -> String {
    guard Path.staysInside(fileName) else {
      throw .content(place: folder, reason: "the file name \"\(fileName)\" leads out of the folder")
    }
    let path = Path.join(folder, fileName)
    guard let resolved = Path.resolved(path) else { throw .content(place: path, reason: "there is no such image") }
    try require(resolved, of: path)
    return path
  }

  /// Refuses files that are links out of the folder, be they images or label maps; what is not there is passed over.
  func requireInside(_ names: [String]) throws(AnnotationError) {
    for name in names {
      let path = Path.join(folder, name)
      if let resolved = Path.resolved(path) { try require(resolved, of: path) }
    }
  }

  private func require(_ resolved: String, of path: String) throws(AnnotationError) {
    guard resolved.hasPrefix(root == "/" ? root : root + "/") else {
      throw .content(place: path, reason: "is a link that leads out of \(folder)")
    }
  }
}
