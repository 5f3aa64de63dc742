import Documents

extension AnnotationSplit {
  /// Splits of label maps, how they came to be, and what is counted in them.
  public struct MaskOrigin: Sendable {
    /// The label maps.
    public var reading: SegmentationReading
    /// The labelled part asked for.
    public var fraction: Double
    /// The seed.
    public var seed: UInt64
    /// The way of drawing.
    public var mode: Mode
    /// How lists name images.
    public var listForm: SegmentationReading.ListForm
    /// The SHA-256 of every image by its id.
    public var digests: [Int: String]
    /// The pixels of each class in each image.
    public var pixels: [[Int]]

    /// How splits of a reading came to be.
    public init(
      reading: SegmentationReading, fraction: Double, seed: UInt64, mode: Mode,
      listForm: SegmentationReading.ListForm = .names, digests: [Int: String], pixels: [[Int]]
    ) {
      self.reading = reading
      self.fraction = fraction
      self.seed = seed
      self.mode = mode
      self.listForm = listForm
      self.digests = digests
      self.pixels = pixels
    }

    /// The record of one of the splits.
    public func record(of split: AnnotationSplit, at place: Int) -> SplitRecord {
      SplitRecord(
        hash: reading.hash(of: split.labeled, digests: digests), hashesContents: true, fraction: fraction,
        fold: place + 1,
        seed: seed, mode: mode)
    }

    /// For each class its name, the images of a part that show it, and its pixels there.
    public func classes(of places: some Collection<Int>) -> [(name: String, images: Int, pixels: Int)] {
      reading.classes.names.enumerated().map { index, name in
        (name, places.count { pixels[$0][index] > 0 }, places.reduce(0) { $0 + pixels[$1][index] })
      }
    }
  }

  /// Writes of each fold `fold-N/labeled.txt` and `unlabeled.txt`, `…-images.json` beside them (ids, names and digests of the images), and
  /// `split.json` with how they were drawn, the hash of each fold's labelled images, and the SHA-256 of every list.
  ///
  /// The same splits give the same bytes. Lists of pairs name the label maps of the unlabelled part too, as published ones do.
  ///
  /// - Throws: For an image whose name cannot stand in a list, before anything is written; and where a file cannot be written.
  public static func write(_ splits: [AnnotationSplit], of origin: MaskOrigin, to folder: String)
    throws(AnnotationError)
  {
    let images = origin.reading.images
    let used = Set(splits.flatMap { $0.labeled + $0.unlabeled }).sorted()
    let lines = try origin.reading.lines(used, origin.listForm)
    try ImageList.requireHeld(
      zip(used, lines).map { (image: images[$0].name, line: $1) }, source: origin.reading.source)
    var files = SplitFiles(folder: folder, digests: origin.digests)
    for (place, split) in splits.enumerated() {
      let record = origin.record(of: split, at: place)
      files.add(fold: try summary(of: split, record, origin))
      for (isLabeled, places) in [(true, split.labeled), (false, split.unlabeled)] {
        try files.write(
          SplitFiles.Part(
            isLabeled: isLabeled, fold: record.fold, stem: "fold-\(record.fold)/\(isLabeled ? "labeled" : "unlabeled")",
            lines: try origin.reading.lines(places, origin.listForm),
            images: places.map { (images[$0].id, images[$0].name) }))
      }
    }
    try files.writeManifest(try manifest(origin, folds: splits.count))
  }

  private static func summary(
    of split: AnnotationSplit, _ record: SplitRecord, _ origin: MaskOrigin
  ) throws(AnnotationError) -> JSON {
    var members = record.json.object ?? JSONObject()
    members["labeledImages"] = JSON(split.labeled.count)
    members["unlabeledImages"] = JSON(split.unlabeled.count)
    members["labelsSHA256"] = JSON(
      try origin.reading.labelDigest(of: split.labeled.map { origin.reading.images[$0] }))
    members["classes"] = json(origin.classes(of: split.labeled))
    return .object(members)
  }

  private static func json(_ classes: [(name: String, images: Int, pixels: Int)]) -> JSON {
    .object(JSONObject(classes.map { ($0.name, ["images": JSON($0.images), "pixels": JSON($0.pixels)] as JSON) }))
  }

  private static func manifest(_ origin: MaskOrigin, folds: Int) throws(AnnotationError) -> JSONObject {
    let reading = origin.reading
    var members = manifestHead(
      source: reading.source, digest: try reading.labelDigest(of: reading.images), names: reading.images.map(\.name),
      hashesContents: true, fraction: origin.fraction, folds: folds, seed: origin.seed, mode: origin.mode)
    members["listForm"] = JSON(origin.listForm.rawValue)
    members["classes"] = json(origin.classes(of: reading.images.indices))
    return members
  }
}
