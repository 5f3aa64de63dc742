import Annotations
import Documents
import Samples
import Training

/// The images and labels of a run as its start found them, a hash for each source: `data.json` of its folder.
struct DataRecord: Equatable {
  /// One source.
  struct Source: Equatable {
    /// Such as `labeled`.
    let name: String
    /// The file or folder, with its list where one chose.
    let place: String
    /// How many images.
    let images: Int
    /// Of names, sizes in bytes, and labels.
    let hash: String

    /// For a message: beginning of the hash.
    var short: Substring { hash.prefix(12) }
  }

  /// In the order of the flags.
  let sources: [Source]

  static func file(in folder: String) -> String { Path.join(folder, "data.json") }

  /// What a run has read.
  init(_ data: DetectionData, of run: RunInputs) {
    var sources = [Self.source("labeled", run.labeled, Self.lines(of: data.labeled))]
    if let pool = data.unlabeled {
      sources.append(Self.source("unlabeled", run.unlabeled, pool.images.map { Self.line($0.name, $0.path) }))
    }
    for (name, source, reading) in [("validation", run.validation, data.validation), ("test", run.test, data.test)] {
      guard source.isGiven, let reading else { continue }
      sources.append(Self.source(name, source, Self.lines(of: reading)))
    }
    self.sources = sources
  }

  /// What a run has read.
  init(_ data: SegmentationData, of run: RunInputs) {
    let classes = data.classes.classes.map { "\($0.id) \($0.name)" }.joined(separator: ", ")
    func lines(_ pool: ImagePool) -> [String] {
      [classes] + pool.images.map { Self.line($0.name, $0.path, $0.maskLines) }
    }
    var sources = [Self.source("labeled", run.labeled, lines(data.labeled), images: data.labeled.count)]
    if let pool = data.unlabeled {
      let lines = pool.images.map { Self.line($0.name, $0.path, $0.tags.map { ["tags \($0)"] } ?? []) }
      sources.append(Self.source("unlabeled", run.unlabeled, lines))
    }
    for (name, source, pool) in [("validation", run.validation, data.validation), ("test", run.test, data.test)] {
      guard source.isGiven, let pool else { continue }
      sources.append(Self.source(name, source, lines(pool), images: pool.count))
    }
    self.sources = sources
  }

  /// What the folder of a run says; nil where it says nothing, as of a run begun by an older version.
  init?(folder: String) throws(DocumentError) {
    let file = Self.file(in: folder)
    guard Folder.hasFile(file) else { return nil }
    sources = try (JSON(contentsOf: file).object?.members ?? []).map { member throws(DocumentError) in
      guard let place = member.value["source"]?.string, let images = member.value["images"]?.int,
        let hash = member.value["hash"]?.string
      else { throw .json(file: file, path: member.key, offset: nil, reason: "is not what a run has written") }
      let list = member.value["list"]?.string
      return Source(name: member.key, place: Self.place(place, list ?? ""), images: images, hash: hash)
    }
  }

  /// One of the sources.
  subscript(name: String) -> Source? { sources.first { $0.name == name } }

  /// Puts the record into a run's folder.
  func write(to folder: RunFolder, of run: RunInputs) throws(DocumentError) {
    let given = ["labeled": run.labeled, "unlabeled": run.unlabeled, "validation": run.validation, "test": run.test]
    let members = sources.map { source -> (String, JSON) in
      var entry = JSONObject([("source", JSON(given[source.name]?.source ?? ""))])
      if let list = given[source.name]?.list, !list.isEmpty { entry["list"] = JSON(list) }
      entry["images"] = JSON(source.images)
      entry["hash"] = JSON(source.hash)
      return (source.name, .object(entry))
    }
    try AtomicFile.write(JSON.object(JSONObject(members)).serialized(pretty: true), to: Self.file(in: folder.path))
  }

  /// Refuses to go on with a run whose images or labels have changed since.
  func check(against begun: DataRecord, of folder: RunFolder) throws(RunError) {
    for now in sources {
      guard let then = begun[now.name], then.hash != now.hash else { continue }
      throw .data(
        "\(now.place): \(now.images) \(now.name) images with the hash \(now.short), \(Self.file(in: folder.path)) says"
          + " \(then.images) with \(then.short): images or labels have changed since the run began, so it cannot go on as it"
          + " was; bring them back, or begin a run on them with --weights \(folder.lastCheckpoint)")
    }
  }

  /// - Parameter images: How many; nil for one a line.
  private static func source(
    _ name: String, _ source: LabelSource, _ lines: [String], images: Int? = nil
  ) -> Source {
    var hash = SHA256()
    for line in lines { hash.update(line + "\n") }
    return Source(
      name: name, place: place(source.source, source.list), images: images ?? lines.count, hash: hash.hexDigest())
  }

  private static func place(_ source: String, _ list: String) -> String {
    list.isEmpty ? source : "\(source) (list \(list))"
  }

  private static func line(_ name: String, _ path: String, _ labels: [String] = []) -> String {
    ([name, Folder.size(ofFile: path).map(String.init) ?? "missing"] + labels).joined(separator: " ")
  }

  private static func lines(of labeled: LabeledPool) -> [String] {
    labeled.pool.images.map { image in
      line(
        image.name, image.path,
        zip(image.labels.boxes, image.labels.classes).map { text($0, labeled.classes[$1]) })
    }
  }

  private static func lines(of reading: AnnotationReading) -> [String] {
    let objects = reading.set.objectsByImage
    let names = Dictionary(reading.set.categories.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    return reading.set.images.map { image in
      let labels = (objects[image.id] ?? []).map { place in
        let object = reading.set.objects[place]
        return text(object.box, names[object.categoryID] ?? "") + (object.isCrowd ? " crowd" : "")
      }
      return line(image.fileName, Path.join(reading.imageFolder, image.fileName), labels)
    }
  }

  private static func text(_ box: Box, _ name: String) -> String {
    "\(name) \(box.x0) \(box.y0) \(box.x1) \(box.y1)"
  }
}

extension PooledImage {
  /// What tells the image's label map from others: its contents.
  fileprivate var maskLines: [String] {
    switch mask {
    case nil: []
    case .file(let path): [(try? SHA256.hexDigest(ofFile: path)) ?? "missing"]
    case .objects(let objects, _): objects.map { "\($0.classIndex) \($0.isCrowd) \($0.segmentation.text)" }
    }
  }
}
