import Documents

/// The folder that the paths of a manifest are relative to, and never lead out of.
struct ManifestRoot {
  private let root: String
  private let resolved: String

  init(_ root: String) throws(AnnotationError) {
    guard Folder.exists(root), let resolved = Path.resolved(root) else {
      throw .content(place: root, reason: "is not a folder")
    }
    self.root = root
    self.resolved = resolved
  }

  /// Where a relative path leads.
  func path(_ relative: String) -> String { relative == "." ? root : Path.join(root, relative) }

  /// What lies at `path` relative to the root, links resolved.
  func relative(_ path: String) throws(AnnotationError) -> String {
    guard let place = Path.resolved(path) else { throw .content(place: path, reason: "is not there") }
    if ExactName(place) == ExactName(resolved) { return "." }
    let start = resolved == "/" ? "/" : resolved + "/"
    guard place.utf8.starts(with: start.utf8) else {
      throw .content(
        place: path, reason: "lies outside \(root); --root names a folder that holds all of the data set")
    }
    return String(decoding: place.utf8.dropFirst(start.utf8.count), as: UTF8.self)
  }

  /// Whether a folder is, or holds, what lies at a path; both relative to the root.
  static func holds(_ folder: String, _ path: String) -> Bool {
    folder == "." || path.utf8.starts(with: (folder + "/").utf8)
  }

  /// All files below a folder but the one named, relative to the root; links that lead out of it are refused.
  func files(below folder: String, except manifest: String) throws(AnnotationError) -> [String] {
    let names = try throwingAnnotationErrors { () throws(DocumentError) in try Folder.filesBelow(path(folder)) }
    let own = Path.resolved(manifest).map(ExactName.init)
    var files: [String] = []
    for name in names {
      let file = folder == "." ? name : Path.join(folder, name)
      guard let place = Path.resolved(path(file)) else {
        throw .content(place: path(file), reason: "is a link to nothing")
      }
      if ExactName(place) == own { continue }
      _ = try relative(path(file))
      files.append(file)
    }
    return files
  }

  /// The entry of a file.
  func entry(_ relative: String) throws(AnnotationError) -> ContentManifest.Entry {
    try throwingAnnotationErrors { () throws(DocumentError) in
      let file = try MappedFile(path: path(relative))
      return file.withBytes { bytes in
        ContentManifest.Entry(path: relative, size: bytes.count, digest: SHA256.hexDigest(of: bytes))
      }
    }
  }

  /// How a file differs from its entry.
  func difference(of entry: ContentManifest.Entry) throws(AnnotationError) -> ContentManifest.Difference? {
    let path = path(entry.path)
    guard Folder.hasFile(path) else { return .missing }
    _ = try relative(path)
    // The size says most without reading the file.
    if let size = Folder.size(ofFile: path), size != entry.size { return .changed }
    return try self.entry(entry.path) == entry ? nil : .changed
  }
}
