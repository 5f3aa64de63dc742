import Documents

/// The SHA-256 of each file of a data set: what `annotation-tool verify` writes and checks.
public struct ContentManifest: Sendable, Equatable {
  /// One file.
  public struct Entry: Sendable, Equatable {
    /// Where it is, relative to the root.
    public let path: String
    /// How many bytes it has.
    public let size: Int
    /// The SHA-256 of its bytes.
    public let digest: String
  }

  /// How a file differs from the manifest; the raw value is its name in reports.
  public enum Difference: String, Sendable, CaseIterable {
    case missing, changed
    /// It lies in one of the folders, but the manifest does not have it.
    case new
  }

  /// The folders whose files all belong to the data set, relative to the root; `.` is the root itself.
  public let folders: [String]
  /// The files, sorted by the bytes of their paths.
  public let entries: [Entry]

  /// Reads the files of a data set: a file of labels and its images, or all of a folder (but hidden files and, where it lies there,
  /// the manifest) and its images.
  ///
  /// - Parameters:
  ///   - source: The file or folder.
  ///   - images: The files of the images; none where they lie in `source`.
  ///   - imageFolder: The folder of the images, whose other files are new ones later on.
  ///   - root: The folder that paths are relative to.
  ///   - manifest: The file that the manifest is to be written to.
  ///   - report: Gets the number of files done, after each.
  /// - Throws: For a file that is outside the root, links resolved, or cannot be read.
  public init(
    source: String, images: [String], imageFolder: String?, root: String, manifest: String,
    report: (Int) -> Void = { _ in }
  ) throws(AnnotationError) {
    let place = try ManifestRoot(root)
    var folders: Set<ExactName> = []
    var files: Set<ExactName> = []
    if Folder.exists(source) {
      let folder = try place.relative(source)
      folders.insert(ExactName(folder))
      files.formUnion(try place.files(below: folder, except: manifest).map(ExactName.init))
    } else {
      files.insert(ExactName(try place.relative(source)))
    }
    if let imageFolder, Folder.exists(imageFolder), try place.relative(imageFolder) != "." {
      folders.insert(ExactName(try place.relative(imageFolder)))
    }
    for image in images { files.insert(ExactName(try place.relative(image))) }
    // What lies in another folder of the list is listed with it.
    let outer = folders.filter { folder in
      !folders.contains { $0 != folder && ManifestRoot.holds($0.text, folder.text) }
    }
    self.folders = outer.map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for folder in self.folders {
      files.formUnion(try place.files(below: folder, except: manifest).map(ExactName.init))
    }
    var entries: [Entry] = []
    for path in files.map(\.text).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      entries.append(try place.entry(path))
      report(entries.count)
    }
    self.entries = entries
  }

  /// How the files below a root differ from the manifest, in the order of their paths.
  ///
  /// - Parameters:
  ///   - manifest: The file of the manifest, which is no new one.
  ///   - report: Gets the number of files done, after each.
  public func differences(
    root: String, manifest: String, report: (Int) -> Void = { _ in }
  ) throws(AnnotationError) -> [(path: String, difference: Difference)] {
    let place = try ManifestRoot(root)
    var differences: [(path: String, difference: Difference)] = []
    for (index, entry) in entries.enumerated() {
      if let difference = try place.difference(of: entry) { differences.append((entry.path, difference)) }
      report(index + 1)
    }
    let known = Set(entries.map { ExactName($0.path) })
    for folder in folders where Folder.exists(place.path(folder)) {
      for file in try place.files(below: folder, except: manifest) where !known.contains(ExactName(file)) {
        differences.append((file, .new))
      }
    }
    return differences.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  // MARK: The file

  private static let kind = "SemiVision content manifest"

  /// Writes the manifest as JSON, a file a line: the same files give the same bytes.
  public func write(to path: String) throws(AnnotationError) {
    var text = "{\"kind\":\(JSON(Self.kind).serialized()),\"version\":1,\"folders\":"
    text += JSON.array(folders.map { JSON($0) }).serialized() + ",\"files\":["
    for (index, entry) in entries.enumerated() {
      let line: JSON = ["path": JSON(entry.path), "bytes": JSON(entry.size), "sha256": JSON(entry.digest)]
      text += (index == 0 ? "\n" : ",\n") + line.serialized()
    }
    try throwingAnnotationErrors { () throws(DocumentError) in try AtomicFile.write(text + "\n]}\n", to: path) }
  }

  /// Reads a manifest, whose paths must stay inside their root.
  public init(contentsOf path: String) throws(AnnotationError) {
    let json = try throwingAnnotationErrors { () throws(DocumentError) in try JSON(contentsOf: path) }
    func wrong(_ reason: String) -> AnnotationError { .content(place: path, reason: reason) }
    guard json["kind"]?.string == Self.kind else {
      throw wrong("is no manifest of contents, as `verify SRC --write FILE` writes them")
    }
    guard json["version"]?.int == 1 else { throw wrong("version: only 1 is known") }
    guard let folders = json["folders"]?.array, let files = json["files"]?.array else {
      throw wrong("has no folders and files")
    }
    var seen: Set<ExactName> = []
    var entries: [Entry] = []
    for (index, file) in files.enumerated() {
      guard let path = file["path"]?.string, let size = file["bytes"]?.int, let digest = file["sha256"]?.string,
        digest.utf8.count == 64
      else { throw wrong("files[\(index)]: has no path, bytes and sha256") }
      guard Path.staysInside(path) else { throw wrong("files[\(index)]: \"\(path)\" leads out of the root") }
      guard seen.insert(ExactName(path)).inserted else { throw wrong("files[\(index)]: \"\(path)\" is listed twice") }
      entries.append(Entry(path: path, size: size, digest: digest))
    }
    var names: [String] = []
    for (index, folder) in folders.enumerated() {
      guard let name = folder.string, name == "." || Path.staysInside(name) else {
        throw wrong("folders[\(index)]: is no folder below the root")
      }
      names.append(name)
    }
    self.folders = names
    self.entries = entries
  }
}
