import Documents

extension AnnotationSplit {
  /// What splits were drawn from and how.
  public struct Origin: Sendable {
    /// The source as it was named.
    public var source: String
    /// The SHA-256 of the source.
    public var sourceDigest: String
    /// The labelled part asked for.
    public var fraction: Double
    /// The seed.
    public var seed: UInt64
    /// The way of drawing.
    public var mode: Mode
    /// The file of indices, where one decided.
    public var indexFile: String?
    /// Whether folds are numbered by their seeds and files named as the published ones, `SOURCE.SEED@PERCENT`.
    public var hasPublishedNames = false
    /// The SHA-256 of every image by its id; nil where files are not at hand.
    public var digests: [Int: String]?

    /// How splits came to be.
    public init(
      source: String, sourceDigest: String, fraction: Double, seed: UInt64, mode: Mode, indexFile: String? = nil,
      hasPublishedNames: Bool = false, digests: [Int: String]?
    ) {
      self.source = source
      self.sourceDigest = sourceDigest
      self.fraction = fraction
      self.seed = seed
      self.mode = mode
      self.indexFile = indexFile
      self.hasPublishedNames = hasPublishedNames
      self.digests = digests
    }

    /// The record of one of the splits.
    public func record(of split: AnnotationSplit, at place: Int, in set: AnnotationSet) -> SplitRecord {
      SplitRecord(
        hash: SplitRecord.hash(of: split.labeled.map { set.images[$0].id }, digests: digests),
        hashesContents: digests != nil, fraction: fraction, fold: hasPublishedNames ? Int(split.seed) : place + 1,
        seed: split.seed, mode: mode)
    }

    /// The place of a part's files below the folder of the splits, without their endings.
    public func stem(of record: SplitRecord, isLabeled: Bool) -> String {
      guard hasPublishedNames else { return "fold-\(record.fold)/" + (isLabeled ? "labeled" : "unlabeled") }
      let source = source.hasSuffix("/") ? String(source.dropLast()) : source
      let name = "\(Path.stem(of: source)).\(record.fold)@\(JSON.text(of: Mode.percent(of: fraction)))"
      return name + (isLabeled ? "" : "-unlabeled")
    }
  }

  /// Writes the files of each fold, and `split.json` with how they were drawn and the SHA-256 of every file.
  ///
  /// Of each part: `.txt` (image names), `.json` (COCO; the unlabelled one holds no objects, so labels cannot leak, the
  /// labelled one its ``SplitRecord`` in `info.split`), and `-images.json` (ids, names and digests of the images). The
  /// same splits give the same bytes.
  ///
  /// - Throws: For an image whose name cannot stand in a list, before anything is written; and where a file cannot be written.
  public static func write(
    _ splits: [AnnotationSplit], of set: AnnotationSet, origin: Origin, to folder: String
  ) throws(AnnotationError) {
    let used = Set(splits.flatMap { $0.labeled + $0.unlabeled }).sorted().map { set.images[$0].fileName }
    try ImageList.requireHeld(used.map { (image: $0, line: $0) }, source: origin.source)
    var files = SplitFiles(folder: folder, digests: origin.digests)
    for (place, split) in splits.enumerated() {
      let record = origin.record(of: split, at: place, in: set)
      for (isLabeled, places) in [(true, split.labeled), (false, split.unlabeled)] {
        let images = places.map { set.images[$0] }
        let labels = part(images, of: set, record: isLabeled ? record : nil)
        if isLabeled { files.add(fold: summary(of: split, record, labels)) }
        try files.write(
          SplitFiles.Part(
            isLabeled: isLabeled, fold: record.fold, stem: origin.stem(of: record, isLabeled: isLabeled),
            lines: images.map(\.fileName), images: images.map { ($0.id, $0.fileName) }, labels: labels))
      }
    }
    try files.writeManifest(try manifest(of: set, origin, folds: splits.count))
  }

  /// The set with these images alone; without a record it is an unlabelled part and has no objects.
  private static func part(_ images: [ImageRecord], of set: AnnotationSet, record: SplitRecord?) -> AnnotationSet {
    let ids = Set(images.map(\.id))
    var part = set.subset { ids.contains($0.id) }
    if record == nil { part.objects = [] }
    // A source that is itself a part of a split must not hand its record on.
    var info = set.extra["info"] ?? .object(JSONObject())
    if var members = info.object {
      members["split"] = record?.json
      info = .object(members)
      if record != nil || set.extra["info"] != nil { part.extra["info"] = info }
    }
    return part
  }

  private static func summary(of split: AnnotationSplit, _ record: SplitRecord, _ labeled: AnnotationSet) -> JSON {
    var members = record.json.object ?? JSONObject()
    members["draws"] = JSON(split.draws)
    members["labeledImages"] = JSON(split.labeled.count)
    members["unlabeledImages"] = JSON(split.unlabeled.count)
    members["classes"] = counts(labeled)
    return .object(members)
  }

  private static func counts(_ set: AnnotationSet) -> JSON {
    let classes = AnnotationStatistics(of: set).classes
    return .object(
      JSONObject(classes.map { ($0.name, ["images": JSON($0.images), "objects": JSON($0.objects)] as JSON) }))
  }

  /// What `split.json` begins with, of labels of any kind.
  static func manifestHead(
    source: String, digest: String, names: [String], hashesContents: Bool, fraction: Double, folds: Int, seed: UInt64,
    mode: Mode
  ) -> JSONObject {
    var hash = SHA256()
    for name in names { hash.update(name + "\n") }
    return JSONObject([
      ("source", JSON(source)), ("sourceSHA256", JSON(digest)), ("images", JSON(names.count)),
      ("imageNamesSHA256", JSON(hash.hexDigest())), ("hashesContents", .bool(hashesContents)),
      ("labeledFraction", JSON(fraction)), ("folds", JSON(folds)), ("seed", .number(String(seed))),
      ("mode", JSON(mode.rawValue)),
    ])
  }

  private static func manifest(
    of set: AnnotationSet, _ origin: Origin, folds: Int
  ) throws(AnnotationError) -> JSONObject {
    var members = manifestHead(
      source: origin.source, digest: origin.sourceDigest, names: set.images.map(\.fileName),
      hashesContents: origin.digests != nil, fraction: origin.fraction, folds: folds, seed: origin.seed,
      mode: origin.mode)
    if let file = origin.indexFile {
      members["indexFile"] = JSON(file)
      members["indexFileSHA256"] = JSON(
        try throwingAnnotationErrors { () throws(DocumentError) in try SHA256.hexDigest(ofFile: file) })
    }
    members["classes"] = counts(set)
    return members
  }
}
