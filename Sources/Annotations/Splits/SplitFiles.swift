import Documents

/// The files of the folds of a split, written part by part, and `split.json`, which lists them.
struct SplitFiles {
  /// One part of a fold.
  struct Part {
    /// Whether it is the labelled one.
    let isLabeled: Bool
    /// The fold's number.
    let fold: Int
    /// The place of its files below the folder, without their endings.
    let stem: String
    /// What its list says, a line an image.
    let lines: [String]
    /// Its images.
    let images: [(id: Int, name: String)]
    /// What its COCO file holds; nil writes none.
    var labels: AnnotationSet?
  }

  private let folder: String
  /// The SHA-256 of every image by its id; nil where files are not at hand.
  private let digests: [Int: String]?
  private var files: [JSON] = []
  private var folds: [JSON] = []

  init(folder: String, digests: [Int: String]?) {
    self.folder = folder
    self.digests = digests
  }

  /// Adds what `split.json` says of a fold.
  mutating func add(fold: JSON) { folds.append(fold) }

  /// Writes the files of a part: `.txt`, `.json` where it has labels, and `-images.json`.
  mutating func write(_ part: Part) throws(AnnotationError) {
    let path = Path.join(folder, part.stem)
    try throwingAnnotationErrors { () throws(DocumentError) in try Folder.create(Path.folder(of: path)) }
    if let labels = part.labels { try COCOInstances.write(labels, to: path + ".json") }
    let endings = part.labels == nil ? [".txt", "-images.json"] : [".txt", ".json", "-images.json"]
    files += try throwingAnnotationErrors { () throws(DocumentError) in
      try AtomicFile.write(part.lines.map { $0 + "\n" }.joined(), to: path + ".txt")
      try write(part.images, to: path + "-images.json")
      var entries: [JSON] = []
      for ending in endings { entries.append(try entry(of: part, path, ending)) }
      return entries
    }
  }

  /// Writes `split.json`.
  ///
  /// - Parameter head: how the splits were drawn.
  func writeManifest(_ head: JSONObject) throws(AnnotationError) {
    var members = head
    members["splits"] = .array(folds)
    members["files"] = .array(files)
    let text = JSON.object(members).serialized(pretty: true)
    try throwingAnnotationErrors { () throws(DocumentError) in
      try AtomicFile.write(text, to: Path.join(folder, "split.json"))
    }
  }

  /// What `split.json` says of a file.
  private func entry(of part: Part, _ path: String, _ ending: String) throws(DocumentError) -> JSON {
    var members = JSONObject([
      ("file", JSON(part.stem + ending)), ("part", JSON(part.isLabeled ? "labeled" : "unlabeled")),
      ("fold", JSON(part.fold)), ("images", JSON(part.images.count)),
    ])
    if let labels = part.labels { members["objects"] = JSON(ending == ".json" ? labels.objects.count : 0) }
    members["sha256"] = JSON(try SHA256.hexDigest(ofFile: path + ending))
    return .object(members)
  }

  /// Writes ids, names and digests of images, one a line.
  private func write(_ images: [(id: Int, name: String)], to path: String) throws(DocumentError) {
    try AtomicFile.write(to: path) { writer throws(DocumentError) in
      for (place, image) in images.enumerated() {
        var line: JSONObject = JSONObject([("id", JSON(image.id)), ("file_name", JSON(image.name))])
        if let digest = digests?[image.id] { line["sha256"] = JSON(digest) }
        try writer.append((place == 0 ? "[\n" : ",\n") + JSON.object(line).serialized())
      }
      try writer.append(images.isEmpty ? "[]\n" : "\n]\n")
    }
  }
}
