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

  /// The path of an image file that exists; names that lead out of the folder, by `..` or by a link, are refused.
  public func path(of fileName: String) throws(AnnotationError) -> String {
    guard Path.staysInside(fileName) else {
      throw .content(place: folder, reason: "the file name \"\(fileName)\" leads out of the folder")
    }
    let path = Path.join(folder, fileName)
    guard let resolved = Path.resolved(path) else { throw .content(place: path, reason: "there is no such image") }
    guard resolved.hasPrefix(root == "/" ? root : root + "/") else {
      throw .content(place: path, reason: "is a link that leads out of \(folder)")
    }
    return path
  }
}
