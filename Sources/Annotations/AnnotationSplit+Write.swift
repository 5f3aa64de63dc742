import Documents

extension AnnotationSplit {
  /// What a split was drawn from and how, for its manifest.
  public struct Origin: Sendable {
    /// The source as it was named.
    public var source: String
    /// The labelled part asked for.
    public var fraction: Double
    /// The seed.
    public var seed: UInt64
    /// The way of drawing.
    public var draw: Draw

    /// How a split came to be.
    public init(source: String, fraction: Double, seed: UInt64, draw: Draw) {
      self.source = source
      self.fraction = fraction
      self.seed = seed
      self.draw = draw
    }
  }

  /// Writes each fold into a folder `fold-N` of its own: `labeled.txt` and `unlabeled.txt` (image names),
  /// `labeled.json` and `unlabeled.json` (COCO; the unlabelled one holds no objects, so labels cannot leak), and
  /// `split.json` beside them with the SHA-256 of every file. The same split gives the same bytes.
  public static func write(
    _ splits: [AnnotationSplit], of set: AnnotationSet, origin: Origin, to folder: String
  ) throws(AnnotationError) {
    var files: [JSON] = []
    try throwingAnnotationErrors { () throws(DocumentError) in try Folder.create(folder) }
    for (index, split) in splits.enumerated() {
      let name = "fold-\(index + 1)"
      try throwingAnnotationErrors { () throws(DocumentError) in try Folder.create(Path.join(folder, name)) }
      for (part, places) in [("labeled", split.labeled), ("unlabeled", split.unlabeled)] {
        let images = places.map { set.images[$0] }
        let ids = Set(images.map(\.id))
        var half = set.subset { ids.contains($0.id) }
        if part == "unlabeled" { half.objects = [] }
        let path = Path.join(folder, "\(name)/\(part)")
        try COCOInstances.write(half, to: path + ".json")
        let names = images.map { $0.fileName + "\n" }.joined()
        try throwingAnnotationErrors { () throws(DocumentError) in
          try AtomicFile.write(names, to: path + ".txt")
          for suffix in ["txt", "json"] {
            files.append([
              "file": JSON("\(name)/\(part).\(suffix)"), "images": JSON(images.count),
              "objects": JSON(suffix == "json" ? half.objects.count : 0),
              "sha256": JSON(try SHA256.hexDigest(ofFile: "\(path).\(suffix)")),
            ])
          }
        }
      }
    }
    var digest = SHA256()
    for image in set.images { digest.update(image.fileName + "\n") }
    let manifest: JSON = [
      "source": JSON(origin.source), "images": JSON(set.images.count), "imageNamesSHA256": JSON(digest.hexDigest()),
      "labeledFraction": JSON(origin.fraction), "folds": JSON(splits.count), "seed": .number(String(origin.seed)),
      "draw": JSON(origin.draw.rawValue), "files": .array(files),
    ]
    try throwingAnnotationErrors { () throws(DocumentError) in
      try AtomicFile.write(manifest.serialized(pretty: true), to: Path.join(folder, "split.json"))
    }
  }
}
