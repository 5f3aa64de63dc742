import Documents

extension AnnotationReading {
  /// The split that the images of this reading are the labelled part of.
  ///
  /// A COCO file of `annotation-tool split` is known by `info.split` in it, or by the `split.json` that lists it; a
  /// list by the latter. Reads the image files, where the split's hash is over their contents.
  /// - Parameter list: the list that chose the images, if one did.
  /// - Returns: the record, nil where there is none; and what there is to say.
  /// - Throws: where the file holds other images than were drawn. Labels that were changed since are noted.
  public func split(list: String?) throws(AnnotationError) -> (record: SplitRecord?, note: String?) {
    let file = list ?? source
    let listed = SplitListing(of: file)
    // A list may choose a part of a labelled part, which is no split.
    let written = list == nil ? SplitRecord(set.extra["info"]?["split"]) : nil
    guard let record = listed?.record ?? written else { return (nil, nil) }
    let hash = SplitRecord.hash(of: set.images.map(\.id), digests: record.hashesContents ? try imageDigests() : nil)
    guard hash == record.hash else {
      let difference =
        "its images are not those of the split: their hash is \(hash), \(listed?.manifest ?? "info.split") says "
        + record.hash
      // Names in a list may be meant for other labels than the split was drawn from.
      if list != nil { return (nil, "\(file): \(difference)") }
      throw .content(place: file, reason: difference)
    }
    let line = "split \(record.summary)"
    guard let listed, try sourceDigest() != (list == nil ? listed.digest : listed.sourceDigest) else {
      return (record, line)
    }
    let what =
      list == nil ? "was changed since \(listed.manifest) was written" : "is not what \(listed.manifest) was drawn from"
    return (record, "\(line); \(source) \(what): same images, other labels")
  }
}

/// What a `split.json` says about a file that was written with it.
struct SplitListing {
  /// The file's fold.
  let record: SplitRecord
  /// The SHA-256 that the file had.
  let digest: String
  /// The SHA-256 of the labels that were split.
  let sourceDigest: String
  /// The SHA-256 of the labels of the fold's labelled images, where they are label maps.
  let labelDigest: String?
  /// The `split.json`.
  let manifest: String
  private let path: String

  /// Looks beside a file and in the folder above for a `split.json` that lists it among the labelled parts.
  init?(of path: String) {
    guard let whole = Path.resolved(path) else { return nil }
    let folder = Path.folder(of: whole)
    let above = Path.join(Path.name(of: folder), Path.name(of: whole))
    for (place, name) in [(folder, Path.name(of: whole)), (Path.folder(of: folder), above)] {
      let manifest = Path.join(place, "split.json")
      guard Folder.hasFile(manifest), let json = try? JSON(contentsOf: manifest),
        let entry = json["files"]?.array?.first(where: { $0["file"]?.string == name }),
        let digest = entry["sha256"]?.string, entry["part"] == "labeled",
        let fold = json["splits"]?.array?.first(where: { $0["fold"] == entry["fold"] }),
        let record = SplitRecord(fold), let sourceDigest = json["sourceSHA256"]?.string
      else { continue }
      (self.record, self.digest, self.sourceDigest, self.manifest) = (record, digest, sourceDigest, manifest)
      labelDigest = fold["labelsSHA256"]?.string
      self.path = whole
      return
    }
    return nil
  }
  /// The id of each labelled image by its name without folders and extension, as a split of boxes gave them; nil where the file that
  /// names them is gone.
  func boxIDs() -> [String: Int]? {
    guard let images = try? JSON(contentsOf: Path.withoutExtension(path) + "-images.json").array else { return nil }
    let ids = images.compactMap { image -> (String, Int)? in
      guard let name = image["file_name"]?.string, let id = image["id"]?.int else { return nil }
      return (Path.stem(of: name), id)
    }
    return Dictionary(ids) { first, _ in first }
  }
}
