import Documents

/// What lies at a path, looked at once, so that every form can say whether it is there.
final class SourceLook {
  /// The file or folder.
  let path: String
  /// Whether it is a folder.
  let isFolder: Bool
  /// The names in the folder; none for a file.
  let names: Set<String>
  /// What stands at the top of a file of JSON.
  let json: JSONStream.Shape?
  /// The outermost element of a file of XML.
  let xmlRoot: String?
  /// All files below the folder, relative to it, sorted by their bytes.
  private(set) lazy var files: [String] = isFolder ? (try? Folder.filesBelow(path)) ?? [] : []

  /// Keys that tell the forms of JSON apart; what stands behind the first of them is not looked at.
  private static let telling: Set<String> = ["annotation", "images", "annotations", "categories", "shapes"]

  /// Looks at a path. Throws where nothing is there, or a file is neither JSON nor XML although its name is not of
  /// another form.
  init(_ path: String) throws(AnnotationError) {
    self.path = path
    isFolder = Folder.exists(path)
    if isFolder {
      names = Set(try throwingAnnotationErrors { () throws(DocumentError) in try Folder.names(in: path) })
      (json, xmlRoot) = (nil, nil)
      return
    }
    names = []
    let file = try throwingAnnotationErrors { () throws(DocumentError) in try MappedFile(path: path) }
    let first = file.withBytes { bytes in bytes.first { !$0.isBlank && ![0xEF, 0xBB, 0xBF].contains($0) } }
    if first == UInt8(ascii: "<") || Path.extension(of: path) == "xml" {
      json = nil
      // What has no outermost element is read as a whole, which says why.
      xmlRoot = try throwingAnnotationErrors { () throws(DocumentError) in
        if let name = try XMLDocument.rootName(of: path) { return name }
        return try XMLDocument.read(path).name
      }
    } else if ["yaml", "yml", "data", "names", "txt"].contains(Path.extension(of: path)) {
      (json, xmlRoot) = (nil, nil)
    } else {
      json = try throwingAnnotationErrors { () throws(DocumentError) in
        try JSONStream.shape(of: path, until: Self.telling)
      }
      xmlRoot = nil
    }
  }

  /// The path of something in the folder.
  func place(_ name: String) -> String { Path.join(path, name) }

  /// Whether the folder has a folder of that name.
  func hasFolder(_ name: String) -> Bool { names.contains(name) && Folder.exists(place(name)) }

  /// The keys of a JSON object, up to the first that tells forms apart; none for anything else.
  var objectKeys: [String] {
    if case .object(let keys)? = json { return keys }
    return []
  }

  /// The keys of the first object of a JSON array; nil for anything else than an array.
  var elementKeys: [String]? {
    if case .array(let keys)? = json { return keys }
    return nil
  }

  /// Names of files in the folder with an extension, sorted.
  func names(withExtension suffix: String) -> [String] {
    names.filter { Path.extension(of: $0) == suffix }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
